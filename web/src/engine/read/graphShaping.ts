// Graph operators that only rename, join or repeat: shapes, concatenation, tiles.
import { constant, within } from "./elementwise";
import { product } from "./fields";
import type { Handler } from "./graphArithmetic";
import { expanded, squeezed, targetOf } from "./graphFold";
import { isPicture, isSeen, picture, renamed } from "./graphValues";
import type { Axis, Step } from "./graphValues";
import { integersOf } from "./known";
import { joined } from "./layersOther";
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
  const axis = step.one(-1);
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

/** Each row or column several times, as `repeat` writes it: ExpandDims, Tile, Reshape. */
const tile: Handler = (step) => {
  const [seen, times] = [step.seen(0), step.whole(1)];
  const { dims, value, block } = seen;
  if (times.length !== dims.length || Math.min(...times) < 1 || block !== undefined)
    step.refuse(`its multiples ${times.join(", ")} do not fit ${dims.join("x")}`);
  const factors = [1, 1];
  const axes = [...seen.axes];
  times.forEach((count, place) => {
    if (count === 1) return;
    const axis = seen.axes.slice(0, place + 1).findLast((each) => each !== null) ?? 0;
    if (axis === 2 || dims[place] !== 1 || factors[axis] !== 1)
      return step.refuse("it sets copies of the picture side by side, which cannot run here");
    factors[axis] = count;
    axes[place] = axis;
  });
  const [down = 1, right = 1] = factors;
  const [high, wide] = value.shape;
  const draft = { op: "resize", method: "nearest", coordinates: "asymmetric" } as const;
  const size = [high * down, wide * right] as const;
  const made = down * right > 1 ? step.builder.add(step.place.name, step.where, draft, [value], size) : value;
  return { value: made, dims: dims.map((extent, i) => extent * (times[i] ?? 1)), axes };
};

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
  Tile: tile,
  Squeeze: (step) => renamed(step.seen(0), squeezed(step.seen(0).dims, step), step.where),
  ExpandDims: (step) => renamed(step.seen(0), expanded(step.seen(0).dims, step), step.where),
  Transpose: transpose,
  ConcatV2: concat,
};
