// Activations in shaders.
import type { Activation } from "../plan";
import { float } from "./address";

// By exp, because some drivers' tanh overflows; the division's result is right at both ends.
const TANH = "1.0 - 2.0 / (exp(2.0 * x) + 1.0)";

function expression(activation: Activation): string {
  switch (activation.type) {
    case "linear":
      return "x";
    case "relu":
      return "max(x, 0.0)";
    case "relu6":
      return "clamp(x, 0.0, 6.0)";
    case "tanh":
      return TANH;
    case "sigmoid":
      return "1.0 / (1.0 + exp(-x))";
    case "swish":
      return "x / (1.0 + exp(-x))";
    case "elu":
      return "mix(exp(min(x, 0.0)) - 1.0, x, greaterThan(x, vec4(0.0)))";
    case "leaky_relu":
      return `max(x, x * ${float(activation.alpha)})`; // alpha lies in 0..1
    case "prelu":
      return "mix(x * slopes, x, greaterThan(x, vec4(0.0)))";
    case "clip":
      return `min(max(x, ${float(activation.low)}), ${float(activation.high)})`;
  }
}

/** A function `activate(x, slopes)`; slopes are those of prelu and mean nothing to the others. */
export const activationSource = (activation: Activation): string =>
  `vec4 activate(vec4 x, vec4 slopes) { return ${expression(activation)}; }\n`;
