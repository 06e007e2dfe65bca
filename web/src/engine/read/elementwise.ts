// Arithmetic between values and constants, norms, and the activations that a bundle has no word for, in words it has.
import type { Activation } from "../activations";
import { BundleError } from "../checks";
import type { BINARY } from "../graph";
import { PICTURE_VALUES } from "./limits";
import type { Builder, Tensor, Value } from "./network";

/** Where something is put: the builder, the wished name, and how errors begin. */
export interface Place {
  readonly builder: Builder;
  readonly name: string;
  readonly where: string;
}

export const LINEAR: Activation = { type: "linear" };

export function refuseAt(place: Place, says: string): never {
  throw new BundleError(`${place.where}: ${says}`);
}

/** The same place under a longer name, for what is put together from several nodes. */
export const within = (place: Place, part: string): Place => ({ ...place, name: `${place.name}/${part}` });

/** The input itself where there is nothing to apply. */
export function activated(place: Place, activation: Activation, input: Value): Value {
  if (activation.type === "linear") return input;
  return place.builder.add(place.name, place.where, { op: "activation", activation }, [input]);
}

/** x where x > 0, else slope * x. Slopes that differ from place to place are refused. */
export function prelu(place: Place, slopes: Tensor, input: Value): Value {
  const channels = input.shape[2];
  const row = slopes.shape.at(-1) ?? 1;
  const alike = slopes.values.every((slope, i) => slope === slopes.values[i % row]);
  if (slopes.values.length === 0 || (row !== 1 && row !== channels) || !alike)
    refuseAt(place, "PReLU needs one slope per channel; set shared_axes=[1, 2] and train again");
  const values = Float32Array.from({ length: channels }, (_, i) => slopes.values[i % row] ?? 0);
  const name = place.builder.tensor(`${place.name}/slopes`, [channels], values);
  return activated(place, { type: "prelu", slopes: name }, input);
}

/** x where x > 0, else alpha * x; an alpha beyond [0, 1] as a slope per channel. */
export function leaky(place: Place, alpha: number, input: Value): Value {
  if (alpha >= 0 && alpha <= 1) return activated(place, { type: "leaky_relu", alpha }, input);
  return prelu(place, { shape: [1], values: Float32Array.of(alpha) }, input);
}

/** x * scale + shift, a value per channel each (or one for all). */
export function affine(
  place: Place,
  input: Value,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Value {
  const channels = input.shape[2];
  const spread = (values: ArrayLike<number>): Float32Array => {
    if (values.length !== 1 && values.length !== channels)
      refuseAt(place, `it has ${values.length} values for ${channels} channels`);
    return Float32Array.from({ length: channels }, (_, i) => values[values.length === 1 ? 0 : i] ?? 0);
  };
  const { builder, name, where } = place;
  const stored = {
    scale: builder.tensor(`${name}/scale`, [channels], spread(scale)),
    shift: builder.tensor(`${name}/shift`, [channels], spread(shift)),
  };
  return builder.add(name, where, { op: "affine", ...stored }, [input]);
}

export interface Norm {
  readonly gamma: Float32Array | null;
  readonly beta: Float32Array | null;
  readonly epsilon: number;
}

/** A norm over height and width of each channel. */
export function instanceNorm(place: Place, input: Value, { gamma, beta, epsilon }: Norm): Value {
  const { builder, name, where } = place;
  const channels = input.shape[2];
  const stored = (what: string, values: Float32Array | null): string | null => {
    if (values === null) return null;
    if (values.length !== channels)
      refuseAt(place, `its ${what} has ${values.length} values for ${channels} channels`);
    return builder.tensor(`${name}/${what}`, [channels], values);
  };
  if (!(epsilon > 0 && epsilon <= 1))
    refuseAt(place, `epsilon must be above 0 and at most 1, not ${epsilon}`);
  const [scale, shift] = [stored("scale", gamma), stored("shift", beta)];
  return builder.add(name, where, { op: "instance_norm", epsilon, scale, shift }, [input]);
}

/** scale * (x where x > 0, else alpha * (exp(x) - 1)). SELU is one of these. */
export function elu(place: Place, input: Value, alpha = 1, scale = 1): Value {
  if (alpha === 1 && scale === 1) return activated(place, { type: "elu" }, input);
  const { builder, where, name } = place;
  const above = activated(within(place, "above"), { type: "relu" }, input);
  const below = builder.add(`${name}/minus`, where, { op: "sub" }, [input, above]);
  const curved = affine(
    within(place, "curved"),
    activated(within(place, "elu"), { type: "elu" }, below),
    [alpha],
    [0],
  );
  const made = builder.add(`${name}/sum`, where, { op: "add" }, [above, curved]);
  return scale === 1 ? made : affine(place, made, [scale], [0]);
}

/** min(max(slope * x + 0.5, 0), 1) */
export function hardSigmoid(place: Place, input: Value, slope: number): Value {
  const line = affine(within(place, "line"), input, [slope], [0.5]);
  return activated(place, { type: "clip", low: 0, high: 1 }, line);
}

/** x / (1 + abs(x)) */
export function softsign(place: Place, input: Value): Value {
  const { builder, where, name } = place;
  const size = affine(
    within(place, "size"),
    builder.add(`${name}/abs`, where, { op: "abs" }, [input]),
    [1],
    [1],
  );
  return builder.add(name, where, { op: "div" }, [input, size]);
}

export type BinaryOp = (typeof BINARY)[number];

/** A value [height, width, channels] that is always the same. */
export function constant(place: Place, numbers: Tensor): Value {
  const value = place.builder.tensor(`${place.name}/value`, numbers.shape, numbers.values);
  return place.builder.add(place.name, place.where, { op: "constant", value }, []);
}

function affineOf(
  place: Place,
  op: "add" | "sub" | "mul" | "div",
  input: Value,
  numbers: Float32Array,
  swapped: boolean,
) {
  if (op === "add") return affine(place, input, [1], numbers);
  if (op === "sub")
    return affine(place, input, [swapped ? -1 : 1], swapped ? numbers : numbers.map((n) => -n));
  if (op === "mul") return affine(place, input, numbers, [0]);
  if (swapped) {
    const { builder, where, name } = place;
    const inverse = builder.add(`${name}/reciprocal`, where, { op: "reciprocal" }, [input]);
    return affine(place, inverse, numbers, [0]);
  }
  if (numbers.includes(0)) refuseAt(place, "it divides by zero");
  return affine(
    place,
    input,
    numbers.map((n) => 1 / n),
    [0],
  );
}

/** `input op numbers` (or the other way round) for numbers of [height, width, channels], any of them 1. */
export function withConstant(
  place: Place,
  op: BinaryOp,
  input: Value,
  numbers: Tensor,
  swapped = false,
): Value {
  const [high = 1, wide = 1, channels = 1] = numbers.shape;
  const perChannel = high === 1 && wide === 1 && (channels === 1 || channels === input.shape[2]);
  if (perChannel && op !== "maximum" && op !== "minimum")
    return affineOf(place, op, input, numbers.values, swapped);
  if (perChannel && op === "maximum" && numbers.values.every((n) => n === 0))
    return activated(place, { type: "relu" }, input);
  const made = input.shape.map((extent, i) => Math.max(extent, numbers.shape[i] ?? 1));
  if (made.reduce((size, extent) => size * extent, 1) > PICTURE_VALUES)
    refuseAt(place, `a value of ${made.join("x")} is too large`);
  const other = constant(within(place, "constant"), numbers);
  return place.builder.add(place.name, place.where, { op }, swapped ? [other, input] : [input, other]);
}
