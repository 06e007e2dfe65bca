// Two values, place by place; extents of 1 stretch.
import type { CombineStep, Value } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import type { Making } from "./context";

const FORMULA: Record<CombineStep["op"], string> = {
  add: "a+c",
  sub: "a-c",
  mul: "a*c",
  div: "a/c",
  maximum: "max(a,c)",
  minimum: "min(a,c)",
};

/** A value at a place of the result. */
function stretched(value: Value, to: Value, shader: Shader, making: Making): string {
  const [height, width, channels] = value.shape;
  const load = shader.read(making.slot(value));
  const [tall, wide, deep] = to.shape;
  const at = load(height < tall ? "0" : "y", width < wide ? "0" : "x", channels < deep ? "0" : "g");
  return channels < deep ? `vec4f(${at}.x)` : at;
}

export function combineKernel(step: CombineStep, making: Making): Dispatch[] {
  const shader = new Shader();
  const [first, second] = step.inputs;
  if (first === undefined || second === undefined) return [];
  const a = stretched(first, step.output, shader, making);
  const c = stretched(second, step.output, shader, making);
  const body = `let a=${a};\nlet c=${c};\nlet v=${FORMULA[step.op]};`;
  return [perPlace(step.name, shader, making.slot(step.output), body)];
}
