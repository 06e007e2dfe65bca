// What the generators of shaders are given.
import type { Value } from "../../plan";
import type { Gpu } from "../gpu";
import type { Slot } from "../slots";
import type { Tuning } from "../tuning";

export interface Making {
  readonly gpu: Gpu;
  readonly tuning: Tuning;
  slot(value: Value): Slot;
  /** A stored tensor as floats in its full shape. */
  tensor(name: string): Float32Array;
  /** Of an int8 tensor whose scales lie along this axis: the scales; else null. */
  scales(name: string, axis: number): Float32Array | null;
}

export const groupsOf = (channels: number): number => Math.ceil(channels / 4);

/** Channels padded with zeros to whole groups. */
export function padded(values: Float32Array | null, groups: number): Float32Array {
  const result = new Float32Array(groups * 4);
  if (values !== null) result.set(values);
  return result;
}

/** Several lists of as many channels, one after the other, for one buffer of vec4f. */
export function stacked(groups: number, lists: readonly (Float32Array | null)[]): Float32Array {
  const result = new Float32Array(groups * 4 * lists.length);
  lists.forEach((list, i) => result.set(padded(list, groups), i * groups * 4));
  return result;
}
