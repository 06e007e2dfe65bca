// Depth to space: blocks of channels become blocks of places.
import type { BlocksStep } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import type { Making } from "./context";

export function blocksKernel(step: BlocksStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  if (source === undefined) return [];
  const { block, output } = step;
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const last = source.shape[2] - 1;
  const channel = (k: number): string => `let c${k}=min(first+${k},${last});
let v${k}=${load(`(y/${block})`, `(x/${block})`, `(c${k}>>2u)`)}[c${k}&3];`;
  const body = `let first=((y%${block})*${block}+x%${block})*${output.shape[2]}+g*4;
${[0, 1, 2, 3].map(channel).join("\n")}
let v=vec4f(v0,v1,v2,v3);`;
  return [perPlace(step.name, shader, making.slot(output), body)];
}
