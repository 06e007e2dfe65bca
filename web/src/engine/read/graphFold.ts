// The small arithmetic that graphs do on constants, above all on shapes, done while reading. The same operators as in
// kit/models/reading/folding.py, which tests/models/reading/tables.json holds both to.
import { LISTED } from "./graphDef";
import { product } from "./fields";
import type { Step } from "./graphValues";
import * as known from "./known";
import type { Known } from "./known";
import { FOLDED_TOTAL, RANK } from "./limits";
import { sliced, slicing, stridedSlicing } from "./slicing";

type Fold = (step: Step) => Known;

const binary =
  (op: (x: number, y: number) => number): Fold =>
  (step) =>
    known.combine(step.known(0), step.known(1), op, step.where);
const compared =
  (op: (x: number, y: number) => boolean): Fold =>
  (step) =>
    known.combine(step.known(0), step.known(1), (x, y) => Number(op(x, y)), step.where, true);
const unary =
  (op: (x: number) => number): Fold =>
  (step) =>
    known.apply(step.known(0), op);
const same: Fold = (step) => step.known(0);
const number = (value: number): Known => ({ dims: [], values: Int32Array.of(value) });

const reshaped = ({ values }: Known, dims: readonly number[]): Known => ({ dims, values });

/** A shape without the extents of 1 that the node names (all, where it names none). */
export function squeezed(dims: readonly number[], step: Step): number[] {
  const { attributes } = step.node;
  const named = [...attributes.integers("squeeze_dims"), ...attributes.integers("axis")];
  const gone = new Set(named.map((axis) => (axis < 0 ? axis + dims.length : axis)));
  const isGone = (extent: number, i: number): boolean => (gone.size > 0 ? gone.has(i) : extent === 1);
  if (dims.some((extent, i) => isGone(extent, i) && extent !== 1))
    step.refuse(`it squeezes ${dims.join("x")} along an axis that is longer than 1`);
  return dims.filter((extent, i) => !isGone(extent, i));
}

/** A shape with an extent of 1 put in where the node says. */
export function expanded(dims: readonly number[], step: Step): number[] {
  const axis = step.one(1);
  const at = axis < 0 ? axis + dims.length + 1 : axis;
  if (at < 0 || at > dims.length) step.refuse(`there is no axis ${axis}`);
  return [...dims.slice(0, at), 1, ...dims.slice(at)];
}

/** What a reshape asks for, -1 worked out. */
export function targetOf(step: Step, count: number): number[] {
  const dims = known.reshapedTo(step.whole(1), count);
  return dims ?? step.refuse(`${count} values cannot take the shape ${step.whole(1).join("x")}`);
}

const concat: Fold = (step) =>
  known.join(
    step.args.slice(0, -1).map((_, i) => step.known(i)),
    step.one(-1),
    step.where,
  );

const pack: Fold = (step) => {
  const axis = step.node.attributes.integer("axis", 0);
  const parts = step.args.map((_, i) => step.known(i));
  const rank = (parts[0]?.dims.length ?? 0) + 1;
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank) step.refuse(`there is no axis ${axis}`);
  const apart = parts.map((part) => reshaped(part, [...part.dims.slice(0, at), 1, ...part.dims.slice(at)]));
  return known.join(apart, at, step.where);
};

const gather: Fold = (step) =>
  known.gathered(step.known(0), step.known(1), step.args.length > 2 ? step.one(2) : 0, step.where);

const fill: Fold = (step) => {
  const dims = known.bounded(step.whole(0), step.where);
  const { values } = step.known(1);
  if (values.length !== 1) step.refuse("it fills a constant with more than one value");
  return { dims, values: known.room(known.isWhole(step.known(1)), product(dims)).fill(values[0] ?? 0) };
};

const range: Fold = (step) => {
  const [start = NaN, stop = NaN, by = NaN] = [0, 1, 2].map((i) => step.known(i).values[0]);
  const count = Math.max(Math.ceil((stop - start) / by), 0);
  if (!Number.isFinite(count) || by === 0) step.refuse("start, limit and delta make no range");
  const values = known.room(known.isWhole(step.known(0)), product(known.bounded([count], step.where)));
  for (let i = 0; i < count; i++) values[i] = start + i * by;
  return { dims: [count], values };
};

const cast: Fold = (step) => {
  const type = step.node.attributes.type("DstT") || "DT_FLOAT";
  if (type === "DT_BOOL") return known.apply(step.known(0), (x) => Number(x !== 0), true);
  if (!Object.hasOwn(LISTED, type) && type !== "DT_HALF") step.refuse("DstT must be a type of numbers");
  return known.apply(step.known(0), (x) => x, /^DT_U?INT/.test(type)); // an Int32Array cuts fractions off
};

const reduced =
  (
    op: (sum: number, value: number) => number,
    ends: { start?: number; finish?: (sum: number, count: number) => number } = {},
  ): Fold =>
  (step) => {
    const value = step.known(0);
    if (value.values.length === 0 && !Number.isFinite(ends.start ?? 0))
      step.refuse("it takes nothing together");
    return known.reduce(value, step.whole(1), step.keepsDims(), op, ends);
  };

const nonzero = (y: number): number => (y === 0 ? 1 : y);
const divided: Fold = (step) =>
  known.isWhole(step.known(0))
    ? binary((x, y) => Math.floor(x / nonzero(y)))(step)
    : binary((x, y) => x / y)(step);
/** To the nearest whole number, halves to the even one, as in IEEE 754. */
const rounded = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

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
  Div: divided,
  RealDiv: binary((x, y) => x / y),
  FloorDiv: binary((x, y) => Math.floor(x / nonzero(y))),
  FloorMod: binary((x, y) => x - Math.floor(x / nonzero(y)) * nonzero(y)),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  SquaredDifference: binary((x, y) => (x - y) ** 2),
  Equal: compared((x, y) => x === y),
  Greater: compared((x, y) => x > y),
  Less: compared((x, y) => x < y),
  LogicalAnd: compared((x, y) => x !== 0 && y !== 0),
  LogicalNot: unary((x) => Number(x === 0)),
  Select: (step) => known.select(step.known(0), step.known(1), step.known(2), step.where),
  SelectV2: (step) => known.select(step.known(0), step.known(1), step.known(2), step.where),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Square: unary((x) => x * x),
  Exp: unary(Math.exp),
  Sqrt: unary(Math.sqrt),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Reciprocal: unary((x) => 1 / x),
  Ceil: unary(Math.ceil),
  Floor: unary(Math.floor),
  Round: unary(rounded),
  ZerosLike: unary(() => 0),
  OnesLike: unary(() => 1),
  Shape: (step) => known.integersOf(step.known(0).dims),
  Rank: (step) => number(step.known(0).dims.length),
  Size: (step) => number(step.known(0).values.length),
  Cast: cast,
  Reshape: (step) => reshaped(step.known(0), targetOf(step, step.known(0).values.length)),
  Squeeze: (step) => reshaped(step.known(0), squeezed(step.known(0).dims, step)),
  ExpandDims: (step) => reshaped(step.known(0), expanded(step.known(0).dims, step)),
  Transpose: (step) => known.transpose(step.known(0), step.whole(1), step.where),
  BroadcastTo: (step) => known.broadcast(step.known(0), step.whole(1), step.where),
  Tile: (step) => known.tile(step.known(0), step.whole(1), step.where),
  ConcatV2: concat,
  Pack: pack,
  StridedSlice: (step) => sliced(step.known(0), stridedSlicing(step, step.known(0).dims)),
  Slice: (step) => sliced(step.known(0), slicing(step, step.known(0).dims)),
  Gather: gather,
  GatherV2: gather,
  Fill: fill,
  Range: range,
  Prod: reduced((x, y) => x * y, { start: 1 }),
  Sum: reduced((x, y) => x + y),
  Mean: reduced((x, y) => x + y, { finish: (sum, count) => sum / count }),
  Max: reduced(Math.max, { start: -Infinity }),
  Min: reduced(Math.min, { start: Infinity }),
};

/** Whose results take no room of their own. */
const FREE: readonly string[] = [
  "Identity",
  "StopGradient",
  "PreventGradient",
  "Snapshot",
  "EnsureShape",
  "PlaceholderWithDefault",
  "Reshape",
  "Squeeze",
  "ExpandDims",
];

/** How many values of their own all folds of a graph make; each is asked for before the next. */
export class Folding {
  private made = 0;

  /** What a node gives for constants. Throws `BundleError` where it is not known here, or too much. */
  result(step: Step): Known {
    const { op } = step.node;
    const fold = Object.hasOwn(FOLDS, op) ? FOLDS[op] : undefined;
    const result = fold?.(step);
    if (result === undefined)
      return step.refuse("this operator cannot run here; freeze the model before exporting it");
    if (result.dims.length > RANK) step.refuse(`it makes a constant of ${result.dims.length} axes`);
    if (!FREE.includes(op)) this.made += result.values.length;
    if (this.made > FOLDED_TOTAL) step.refuse("the graph computes too much from constants; freeze it first");
    return result;
  }
}
