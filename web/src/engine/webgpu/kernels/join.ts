// Channels of several values, one after the other.
import type { JoinStep } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import type { Making } from "./context";

export function joinKernel(step: JoinStep, making: Making): Dispatch[] {
  const shader = new Shader();
  let first = 0;
  // A value that is joined with itself is bound once.
  const loads = new Map([...new Set(step.inputs)].map((value) => [value, shader.read(making.slot(value))]));
  const cases = step.inputs.map((value) => {
    const from = first;
    first += value.shape[2];
    const place = loads.get(value)?.("y", "x", `((c-${from})>>2u)`);
    return `if(c<${first}){return ${place}[(c-${from})&3];}`;
  });
  shader.need(`fn channel(y:i32,x:i32,c:i32)->f32{\n${cases.join("\n")}\nreturn 0.0;}`);
  const four = [0, 1, 2, 3].map((k) => `channel(y,x,g*4+${k})`);
  return [perPlace(step.name, shader, making.slot(step.output), `let v=vec4f(${four.join(",")});`)];
}
