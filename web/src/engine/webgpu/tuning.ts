// What is chosen per device, in one short word: `texture-4x2-quad-s1-int8`.
import { EngineError } from "../device";

export interface Tuning {
  /** What values live in. Software adapters read texels several times faster than places of buffers. */
  readonly values: "texture" | "buffer";
  /** Places of a row, and groups of four channels, that one invocation computes. */
  readonly pixels: number;
  readonly groups: number;
  /** Four invocations read one weight each and show it to each other; only where subgroups have exactly four. */
  readonly quad: boolean;
  /** Most invocations that share the sum of one place, where a layer has few places. */
  readonly split: number;
  readonly weights: "float32" | "float16" | "int8";
}

const FORM = /^(texture|buffer)-([1248])x([124])-(quad|each)-s([1248])-(float32|float16|int8)$/;

export const printTuning = (tuning: Tuning): string =>
  [
    tuning.values,
    `${tuning.pixels}x${tuning.groups}`,
    tuning.quad ? "quad" : "each",
    `s${tuning.split}`,
    tuning.weights,
  ].join("-");

/** Throws `EngineError` "unsupported" for words that are not a tuning. */
export function readTuning(text: string): Tuning {
  const found = FORM.exec(text);
  if (found === null)
    throw new EngineError(
      "unsupported",
      `WebGPU knows no tuning "${text}"; one is texture-4x2-quad-s1-int8.`,
    );
  const [, values, pixels, groups, quad, split, weights] = found;
  return {
    values: values as Tuning["values"],
    pixels: Number(pixels),
    groups: Number(groups),
    quad: quad === "quad",
    split: Number(split),
    weights: weights as Tuning["weights"],
  };
}

/** Whether subgroups are exactly four invocations wide: then they are quads, as on software adapters. */
export function hasQuads(adapter: GPUAdapter, device: GPUDevice): boolean {
  const { subgroupMinSize, subgroupMaxSize } = adapter.info as {
    subgroupMinSize?: number;
    subgroupMaxSize?: number;
  };
  const there = (device.features as ReadonlySet<string>).has("subgroups");
  return there && subgroupMinSize === 4 && subgroupMaxSize === 4;
}

/** What is likely to be quick; weights are held as the bundle stores them, which loses nothing. */
export function likelyTuning(quads: boolean, weights: Tuning["weights"]): Tuning {
  if (quads) return { values: "texture", pixels: 4, groups: 2, quad: true, split: 1, weights };
  return { values: "buffer", pixels: 4, groups: 1, quad: false, split: 8, weights };
}
