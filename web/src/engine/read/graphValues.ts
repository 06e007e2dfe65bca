// What flows through a TensorFlow graph: constants, and values that depend on the picture.
import { BundleError } from "../checks";
import type { Pair } from "../graph";
import type { Place } from "./elementwise";
import { shown } from "./fields";
import type { GraphNode } from "./graphDef";
import type { Known } from "./known";
import type { Builder, Value } from "./network";

/** Which of a value's height (0), width (1) and channels (2) an axis is; null for an extent of 1 that is none of them. */
export type Axis = 0 | 1 | 2 | null;

/**
 * A value of the network under the shape that TensorFlow gives it. The axes that occur are in order. `block`: where
 * TensorFlow has dealt every so manieth row and column to a picture of its own, to convolve with dilation; the value is
 * then the picture before dealing.
 */
export interface Seen {
  readonly value: Value;
  readonly dims: readonly number[];
  readonly axes: readonly Axis[];
  readonly block?: Pair;
}

export type Result = Known | Seen;

export const isSeen = (result: Result): result is Seen => "value" in result;

const AXES: readonly Axis[] = [null, 0, 1, 2];

/** A value as [1, height, width, channels]. */
export const picture = (value: Value): Seen => ({ value, dims: [1, ...value.shape], axes: AXES });

/** A value as SpaceToBatchND leaves it. */
export function dealt(value: Value, block: Pair): Seen {
  if (block[0] * block[1] === 1) return picture(value);
  const [high, wide, channels] = value.shape;
  const dims = [block[0] * block[1], high / block[0], wide / block[1], channels];
  return { value, dims, axes: AXES, block };
}

/** The same extents under the same shape. */
export const alike = (seen: Seen, value: Value): Seen => ({ ...seen, value });

export function isPicture({ value, dims, axes, block }: Seen): boolean {
  const whole = [1, ...value.shape];
  if (block !== undefined) return false;
  return dims.join() === whole.join() && dims.every((extent, i) => extent === 1 || axes[i] === AXES[i]);
}

/** The same values under another shape. Refuses where values would change places. */
export function renamed(seen: Seen, dims: readonly number[], where: string): Seen {
  const whole = [1, ...seen.value.shape];
  if (seen.block !== undefined)
    throw new BundleError(`${where}: a batch of pictures cannot be reshaped here`);
  for (let rank = 0; rank <= 4; rank++)
    if (dims.join() === whole.slice(rank).join() && whole.slice(0, rank).every((extent) => extent === 1))
      return { value: seen.value, dims, axes: AXES.slice(rank) };
  const kept = seen.value.shape.flatMap((extent, axis) =>
    extent === 1 ? [] : [{ extent, axis: axis as Axis }],
  );
  if (dims.filter((extent) => extent !== 1).join() !== kept.map(({ extent }) => extent).join())
    throw new BundleError(
      `${where}: reshaping ${seen.dims.join("x")} to ${dims.join("x")} moves values between places, which cannot run here`,
    );
  const left = kept.map(({ axis }) => axis);
  return {
    value: seen.value,
    dims,
    axes: dims.map((extent) => (extent === 1 ? null : (left.shift() ?? null))),
  };
}

/** One node while it is read. */
export class Step {
  readonly where: string;
  readonly place: Place;

  constructor(
    readonly builder: Builder,
    readonly node: GraphNode,
    readonly args: readonly Result[],
  ) {
    this.where = node.where;
    this.place = { builder, name: node.name, where: node.where };
  }

  refuse(says: string): never {
    throw new BundleError(`${this.where}: ${says}`);
  }

  arg(index: number): Result {
    const arg = this.args.at(index);
    return arg ?? this.refuse(`it has ${this.args.length} inputs, too few; export the model again`);
  }

  /** An input that depends on the picture. */
  seen(index: number): Seen {
    const arg = this.arg(index);
    return isSeen(arg) ? arg : this.refuse(`its input ${index} must be computed from the picture`);
  }

  /** An input [1, height, width, channels]. */
  picture(index: number): Value {
    const seen = this.seen(index);
    if (isPicture(seen)) return seen.value;
    return this.refuse(`its input of shape ${seen.dims.join("x")} must be [1, height, width, channels]`);
  }

  /** An input that does not depend on the picture. */
  known(index: number): Known {
    const arg = this.arg(index);
    return isSeen(arg) ? this.refuse(`its input ${index} must be constant, but depends on the picture`) : arg;
  }

  floats(index: number): Float32Array {
    const { values } = this.known(index);
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }

  /** A constant list of whole numbers (or one number). */
  whole(index: number, most = 16): number[] {
    const { values } = this.known(index);
    if (values instanceof Int32Array && values.length <= most) return Array.from(values);
    return this.refuse(`its input ${index} must be a short list of whole numbers`);
  }

  /** A constant whole number. */
  one(index: number): number {
    const [number, ...more] = this.whole(index);
    if (number === undefined || more.length > 0)
      return this.refuse(`its input ${index} must be one whole number`);
    return number;
  }

  channelsLast(): void {
    const format = this.node.attributes.text("data_format", "NHWC");
    if (format !== "NHWC" && format !== "")
      this.refuse(
        `it has its channels first (${shown(format)}); browsers run networks with channels last, so export the model as NHWC`,
      );
  }

  keepsDims(): boolean {
    const { attributes } = this.node;
    return attributes.flag("keep_dims") ?? attributes.flag("keepdims") ?? false;
  }
}
