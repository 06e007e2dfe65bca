// Graph operators that only rename, join, cut or pick: shapes, concatenation, slices, channels.
import { constant, within } from "./elementwise";
import { pointwise } from "./convolving";
import { product } from "./fields";
import type { Handler } from "./graphArithmetic";
import { expanded, rangesOf, squeezed, targetOf } from "./graphFold";
import type { Range } from "./graphFold";
import { isPicture, isSeen, picture, renamed } from "./graphValues";
import type { Axis, Result, Step } from "./graphValues";
import { integersOf } from "./known";
import { joined } from "./layersOther";
import { FOLDED_VALUES } from "./limits";
import type { Value } from "./network";

const same: Handler = (step) => step.arg(0);

const cast: Handler = (step) => {
  if (!/^(DT_FLOAT|DT_HALF|DT_BFLOAT16|DT_DOUBLE|1|2|14|19|)$/.test(step.node.attributes.type("DstT")))
    step.refuse("it rounds to whole numbers; save the model without it");
  return step.arg(0);
};

const reshape: Handler = (step) => {
  const seen = step.seen(0);
  return renamed(seen, targetOf(step, product(seen.dims)), step.where);
};

const transpose: Handler = (step) => {
  const [seen, order] = [step.seen(0), step.whole(1)];
  if ([...order].sort((a, b) => a - b).join() !== seen.dims.map((_, i) => i).join())
    step.refuse(`its order ${order.join(", ")} does not name each axis once`);
  const dims = order.map((i) => seen.dims[i] ?? 1);
  const axes = order.map((i): Axis => (seen.dims[i] === 1 ? null : (seen.axes[i] ?? null)));
  const present = axes.filter((axis) => axis !== null);
  if (present.some((axis, i) => i > 0 && axis <= (present[i - 1] ?? -1)))
    step.refuse(
      "it swaps the axes of a picture, as graphs with channels first do; export the model with channels last (NHWC)",
    );
  return { value: seen.value, dims, axes };
};

const concat: Handler = (step) => {
  const parts = step.args.slice(0, -1);
  const [axis] = step.whole(-1, 1);
  const seen = parts.filter(isSeen);
  const [first] = seen;
  if ((axis !== -1 && axis !== 3) || first === undefined || !seen.every(isPicture))
    return step.refuse("only channels of pictures can be joined (axis 3)");
  const [high, wide] = first.value.shape;
  const values = parts.map((part, i) => (isSeen(part) ? part.value : beside(step, i, high, wide)));
  return picture(values.length === 1 ? first.value : joined(step.place, values));
};

function beside(step: Step, index: number, high: number, wide: number): Value {
  const { dims } = step.known(index);
  if (dims.length !== 4 || dims[0] !== 1 || dims[1] !== high || dims[2] !== wide)
    step.refuse(`a constant of shape ${dims.join("x")} cannot be joined to a picture of ${high}x${wide}`);
  return constant(within(step.place, "constant"), { shape: dims.slice(1), values: step.floats(index) });
}

/** Some channels in some order, by a convolution that picks them. */
export function picked(step: Step, value: Value, channels: readonly number[]): Value {
  const taken = value.shape[2];
  if (channels.length === taken && channels.every((channel, i) => channel === i)) return value;
  if (channels.some((channel) => channel < 0 || channel >= taken) || channels.length === 0)
    step.refuse(`it picks channels that are not among the ${taken} there are`);
  if (channels.length * taken > FOLDED_VALUES) step.refuse(`${taken} channels are too many to pick from`);
  const values = new Float32Array(taken * channels.length);
  channels.forEach((channel, i) => (values[channel * channels.length + i] = 1));
  return pointwise(within(step.place, "channels"), value, { shape: [taken, channels.length], values }, null);
}

const counted = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Rows and columns by cropping, channels by picking. */
function cut(step: Step, ranges: readonly Range[]): Result {
  const seen = step.seen(0);
  if (ranges.some(({ from, to }) => to <= from)) step.refuse("it keeps nothing of its input");
  const whole = ranges.every(({ from, to }, i) => from === 0 && to === seen.dims[i]);
  if (whole) {
    const dims = seen.dims.filter((_, i) => !(ranges[i]?.single ?? false));
    return renamed(seen, dims, step.where);
  }
  if (ranges.some(({ single }) => single)) step.refuse("cutting and dropping axes at once cannot run here");
  let value = step.picture(0);
  const [, rows, columns, channels] = ranges;
  if (!rows || !columns || !channels) return step.refuse("it cuts something that is no picture");
  const edges = [
    [rows.from, value.shape[0] - rows.to],
    [columns.from, value.shape[1] - columns.to],
  ] as const;
  if (edges.flat().some((edge) => edge > 0))
    value = step.builder.add(step.place.name, step.where, { op: "crop", edges }, [value]);
  return picture(picked(step, value, counted(channels.from, channels.to)));
}

const slice: Handler = (step) => {
  const { dims } = step.seen(0);
  const [begins, sizes] = [step.whole(1), step.whole(2)];
  return cut(
    step,
    dims.map((extent, i) => {
      const from = begins[i] ?? 0;
      const size = sizes[i] ?? -1;
      return { from, to: size === -1 ? extent : Math.min(from + size, extent), single: false };
    }),
  );
};

const reverse: Handler = (step) => {
  const value = step.picture(0);
  const [axis, ...more] = step.whole(1);
  if (more.length > 0 || (axis !== 3 && axis !== -1))
    step.refuse("only the order of the channels can be turned round");
  return picture(picked(step, value, counted(0, value.shape[2]).reverse()));
};

const gather: Handler = (step) => {
  const [axis] = step.args.length > 2 ? step.whole(2, 1) : [0];
  if ((axis !== -1 && axis !== 3) || step.known(1).dims.length !== 1)
    step.refuse("only channels can be picked");
  return picture(picked(step, step.picture(0), Array.from(step.known(1).values)));
};

/** The parts of an operator with several outputs: channels by and by. */
export function parts(step: Step): Result[] {
  const { op, attributes } = step.node;
  if (op === "IdentityN") return [...step.args];
  const [place, of] = op === "Split" ? [0, 1] : [2, 0];
  const [axis] = step.whole(place, 1);
  if (axis !== -1 && axis !== 3) step.refuse("only channels can be split (axis 3)");
  const value = step.picture(of);
  const channels = value.shape[2];
  const count = attributes.integer("num_split", 1);
  let sizes =
    op === "Split"
      ? Array<number>(Math.min(Math.max(count, 1), 1_024)).fill(channels / count)
      : step.whole(1, 1_024);
  const named = sizes.filter((size) => size !== -1).reduce((sum, size) => sum + size, 0);
  sizes = sizes.map((size) => (size === -1 ? channels - named : size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== channels || !sizes.every((size) => Number.isInteger(size) && size >= 1))
    step.refuse(`${channels} channels cannot be split into ${sizes.slice(0, 16).join(", ")}`);
  let start = 0;
  return sizes.map((size) => picture(picked(step, value, counted(start, (start += size)))));
}

export const SHAPING: Readonly<Record<string, Handler>> = {
  Identity: same,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
  EnsureShape: same,
  CheckNumerics: same,
  PlaceholderWithDefault: same,
  Cast: cast,
  Shape: (step) => integersOf(step.seen(0).dims),
  Rank: (step) => ({ dims: [], values: Int32Array.of(step.seen(0).dims.length) }),
  Size: (step) => ({ dims: [], values: Int32Array.of(product(step.seen(0).dims)) }),
  Reshape: reshape,
  Squeeze: (step) => renamed(step.seen(0), squeezed(step.seen(0).dims, step), step.where),
  ExpandDims: (step) => renamed(step.seen(0), expanded(step.seen(0).dims, step), step.where),
  Transpose: transpose,
  ConcatV2: concat,
  StridedSlice: (step) => cut(step, rangesOf(step, step.seen(0).dims)),
  Slice: slice,
  ReverseV2: reverse,
  Gather: gather,
  GatherV2: gather,
};
