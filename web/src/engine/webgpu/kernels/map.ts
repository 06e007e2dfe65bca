// One function of each value, or a scale and a shift a channel.
import type { MapStep } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import { UNARY, activated } from "./activation";
import { groupsOf, stacked } from "./context";
import type { Making } from "./context";

/** WGSL of the result; `p` is a buffer of vec4f lists, if one is needed. */
function formula({ map }: MapStep, made: (lists: readonly string[]) => string, groups: number): string {
  if (map.op === "affine") {
    const p = made([map.scale, map.shift]);
    return `u*${p}[g]+${p}[g+${groups}]`;
  }
  if (map.op !== "activation") return UNARY[map.op]("u");
  const { activation } = map;
  const slopes = activation.type === "prelu" ? `${made([activation.slopes])}[g]` : "";
  return activated(activation, "u", slopes);
}

export function mapKernel(step: MapStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  if (source === undefined) return [];
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const groups = groupsOf(step.output.shape[2]);
  const lists = (names: readonly string[]): string => {
    const values = stacked(groups, names.map(making.tensor));
    return shader.data(making.gpu.filled(step.name, values), "array<vec4f>");
  };
  const value = formula(step, lists, groups);
  const body = `let u=${load("y", "x", "g")};\nlet v=${value};`;
  return [perPlace(step.name, shader, making.slot(step.output), body)];
}
