// The largest or the mean value of a window; what lies beyond the edges does not count.
import type { PoolStep } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import type { Making } from "./context";

export function poolKernel(step: PoolStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  if (source === undefined) return [];
  const [height, width] = source.shape;
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const most = step.op === "max";
  const { window, stride, before } = step;
  const body = `var v=vec4f(${most ? "-3.4e38" : "0"}); var n=0.0;
for(var i=0;i<${window[0]};i++){ let r=y*${stride[0]}-${before[0]}+i;
for(var j=0;j<${window[1]};j++){ let s=x*${stride[1]}-${before[1]}+j;
if(r>=0&&r<${height}&&s>=0&&s<${width}){ let u=${load("r", "s", "g")}; v=${most ? "max(v,u)" : "v+u"}; n+=1.0; } } }
${most ? "" : "v=v/n;"}`;
  return [perPlace(step.name, shader, making.slot(step.output), body)];
}
