// Depthwise convolutions: every output channel reads one input channel.
import { kernelSize, phaseKernel } from "../../plan";
import type { ConvStep, Phase } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch, Load } from "../shader";
import { activated } from "./activation";
import { groupsOf, padded, stacked } from "./context";
import type { Making } from "./context";

/** WGSL of the four input values that a group of output channels reads. */
function reading(load: Load, y: string, x: string, multiplier: number, taken: number): string {
  if (multiplier === 1) return load(y, x, "g");
  const one = (k: number): string => {
    const channel = `min((g*4+${k})/${multiplier},${taken - 1})`;
    return `${load(y, x, `(${channel}/4)`)}[${channel}%4]`;
  };
  return `vec4f(${[0, 1, 2, 3].map(one).join(",")})`;
}

/** [tap][group] of vec4f. */
function packed(step: ConvStep, phase: Phase, making: Making): Float32Array {
  const { made } = kernelSize(step);
  const weights = phaseKernel(step, phase, making.tensor(step.kernel.tensor));
  const groups = groupsOf(made);
  const result = new Float32Array(Math.max(1, phase.taps.length) * groups * 4);
  phase.taps.forEach((_, t) =>
    result.set(padded(weights.subarray(t * made, (t + 1) * made), groups), t * groups * 4),
  );
  return result;
}

export function depthwiseKernel(step: ConvStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  const [phase] = step.phases;
  if (source === undefined || phase === undefined) return [];
  const shader = new Shader();
  const { made } = kernelSize(step);
  const groups = groupsOf(made);
  const slot = making.slot(source);
  const live = phase.taps.length > 0;
  const load = live ? shader.read(slot) : () => "";
  const w = live
    ? shader.data(making.gpu.filled(step.name, packed(step, phase, making)), "array<vec4f>")
    : "";
  const { activation, stride } = step;
  const slopes = activation.type === "prelu" ? making.tensor(activation.slopes) : null;
  const lists = stacked(groups, [step.bias === null ? null : making.tensor(step.bias), slopes]);
  const p = shader.data(making.gpu.filled(`${step.name} bias`, lists), "array<vec4f>");
  const products = phase.taps.map(({ dy, dx }, t) => {
    const place = reading(load, `(iy+${dy})`, `(ix+${dx})`, made / source.shape[2], source.shape[2]);
    return `u+=${w}[${t * groups}+g]*${place};`;
  });
  const body = `let iy=y*${stride[0]}; let ix=x*${stride[1]};
var u=${p}[g];
${products.join("\n")}
let v=${activated(activation, "u", `${p}[g+${groups}]`)};`;
  return [perPlace(step.name, shader, making.slot(step.output), body)];
}
