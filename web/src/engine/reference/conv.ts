// Convolutions, phase by phase as the plan has them.
import { kernelSize, phaseKernel } from "../plan";
import type { ConvStep, Phase } from "../plan";
import { activate } from "./activation";
import { join } from "./join";
import type { Compute } from "./steps";
import type { Dense } from "./store";

/** Adds to the sums of all output channels what one tap gives; `at` and `from` are its input pixel and its plane [in, out]. */
function addTap(
  sums: Float64Array,
  source: Dense,
  at: number,
  taken: number,
  weights: Float32Array,
  from: number,
) {
  const made = sums.length;
  for (let i = 0; i < taken; i++) {
    const x = source[at + i] ?? NaN;
    const row = from + i * made;
    for (let o = 0; o < made; o++) sums[o] = (sums[o] ?? NaN) + x * (weights[row + o] ?? NaN);
  }
}

/** The same where each output channel sees one input channel alone. */
function addTapDepthwise(
  sums: Float64Array,
  source: Dense,
  at: number,
  taken: number,
  weights: Float32Array,
  from: number,
) {
  const multiplier = sums.length / taken;
  for (let o = 0; o < sums.length; o++) {
    const x = source[at + Math.floor(o / multiplier)] ?? NaN;
    sums[o] = (sums[o] ?? NaN) + x * (weights[from + o] ?? NaN);
  }
}

/** Adds up place (i, j) of a phase into `sums`; `source` has this many channels. */
function addUp(
  sums: Float64Array,
  step: ConvStep,
  phase: Phase,
  kernel: Float32Array,
  source: Dense,
  channels: number,
) {
  const [height = 0, width = 0] = step.inputs[0]?.shape ?? [];
  const plane = kernel.length / phase.taps.length;
  const add = step.depthwise ? addTapDepthwise : addTap;
  return (i: number, j: number): void => {
    phase.taps.forEach(({ dy, dx }, tap) => {
      const [y, x] = [i * step.stride[0] + dy, j * step.stride[1] + dx];
      if (y < 0 || x < 0 || y >= height || x >= width) return;
      add(sums, source, (y * width + x) * channels, channels, kernel, tap * plane);
    });
  };
}

export const conv: Compute<"conv"> = (step, inputs, tensor) => {
  const channels = step.inputs.reduce((sum, { shape }) => sum + shape[2], 0);
  const source = join(step, inputs);
  const { made } = kernelSize(step);
  const whole = tensor(step.kernel.tensor);
  const bias = step.bias === null ? new Float32Array(made) : tensor(step.bias);
  const activation = activate(step.activation, tensor);
  const [tall, wide] = step.output.shape;
  const result = new Float32Array(tall * wide * made).fill(NaN);
  const sums = new Float64Array(made);
  for (const phase of step.phases) {
    const addPlace = addUp(sums, step, phase, phaseKernel(step, phase, whole), source, channels);
    for (let i = 0; i < phase.places[0]; i++) {
      for (let j = 0; j < phase.places[1]; j++) {
        sums.set(bias);
        addPlace(i, j);
        const at = ((phase.at[0] + i * step.grow[0]) * wide + phase.at[1] + j * step.grow[1]) * made;
        for (let o = 0; o < made; o++) result[at + o] = activation(sums[o] ?? NaN, o);
      }
    }
  }
  return result;
};
