// Graph operators that work place by place, and means: with constants, with other values, and activations.
import type { Pair } from "../graph";
import { SELU } from "./activations";
import { pointwise } from "./convolving";
import { activated, affine, elu, leaky, prelu, softsign, withConstant, within } from "./elementwise";
import type { BinaryOp, Place } from "./elementwise";
import { alike, isSeen, picture } from "./graphValues";
import type { Axis, Result, Seen, Step } from "./graphValues";
import type { Known } from "./known";
import type { Value } from "./network";

export type Handler = (step: Step) => Result;

interface Shaped {
  readonly dims: readonly number[];
  readonly axes: readonly Axis[];
  readonly block?: Pair;
}

/** Extents and axes of two values together, aligned at their ends as in NumPy. */
function aligned(step: Step, first: Shaped, second: Shaped): Shaped {
  const rank = Math.max(first.dims.length, second.dims.length);
  if (first.block !== undefined || second.block !== undefined)
    step.refuse("arithmetic within a dilated convolution cannot run here");
  const dims: number[] = [];
  const axes: Axis[] = [];
  for (let place = -rank; place < 0; place++) {
    const sides = [first, second].flatMap((side) => {
      const extent = side.dims.at(place);
      return extent === undefined || place < -side.dims.length
        ? []
        : [{ extent, axis: side.axes.at(place) ?? null }];
    });
    const long = sides.filter(({ extent }) => extent !== 1);
    const [chosen] = long;
    if (long.some(({ extent, axis }) => extent !== chosen?.extent || axis !== chosen.axis))
      step.refuse(
        `${first.dims.join("x")} and ${second.dims.join("x")} do not fit together in a way that can run here`,
      );
    dims.push(chosen?.extent ?? 1);
    axes.push(chosen ? chosen.axis : (sides.find(({ axis }) => axis !== null)?.axis ?? null));
  }
  const present = axes.filter((axis) => axis !== null);
  if (present.some((axis, i) => i > 0 && axis <= (present[i - 1] ?? -1)))
    step.refuse("its inputs have their axes in different orders, which cannot run here");
  return { dims, axes };
}

function fitting(step: Step, value: Value, { dims, axes }: Shaped): Seen {
  const held = dims.filter((extent, i) => extent !== 1 && axes[i] !== null);
  if (held.join() !== value.shape.filter((extent) => extent !== 1).join())
    step.refuse("the shapes of its inputs do not fit together in a way that can run here");
  return { value, dims, axes };
}

/** The shape [height, width, channels] under which a constant meets a value. */
function extentsFor(step: Step, seen: Seen, known: Known): [number, number, number] {
  const extents: [number, number, number] = [1, 1, 1];
  known.dims.forEach((extent, i) => {
    if (extent === 1) return;
    const axis = seen.axes.at(i - known.dims.length);
    if (axis === null || axis === undefined || known.dims.length - i > seen.axes.length)
      step.refuse(`its constant of shape ${known.dims.join("x")} has an extent that the picture lacks`);
    else extents[axis] = extent;
  });
  return extents;
}

/** `first op second` with TensorFlow's broadcasting, at least one of them from the picture. */
function combined(step: Step, op: BinaryOp, first: Result, second: Result, place: Place = step.place): Seen {
  if (isSeen(first) && isSeen(second)) {
    const shape = aligned(step, first, second);
    return fitting(
      step,
      step.builder.add(place.name, place.where, { op }, [first.value, second.value]),
      shape,
    );
  }
  const swapped = isSeen(second);
  const [seen, known] = (swapped ? [second, first] : [first, second]) as [Seen, Known];
  const shape = extentsFor(step, seen, known);
  const axes = known.dims.map((_, i) => seen.axes.at(i - known.dims.length) ?? null);
  const both = aligned(step, seen, { dims: known.dims, axes });
  const values = known.values instanceof Float32Array ? known.values : Float32Array.from(known.values);
  return fitting(step, withConstant(place, op, seen.value, { shape, values }, swapped), both);
}

const binary =
  (op: BinaryOp): Handler =>
  (step) =>
    combined(step, op, step.arg(0), step.arg(1));

const unary =
  (op: "neg" | "abs" | "exp" | "square" | "sqrt" | "rsqrt" | "reciprocal"): Handler =>
  (step) =>
    alike(step.seen(0), step.builder.add(step.place.name, step.where, { op }, [step.seen(0).value]));

/** Something made of one value of the same extents. */
const pointwiseBy =
  (make: (place: Place, value: Value, step: Step) => Value): Handler =>
  (step) =>
    alike(step.seen(0), make(step.place, step.seen(0).value, step));

const named = (type: "relu" | "relu6" | "tanh" | "sigmoid" | "elu" | "swish"): Handler =>
  pointwiseBy((place, value) => activated(place, { type }, value));

const squaredDifference: Handler = (step) => {
  const between = combined(step, "sub", step.arg(0), step.arg(1), within(step.place, "difference"));
  return alike(between, step.builder.add(step.place.name, step.where, { op: "square" }, [between.value]));
};

const sumOfAll: Handler = (step) =>
  step.args
    .slice(1)
    .reduce<Result>(
      (sum, arg, i) => combined(step, "add", sum, arg, within(step.place, `${i}`)),
      step.arg(0),
    );

const biasAdd: Handler = (step) => {
  step.channelsLast();
  const [seen, bias] = [step.seen(0), step.known(1)];
  if (bias.dims.length !== 1 || seen.axes.at(-1) !== 2) step.refuse("its bias must be one value per channel");
  return alike(seen, affine(step.place, seen.value, [1], bias.values));
};

const POWERS = new Map([
  [2, "square"],
  [0.5, "sqrt"],
  [-0.5, "rsqrt"],
  [-1, "reciprocal"],
] as const);

const power: Handler = (step) => {
  const { values } = step.known(1);
  const op = values.length === 1 ? POWERS.get(values[0] as 2) : undefined;
  return op === undefined ? step.refuse("only the powers 2, 0.5, -0.5 and -1 can run here") : unary(op)(step);
};

function single(step: Step, index: number): number {
  const { values } = step.known(index);
  return values.length === 1 ? (values[0] ?? 0) : step.refuse("its bounds must be single numbers");
}

/** maximum(minimum(x, high), low), which is how clip_by_value is written, as one clip. */
function clipped(step: Step): Seen | null {
  const [seen, low] = isSeen(step.arg(0)) ? [step.arg(0), step.arg(1)] : [step.arg(1), step.arg(0)];
  if (!isSeen(seen) || isSeen(low) || low.values.length !== 1) return null;
  const nodes = new Map(step.builder.nodes.map((node) => [node.name, node]));
  const least = nodes.get(seen.value.node);
  if (least?.op !== "minimum") return null;
  const high = least.inputs.map((name) => nodes.get(name)).find((node) => node?.op === "constant");
  const other = least.inputs.find((name) => name !== high?.name);
  const most = high?.op === "constant" ? step.builder.tensors.get(high.value)?.values : undefined;
  if (most?.length !== 1 || other === undefined) return null;
  const activation = { type: "clip", low: low.values[0] ?? 0, high: most[0] ?? 0 } as const;
  return alike(seen, activated(step.place, activation, { node: other, shape: least.shape }));
}

/** The mean over some of TensorFlow's axes: height and width together, channels by a convolution. */
function meanOver(step: Step, seen: Seen, axes: readonly number[], place: Place): Seen {
  const rank = seen.dims.length;
  if (seen.block !== undefined) step.refuse("a mean within a dilated convolution cannot run here");
  if (axes.some((axis) => axis < -rank || axis >= rank)) step.refuse(`there is no axis ${axes.join(", ")}`);
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const over = [...gone].filter((i) => seen.dims[i] !== 1).map((i) => seen.axes[i] ?? null);
  let { value } = seen;
  if (over.includes(0) || over.includes(1)) {
    const alone = ([0, 1] as const).some((axis) => value.shape[axis] !== 1 && !over.includes(axis));
    if (alone) step.refuse("a mean over height or width alone cannot run here; only over both");
    value = step.builder.add(place.name, place.where, { op: "mean" }, [value]);
  }
  if (over.includes(2)) {
    const channels = value.shape[2];
    const matrix = { shape: [channels, 1], values: new Float32Array(channels).fill(1 / channels) };
    value = pointwise(within(place, "channels"), value, matrix, null);
  }
  const kept = seen.dims.map((_, i) => i).filter((i) => step.keepsDims() || !gone.has(i));
  const dims = kept.map((i) => (gone.has(i) ? 1 : (seen.dims[i] ?? 1)));
  return { value, dims, axes: kept.map((i) => seen.axes[i] ?? null) };
}

const sum: Handler = (step) => {
  const [seen, axes] = [step.seen(0), step.whole(1)];
  const rank = seen.dims.length;
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const count = [...gone].reduce((all, i) => all * (seen.dims[i] ?? 1), 1);
  const made = meanOver(step, seen, axes, within(step.place, "mean"));
  return alike(made, affine(step.place, made.value, [count], [0]));
};

const max: Handler = (step) => {
  const value = step.picture(0);
  const axes = step.whole(1).map((axis) => (axis < 0 ? axis + 4 : axis));
  if ([...axes].sort().join() !== "1,2") step.refuse("a maximum can run over height and width only");
  const window = [value.shape[0], value.shape[1]] as const;
  if (Math.max(...window) > 16) step.refuse("a maximum over more than 16 rows or columns cannot run here");
  const draft = { op: "max_pool", window, strides: [1, 1], padding: "valid" } as const;
  const made = step.builder.add(step.place.name, step.where, draft, [value]);
  return step.keepsDims() ? picture(made) : { value: made, dims: [1, made.shape[2]], axes: [null, 2] };
};

export const ARITHMETIC: Readonly<Record<string, Handler>> = {
  Add: binary("add"),
  AddV2: binary("add"),
  Sub: binary("sub"),
  Mul: binary("mul"),
  Div: binary("div"),
  RealDiv: binary("div"),
  Maximum: (step) => clipped(step) ?? combined(step, "maximum", step.arg(0), step.arg(1)),
  Minimum: binary("minimum"),
  SquaredDifference: squaredDifference,
  AddN: sumOfAll,
  BiasAdd: biasAdd,
  Pow: power,
  Neg: unary("neg"),
  Abs: unary("abs"),
  Exp: unary("exp"),
  Square: unary("square"),
  Sqrt: unary("sqrt"),
  Rsqrt: unary("rsqrt"),
  Reciprocal: unary("reciprocal"),
  Inv: unary("reciprocal"),
  Relu: named("relu"),
  Relu6: named("relu6"),
  Tanh: named("tanh"),
  Sigmoid: named("sigmoid"),
  Elu: named("elu"),
  _MklSwish: named("swish"),
  Selu: pointwiseBy((place, value) => elu(place, value, ...SELU)),
  Softsign: pointwiseBy(softsign),
  LeakyRelu: pointwiseBy((place, value, step) =>
    leaky(place, step.node.attributes.number("alpha", 0.2), value),
  ),
  Prelu: pointwiseBy((place, value, step) =>
    prelu(place, { shape: step.known(1).dims, values: step.floats(1) }, value),
  ),
  ClipByValue: pointwiseBy((place, value, step) =>
    activated(place, { type: "clip", low: single(step, 1), high: single(step, 2) }, value),
  ),
  Mean: (step) => meanOver(step, step.seen(0), step.whole(1), step.place),
  Sum: sum,
  Max: max,
};
