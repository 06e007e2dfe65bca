// Activations as functions of one number and its channel.
import type { Activation, PlainActivation } from "../activations";

const PLAIN: Record<PlainActivation["type"], (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  swish: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

/** `tensor` gives the slopes that a prelu names. NaN stays NaN. */
export function activate(
  activation: Activation,
  tensor: (name: string) => Float32Array,
): (x: number, channel: number) => number {
  switch (activation.type) {
    case "leaky_relu":
      return (x) => (x > 0 ? x : activation.alpha * x);
    case "prelu": {
      const slopes = tensor(activation.slopes);
      return (x, channel) => (x > 0 ? x : (slopes[channel] ?? NaN) * x);
    }
    case "clip":
      return (x) => Math.min(Math.max(x, activation.low), activation.high);
    default:
      return PLAIN[activation.type];
  }
}
