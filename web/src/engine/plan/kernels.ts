// Kernels in the one order that all back ends pack from: [taps of the phase][input channel][output channel].
import type { ConvStep, Phase } from "./types";

/** Channels that one output channel reads, and all output channels. */
export function kernelSize(step: ConvStep): { readonly taken: number; readonly made: number } {
  const [, , third = 1, fourth = 1] = step.kernel.shape;
  if (step.depthwise) return { taken: 1, made: third * fourth };
  return step.kernel.transposed ? { taken: fourth, made: third } : { taken: third, made: fourth };
}

/** One tap's plane [out, in] as [in, out]. */
function turned(plane: Float32Array, taken: number, made: number): Float32Array {
  const result = new Float32Array(plane.length);
  for (let o = 0; o < made; o++)
    for (let i = 0; i < taken; i++) result[i * made + o] = plane[o * taken + i] ?? 0;
  return result;
}

/**
 * The weights of one phase, [taps, in, out] (depthwise: [taps, 1, out]), from the whole kernel tensor as the bundle has it.
 */
export function phaseKernel(step: ConvStep, phase: Phase, kernel: Float32Array): Float32Array {
  const { taken, made } = kernelSize(step);
  const size = taken * made;
  const result = new Float32Array(phase.taps.length * size);
  phase.taps.forEach(({ plane }, i) => {
    const values = kernel.subarray(plane * size, (plane + 1) * size);
    result.set(step.kernel.transposed ? turned(values, taken, made) : values, i * size);
  });
  return result;
}
