// The small arithmetic that graphs do on constants, above all on shapes, done while reading.
import { product } from "./fields";
import type { Known } from "./known";
import { apply, combine, integersOf, join, reshapedTo, transpose, valuesBy } from "./known";
import { FOLDED_VALUES, RANK } from "./limits";
import type { Step } from "./graphValues";

type Fold = (step: Step) => Known;

const binary =
  (op: (x: number, y: number) => number): Fold =>
  (step) =>
    combine(step.known(0), step.known(1), op, step.where);
const unary =
  (op: (x: number) => number): Fold =>
  (step) =>
    apply(step.known(0), op);
const same: Fold = (step) => step.known(0);

const reshaped = (known: Known, dims: readonly number[]): Known => ({ dims, values: known.values });

/** A shape without the extents of 1 that the node names (all, where it names none). */
export function squeezed(dims: readonly number[], step: Step): number[] {
  const named = step.node.attributes.integers("squeeze_dims");
  const gone = new Set(named.map((axis) => (axis < 0 ? axis + dims.length : axis)));
  const isGone = (extent: number, i: number): boolean => (gone.size > 0 ? gone.has(i) : extent === 1);
  if (dims.some((extent, i) => isGone(extent, i) && extent !== 1))
    step.refuse(`it squeezes ${dims.join("x")} along an axis that is longer than 1`);
  return dims.filter((extent, i) => !isGone(extent, i));
}

/** A shape with an extent of 1 put in where the node says. */
export function expanded(dims: readonly number[], step: Step): number[] {
  const [axis = 0] = step.whole(1, 1);
  const at = axis < 0 ? axis + dims.length + 1 : axis;
  if (at < 0 || at > dims.length) step.refuse(`there is no axis ${axis}`);
  return [...dims.slice(0, at), 1, ...dims.slice(at)];
}

/** What a reshape asks for, -1 worked out. */
export function targetOf(step: Step, count: number): number[] {
  const dims = reshapedTo(step.whole(1), count);
  return dims ?? step.refuse(`${count} values cannot take the shape ${step.whole(1).join("x")}`);
}

export interface Range {
  /** First place, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Only one place, and the axis goes. */
  readonly single: boolean;
}

/** What a StridedSlice keeps of each axis. Steps other than 1, new axes and an ellipsis before others are refused. */
export function rangesOf(step: Step, dims: readonly number[]): Range[] {
  const { attributes } = step.node;
  const [begin, end, strides] = [step.whole(1), step.whole(2), step.whole(3)];
  const bit = (mask: string, i: number): boolean => (attributes.integer(mask, 0) & (1 << i)) !== 0;
  if (attributes.integer("ellipsis_mask", 0) !== 0 || attributes.integer("new_axis_mask", 0) !== 0)
    step.refuse("slices with an ellipsis or a new axis cannot run here");
  return dims.map((extent, i) => {
    const place = (value: number): number =>
      Math.min(Math.max(value < 0 ? value + extent : value, 0), extent);
    if (i >= begin.length) return { from: 0, to: extent, single: false };
    const single = bit("shrink_axis_mask", i);
    const from = bit("begin_mask", i) && !single ? 0 : place(begin[i] ?? 0);
    const to = single ? from + 1 : bit("end_mask", i) ? extent : place(end[i] ?? extent);
    if (strides[i] !== 1) step.refuse("slices with a step cannot run here");
    return { from, to: Math.max(to, from), single };
  });
}

const stridedSlice: Fold = (step) => {
  const known = step.known(0);
  if (known.dims.length !== 1) step.refuse("slices of constants with several axes cannot be read");
  const [range] = rangesOf(step, known.dims);
  const values = known.values.slice(range?.from ?? 0, range?.to ?? 0);
  return { dims: range?.single === true ? [] : [values.length], values };
};

const slice: Fold = (step) => {
  const known = step.known(0);
  const [[begin = 0], [size = -1]] = [step.whole(1), step.whole(2)];
  if (known.dims.length !== 1) step.refuse("slices of constants with several axes cannot be read");
  const values = known.values.slice(begin, size === -1 ? undefined : begin + size);
  return { dims: [values.length], values };
};

const gather: Fold = (step) => {
  const [known, indices] = [step.known(0), step.known(1)];
  if (known.dims.length !== 1)
    step.refuse("it gathers from a constant with several axes, which cannot be read");
  const whole = known.values instanceof Int32Array;
  const values = valuesBy(whole, indices.values.length, (i) => known.values[indices.values[i] ?? 0] ?? 0);
  return { dims: indices.dims, values };
};

const concat: Fold = (step) => {
  const parts = step.args.slice(0, -1).map((_, i) => step.known(i));
  const [axis = 0] = step.whole(-1, 1);
  if (axis !== 0 && (parts[0]?.dims.length ?? 1) !== 1)
    step.refuse("it joins constants along an axis that cannot be read");
  return join(parts);
};

const pack: Fold = (step) => {
  if (step.node.attributes.integer("axis", 0) !== 0)
    step.refuse("it stacks constants along an axis that cannot be read");
  return join(step.args.map((_, i) => reshaped(step.known(i), [1, ...step.known(i).dims])));
};

const fill: Fold = (step) => {
  const dims = step.whole(0);
  const { values } = step.known(1);
  const count = product(dims);
  if (!(count >= 0 && count <= FOLDED_VALUES) || dims.length > RANK)
    step.refuse(`a constant of ${count} values is too large`);
  const kind = values instanceof Int32Array ? Int32Array : Float32Array;
  return { dims, values: new kind(count).fill(values[0] ?? 0) };
};

const cast: Fold = (step) => {
  const { dims, values } = step.known(0);
  const whole = /^DT_(INT|UINT|BOOL)/.test(step.node.attributes.type("DstT"));
  return { dims, values: whole ? Int32Array.from(values, Math.trunc) : Float32Array.from(values) };
};

const reduced =
  (op: (x: number, y: number) => number): Fold =>
  (step) => {
    const { dims, values } = step.known(0);
    if (dims.length > 1) step.refuse("it sums up a constant with several axes, which cannot be read");
    return {
      dims: step.keepsDims() ? [1] : [],
      values: values.slice(0, 1).fill(Array.from(values).reduce(op)),
    };
  };

const divide = (x: number, y: number): number => x / y;

export const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: same,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
  EnsureShape: same,
  PlaceholderWithDefault: same,
  Add: binary((x, y) => x + y),
  AddV2: binary((x, y) => x + y),
  Sub: binary((x, y) => x - y),
  Mul: binary((x, y) => x * y),
  Div: binary(divide),
  RealDiv: binary(divide),
  FloorDiv: binary((x, y) => Math.floor(x / y)),
  FloorMod: binary((x, y) => x - Math.floor(x / y) * y),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  SquaredDifference: binary((x, y) => (x - y) ** 2),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Square: unary((x) => x * x),
  Exp: unary(Math.exp),
  Sqrt: unary(Math.sqrt),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Reciprocal: unary((x) => 1 / x),
  Ceil: unary(Math.ceil),
  Floor: unary(Math.floor),
  Round: unary(Math.round),
  Shape: (step) => integersOf(step.known(0).dims),
  Cast: cast,
  Reshape: (step) => reshaped(step.known(0), targetOf(step, step.known(0).values.length)),
  Squeeze: (step) => reshaped(step.known(0), squeezed(step.known(0).dims, step)),
  ExpandDims: (step) => reshaped(step.known(0), expanded(step.known(0).dims, step)),
  Transpose: (step) => transpose(step.known(0), step.whole(1), step.where),
  ConcatV2: concat,
  Pack: pack,
  StridedSlice: stridedSlice,
  Slice: slice,
  Gather: gather,
  GatherV2: gather,
  Fill: fill,
  Prod: reduced((x, y) => x * y),
  Sum: reduced((x, y) => x + y),
};
