// Activations as the kernels take them: x * slope below 0, then held between low and high; or one of four curves.
import type { Activation } from "../activations";
import { ACTIVATION } from "./built/layout";
import type { Arena } from "./arena";
import type { Record_ } from "./records";

interface Form {
  readonly curve: number;
  /** Below 0: one for all channels, or the name of a tensor. */
  readonly slope: number | string;
  readonly low: number;
  readonly high: number;
}

const straight = (slope: number | string, low = -Infinity, high = Infinity): Form => ({
  curve: ACTIVATION.straight,
  slope,
  low,
  high,
});
const curve = (curve: number): Form => ({ ...straight(1), curve });

function formOf(activation: Activation): Form {
  switch (activation.type) {
    case "linear":
      return straight(1);
    case "relu":
      return straight(1, 0);
    case "relu6":
      return straight(1, 0, 6);
    case "clip":
      return straight(1, activation.low, activation.high);
    case "leaky_relu":
      return straight(activation.alpha);
    case "prelu":
      return straight(activation.slopes);
    case "tanh":
      return curve(ACTIVATION.tanh);
    case "sigmoid":
      return curve(ACTIVATION.sigmoid);
    case "swish":
      return curve(ACTIVATION.swish);
    case "elu":
      return curve(ACTIVATION.elu);
  }
}

export interface Scaling {
  readonly scale?: Float32Array | undefined;
  readonly bias?: Float32Array | undefined;
}

/** A number for each channel, filled up to whole eights. */
export function perChannel(channels: number, values: Float32Array | number): Float32Array {
  const filled = new Float32Array(Math.ceil(channels / 8) * 8);
  if (typeof values === "number") return filled.fill(values);
  filled.set(values);
  return filled;
}

/** act(x * scale + bias) for every output channel. */
export function endingOf(
  arena: Arena,
  tensor: (name: string) => Float32Array,
  channels: number,
  activation: Activation,
  { scale, bias }: Scaling,
): Record_<"ending"> {
  const form = formOf(activation);
  const slopes = typeof form.slope === "string" ? tensor(form.slope) : form.slope;
  return {
    activation: form.curve,
    scale: arena.array(perChannel(channels, scale ?? 1)),
    bias: arena.array(perChannel(channels, bias ?? 0)),
    slopes: arena.array(perChannel(channels, slopes)),
    low: form.low,
    high: form.high,
  };
}
