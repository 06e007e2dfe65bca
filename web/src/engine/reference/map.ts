// One function of each value, or a scale and a shift for each channel.
import type { MapStep } from "../plan";
import { activate } from "./activation";
import type { Compute, Tensors } from "./steps";

type Unary = Exclude<MapStep["map"]["op"], "activation" | "affine">;

const UNARY: Record<Unary, (x: number) => number> = {
  abs: Math.abs,
  exp: Math.exp,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sqrt: Math.sqrt,
  square: (x) => x * x,
};

function functionOf(step: MapStep, tensor: Tensors): (x: number, channel: number) => number {
  if (step.map.op === "activation") return activate(step.map.activation, tensor);
  if (step.map.op !== "affine") return UNARY[step.map.op];
  const [scale, shift] = [tensor(step.map.scale), tensor(step.map.shift)];
  return (x, channel) => x * (scale[channel] ?? NaN) + (shift[channel] ?? NaN);
}

export const map: Compute<"map"> = (step, [source = new Float32Array()], tensor) => {
  const channels = step.output.shape[2];
  const apply = functionOf(step, tensor);
  return source.map((x, i) => apply(x, i % channels));
};
