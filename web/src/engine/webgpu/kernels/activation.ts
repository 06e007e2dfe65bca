// Activations and functions of one value, as WGSL expressions of a vec4f.
import type { Activation } from "../../activations";
import type { MapStep } from "../../plan";

/** A number as WGSL reads it: always with a point or an exponent. */
export function float(value: number): string {
  const text = String(Math.fround(value));
  return `f32(${/[.e]/.test(text) ? text : `${text}.0`})`;
}

const clip = (v: string, low: string, high: string): string => `min(max(${v},vec4f(${low})),vec4f(${high}))`;
// Some drivers compute tanh by exp and get infinity / infinity; beyond 10 it is 1 in every float. The same for exp.
const sigmoid = (v: string): string => `(1.0/(1.0+exp(${clip(`-(${v})`, "-80.0", "80.0")})))`;

/** `v` is a name; `slopes` a vec4f expression of the channels' slopes (for prelu). */
export function activated(activation: Activation, v: string, slopes: string): string {
  switch (activation.type) {
    case "linear":
      return v;
    case "relu":
      return `max(${v},vec4f(0))`;
    case "relu6":
      return clip(v, "0.0", "6.0");
    case "tanh":
      return `tanh(${clip(v, "-10.0", "10.0")})`;
    case "sigmoid":
      return sigmoid(v);
    case "swish":
      return `${v}*${sigmoid(v)}`;
    case "elu":
      return `select(exp(min(${v},vec4f(0)))-1.0,${v},${v}>vec4f(0))`;
    case "leaky_relu":
      return `select(${v}*${float(activation.alpha)},${v},${v}>vec4f(0))`;
    case "prelu":
      return `select(${v}*${slopes},${v},${v}>vec4f(0))`;
    case "clip":
      return clip(v, float(activation.low), float(activation.high));
  }
}

export const UNARY: Readonly<
  Record<Exclude<MapStep["map"]["op"], "activation" | "affine">, (v: string) => string>
> = {
  abs: (v) => `abs(${v})`,
  exp: (v) => `exp(${v})`,
  neg: (v) => `-${v}`,
  reciprocal: (v) => `1.0/${v}`,
  rsqrt: (v) => `inverseSqrt(${v})`,
  sqrt: (v) => `sqrt(${v})`,
  square: (v) => `${v}*${v}`,
};
