// What is chosen per device, in one short word: `texture-4x2-quad-s1`, perhaps with `,weights=int8` behind it.
import { EngineError } from "../device";
import { printHalf, readHalf } from "../tuning";
import type { WithHalf } from "../tuning";

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

const FORM = /^(texture|buffer)-([1248])x([124])-(quad|each)-s([1248])(?:,weights=(float32|float16|int8))?$/;

/** `texture-4x2-quad-s1,weights=int8` */
export const printTuning = ({ values, pixels, groups, quad, split, weights }: Tuning): string =>
  `${[values, `${pixels}x${groups}`, quad ? "quad" : "each", `s${split}`].join("-")},weights=${weights}`;

/** `stored`: how weights are held where the text does not say. Throws `EngineError` "unsupported". */
export function readTuning(text: string, stored: Tuning["weights"]): Tuning {
  const found = FORM.exec(text);
  if (found === null)
    throw new EngineError("unsupported", `WebGPU knows no tuning "${text}"; one is texture-4x2-quad-s1.`);
  const [, values, pixels, groups, quad, split, weights = stored] = found;
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

/** What is likely to be quick. `stored`: how the bundle holds its weights; keeping them so loses nothing. */
export function likelyTuning(quads: boolean, stored: Tuning["weights"]): Tuning {
  if (!quads) return { values: "buffer", pixels: 4, groups: 1, quad: false, split: 8, weights: stored };
  // Software unpacks bytes for less than it reads floats for, but halves for more.
  const weights = stored === "float16" ? "float32" : stored;
  return { values: "texture", pixels: 4, groups: 2, quad: true, split: 1, weights };
}

/** All that the autotune chooses. */
export type Choice = WithHalf<Tuning>;

/** `texture-4x2-quad-s1,weights=int8,half=wrong` */
export const printChoice = (choice: Choice): string => printHalf(choice, printTuning);
export const readChoice = (text: string, stored: Tuning["weights"]): Choice =>
  readHalf(text, (words) => readTuning(words, stored));
