// Weights in the order in which the shader of a convolution reads them.
import { kernelSize, phaseKernel } from "../../plan";
import type { ConvStep } from "../../plan";
import type { Tuning } from "../tuning";
import { groupsOf } from "./context";
import type { Making } from "./context";
import type { Pattern } from "./patterns";

/** [phase][input group][tap][output group] blocks of [4 in][4 out]. */
export interface Packed {
  readonly kind: Tuning["weights"];
  readonly values: Float32Array | Uint32Array;
  /** Of int8: what each output channel's sum is multiplied by. */
  readonly scale: Float32Array | null;
}

/** The place of each input channel among padded groups of four, value after value. */
function lanes(step: ConvStep): number[] {
  let group = 0;
  return step.inputs.flatMap(({ shape }) => {
    const first = group;
    group += groupsOf(shape[2]);
    return Array.from({ length: shape[2] }, (_, i) => first * 4 + i);
  });
}

/** `made` groups of output channels, padded by the caller to whole blocks. */
export function blockWeights(
  step: ConvStep,
  pattern: Pattern,
  kernel: Float32Array,
  made: number,
): Float32Array {
  const places = lanes(step);
  const taken = step.inputs.reduce((sum, { shape }) => sum + groupsOf(shape[2]), 0);
  const { made: channels } = kernelSize(step);
  const taps = pattern.taps.length;
  const result = new Float32Array(pattern.phases.length * taken * taps * made * 16);
  pattern.phases.forEach(({ phase }, p) => {
    const weights = phaseKernel(step, phase, kernel);
    for (let t = 0; t < taps; t++)
      places.forEach((place, c) => {
        const [i, k] = [place >> 2, place & 3];
        const row = (((p * taken + i) * taps + t) * made * 4 + k) * 4;
        const from = (t * places.length + c) * channels;
        for (let o = 0; o < channels; o++) result[row + (o >> 2) * 16 + (o & 3)] = weights[from + o] ?? 0;
      });
  });
  return result;
}

/** Blocks as bytes, four to a word, or null where they are not whole multiples of the scales. */
function asBytes(blocks: Float32Array, scale: Float32Array, made: number): Uint32Array | null {
  const bytes = new Int8Array(blocks.length);
  for (let n = 0; n < blocks.length; n++) {
    const step = scale[((n >> 4) % made) * 4 + (n & 3)] || 1;
    const whole = Math.round((blocks[n] ?? 0) / step);
    if (Math.abs(whole) > 127 || Math.abs(whole * step - (blocks[n] ?? 0)) > 1e-5 * step * 127) return null;
    bytes[n] = whole;
  }
  return new Uint32Array(bytes.buffer);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of a float as the nearest half (ties to even); what is too large becomes infinity. */
export function halfBits(value: number): number {
  float[0] = value;
  const whole = bits[0] ?? 0;
  const sign = (whole >>> 16) & 0x8000;
  const exponent = ((whole >>> 23) & 0xff) - 112;
  if (exponent >= 31) return sign | 0x7c00 | ((whole & 0x7fffffff) > 0x7f800000 ? 0x200 : 0);
  if (exponent < -10) return sign;
  const mantissa = (whole & 0x7fffff) | 0x800000;
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  const up = rest > tie || (rest === tie && (kept & 1) === 1) ? 1 : 0;
  // A carry out of the mantissa rightly raises the exponent.
  return sign | ((exponent > 0 ? (exponent - 1) << 10 : 0) + kept + up);
}

export function asHalves(values: Float32Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(values.length / 2));
  values.forEach((value, n) => (words[n >> 1] = (words[n >> 1] ?? 0) | (halfBits(value) << (16 * (n & 1)))));
  return words;
}

/** Weights as the tuning wants them; float32 where bytes would not be exact. */
export function packWeights(step: ConvStep, pattern: Pattern, made: number, making: Making): Packed {
  const blocks = blockWeights(step, pattern, making.tensor(step.kernel.tensor), made);
  const { weights } = making.tuning;
  if (weights === "float16") return { kind: weights, values: asHalves(blocks), scale: null };
  const { tensor, transposed } = step.kernel;
  const scales = weights === "int8" ? making.scales(tensor, transposed ? 2 : 3) : null;
  if (scales !== null) {
    const padded = new Float32Array(made * 4);
    padded.set(scales);
    const bytes = asBytes(blocks, padded, made);
    // Devices unpack bytes as shares of 127.
    if (bytes !== null) return { kind: "int8", values: bytes, scale: scales.map((scale) => scale * 127) };
  }
  return { kind: "float32", values: blocks, scale: null };
}
