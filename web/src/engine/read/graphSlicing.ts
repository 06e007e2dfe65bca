// Graph operators that cut and pick: rows and columns by cropping, channels by a convolution that picks them.
import { pointwise } from "./convolving";
import { within } from "./elementwise";
import { product } from "./fields";
import type { Handler } from "./graphArithmetic";
import { picture, renamed } from "./graphValues";
import type { Result, Step } from "./graphValues";
import { FOLDED_VALUES } from "./limits";
import type { Value } from "./network";
import { isWholeCut, placesOf, slicing, stridedSlicing } from "./slicing";
import type { Cut, Slicing } from "./slicing";

/** Some channels in some order. */
function picked(step: Step, value: Value, channels: readonly number[]): Value {
  const taken = value.shape[2];
  if (channels.length === taken && channels.every((channel, i) => channel === i)) return value;
  if (channels.some((channel) => channel < 0 || channel >= taken) || channels.length === 0)
    step.refuse(`it picks channels that are not among the ${taken} there are`);
  if (channels.length * taken > FOLDED_VALUES) step.refuse(`${taken} channels are too many to pick from`);
  const values = new Float32Array(taken * channels.length);
  channels.forEach((channel, i) => (values[channel * channels.length + i] = 1));
  return pointwise(within(step.place, "channels"), value, { shape: [taken, channels.length], values }, null);
}

/** What is cut off before and behind. */
function edgesOf(step: Step, { from, by, count }: Cut, extent: number): readonly [number, number] {
  if (by !== 1 && count !== 1)
    step.refuse("it takes every other row or column, or turns them round; only cutting can run here");
  return [from, extent - from - count];
}

function cut(step: Step, { cuts, dims, renames }: Slicing): Result {
  const seen = step.seen(0);
  if (product(dims) === 0) step.refuse("it keeps nothing of its input");
  const whole = cuts.every((each, i) => isWholeCut(each, seen.dims[i] ?? 1));
  if (whole) return renames ? renamed(seen, dims, step.where) : seen;
  if (renames) step.refuse("cutting and dropping axes at once cannot run here");
  let value = step.picture(0);
  const [, rows, columns, channels] = cuts as [Cut, Cut, Cut, Cut];
  const edges = [edgesOf(step, rows, value.shape[0]), edgesOf(step, columns, value.shape[1])] as const;
  if (edges.flat().some((edge) => edge > 0))
    value = step.builder.add(step.place.name, step.where, { op: "crop", edges }, [value]);
  return picture(picked(step, value, placesOf(channels)));
}

const counted = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const reverse: Handler = (step) => {
  const value = step.picture(0);
  const axes = step.whole(1);
  if (axes.length === 0 || axes.some((axis) => axis !== 3 && axis !== -1))
    step.refuse("only the order of the channels can be turned round");
  return picture(picked(step, value, counted(0, value.shape[2]).reverse()));
};

const gather: Handler = (step) => {
  const axis = step.args.length > 2 ? step.one(2) : 0;
  if ((axis !== -1 && axis !== 3) || step.known(1).dims.length !== 1)
    step.refuse("only channels can be picked");
  return picture(picked(step, step.picture(0), Array.from(step.known(1).values)));
};

/** How many channels each part of a split has. */
function sizesOf(step: Step, channels: number): number[] {
  if (step.node.op === "Split") {
    const count = step.node.attributes.integer("num_split", 1);
    return Array<number>(Math.min(Math.max(count, 1), 1_024)).fill(channels / count);
  }
  const sizes = step.whole(1, 1_024);
  const named = sizes.filter((size) => size !== -1).reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => (size === -1 ? channels - named : size));
}

/** The parts of an operator with several outputs: channels by and by. */
export function parts(step: Step): Result[] {
  const { op } = step.node;
  if (op === "IdentityN") return [...step.args];
  const [place, of] = op === "Split" ? [0, 1] : [2, 0];
  const axis = step.one(place);
  if (axis !== -1 && axis !== 3) step.refuse("only channels can be split (axis 3)");
  const value = step.picture(of);
  const channels = value.shape[2];
  const sizes = sizesOf(step, channels);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== channels || !sizes.every((size) => Number.isInteger(size) && size >= 1))
    step.refuse(`${channels} channels cannot be split into ${sizes.slice(0, 16).join(", ")}`);
  let start = 0;
  return sizes.map((size) => picture(picked(step, value, counted(start, (start += size)))));
}

export const SLICES: Readonly<Record<string, Handler>> = {
  StridedSlice: (step) => cut(step, stridedSlicing(step, step.seen(0).dims)),
  Slice: (step) => cut(step, slicing(step, step.seen(0).dims)),
  ReverseV2: reverse,
  Gather: gather,
  GatherV2: gather,
};
