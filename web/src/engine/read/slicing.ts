// TensorFlow's slices: what is kept of each axis, and the shape that this has then.
import { product } from "./fields";
import type { Step } from "./graphValues";
import { stridesOf, taken } from "./known";
import type { Known } from "./known";

/** So many places of an axis, from one on, by steps that may go back. */
export interface Cut {
  readonly from: number;
  readonly by: number;
  readonly count: number;
}

export interface Slicing {
  /** Of each axis of what is cut. */
  readonly cuts: readonly Cut[];
  readonly dims: readonly number[];
  /** Axes come or go. */
  readonly renames: boolean;
}

const wholeAxis = (extent: number): Cut => ({ from: 0, by: 1, count: extent });

export const isWholeCut = ({ from, by, count }: Cut, extent: number): boolean =>
  count === extent && (extent === 1 || (from === 0 && by === 1));

export const placesOf = ({ from, by, count }: Cut): number[] =>
  Array.from({ length: count }, (_, i) => from + i * by);

/** Begin and end as Python counts them: from the end where negative, null for the axis' own. */
function ranged(extent: number, begin: number | null, end: number | null, by: number): Cut {
  const [low, high] = by > 0 ? [0, extent] : [-1, extent - 1];
  const place = (value: number): number => Math.min(Math.max(value < 0 ? value + extent : value, low), high);
  const from = begin === null ? (by > 0 ? low : high) : place(begin);
  const to = end === null ? (by > 0 ? high : low) : place(end);
  return { from, by, count: Math.max(Math.ceil((to - from) / by), 0) };
}

interface Entry {
  readonly kind: "range" | "single" | "new" | "rest";
  readonly begin: number | null;
  readonly end: number | null;
  readonly by: number;
}

function entriesOf(step: Step): Entry[] {
  const [begin, end, strides] = [step.whole(1), step.whole(2), step.whole(3)];
  if (begin.length !== end.length || begin.length !== strides.length || strides.includes(0))
    step.refuse("begin, end and strides do not fit together");
  const bit = (mask: string, i: number): boolean =>
    (step.node.attributes.integer(`${mask}_mask`, 0) & (1 << i)) !== 0;
  return begin.map((from, i): Entry => {
    const kind = bit("ellipsis", i)
      ? "rest"
      : bit("new_axis", i)
        ? "new"
        : bit("shrink_axis", i)
          ? "single"
          : "range";
    const ends = { begin: bit("begin", i) ? null : from, end: bit("end", i) ? null : (end[i] ?? null) };
    return { kind, ...ends, ...(kind === "single" ? { begin: from } : {}), by: strides[i] ?? 1 };
  });
}

/** What a StridedSlice keeps. */
export function stridedSlicing(step: Step, dims: readonly number[]): Slicing {
  const entries = entriesOf(step);
  const named = entries.filter(({ kind }) => kind === "range" || kind === "single").length;
  const rests = entries.filter(({ kind }) => kind === "rest").length;
  if (named > dims.length || rests > 1) step.refuse(`it cuts more axes than ${dims.join("x")} has`);
  const cuts: Cut[] = [];
  const made: number[] = [];
  const keep = (cut: Cut): number => made.push(cut.count) && cuts.push(cut);
  const keepWhole = (count: number): void => {
    for (let i = 0; i < count; i++) keep(wholeAxis(dims[cuts.length] ?? 1));
  };
  for (const { kind, begin, end, by } of entries) {
    const extent = dims[cuts.length] ?? 1;
    if (kind === "new") made.push(1);
    else if (kind === "rest") keepWhole(dims.length - named);
    else if (kind === "range") keep(ranged(extent, begin, end, by));
    else {
      const from = (begin ?? 0) < 0 ? (begin ?? 0) + extent : (begin ?? 0);
      if (from < 0 || from >= extent) step.refuse(`it picks place ${begin ?? 0} of ${extent}`);
      cuts.push({ from, by: 1, count: 1 });
    }
  }
  keepWhole(dims.length - cuts.length);
  const renames = entries.some(({ kind }) => kind === "new" || kind === "single");
  return { cuts, dims: made, renames };
}

/** What a Slice keeps. */
export function slicing(step: Step, dims: readonly number[]): Slicing {
  const [begins, sizes] = [step.whole(1), step.whole(2)];
  if (begins.length !== sizes.length || begins.length > dims.length)
    step.refuse(`begin and size do not fit ${dims.join("x")}`);
  const cuts = dims.map((extent, i) => {
    const [begin = 0, size = -1] = [begins[i], sizes[i]];
    return ranged(extent, begin, size === -1 ? null : begin + size, 1);
  });
  return { cuts, dims: cuts.map(({ count }) => count), renames: false };
}

/** The values that are kept of a constant. */
export function sliced(known: Known, { cuts, dims }: Slicing): Known {
  const strides = stridesOf(known.dims);
  const starts = cuts.reduce((sum, { from }, i) => sum + from * (strides[i] ?? 0), 0);
  const steps = cuts.map(({ by }, i) => by * (strides[i] ?? 0));
  const counts = cuts.map(({ count }) => count);
  return {
    dims,
    values: product(counts) === 0 ? known.values.slice(0, 0) : taken(known, counts, steps, starts).values,
  };
}
