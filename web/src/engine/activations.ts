// Activations, by themselves or at the end of a convolution. The same as in kit/models/manifest.py.
import { asKeys, asNodeName, asNumber, asNumberFrom, asObject, asOneOf } from "./checks";

const PLAIN = ["linear", "relu", "relu6", "tanh", "sigmoid", "swish", "elu"] as const;
const TYPES = [...PLAIN, "leaky_relu", "prelu", "clip"] as const;

/** `swish`: x * sigmoid(x). The others without a parameter are what they are called. */
export interface PlainActivation {
  readonly type: (typeof PLAIN)[number];
}

/** x where x > 0, else alpha * x; alpha lies in 0..1. */
export interface LeakyRelu {
  readonly type: "leaky_relu";
  readonly alpha: number;
}

/** x where x > 0, else slope * x; `slopes` names a tensor of shape [channels]. */
export interface Prelu {
  readonly type: "prelu";
  readonly slopes: string;
}

/** min(max(x, low), high) */
export interface Clip {
  readonly type: "clip";
  readonly low: number;
  readonly high: number;
}

export type Activation = PlainActivation | LeakyRelu | Prelu | Clip;

export function readActivation(value: unknown, path: string): Activation {
  const json = asObject(value, path);
  const type = asOneOf(json["type"], `${path}.type`, TYPES);
  switch (type) {
    case "leaky_relu":
      asKeys(json, path, ["type", "alpha"]);
      return { type, alpha: asNumberFrom(json["alpha"], `${path}.alpha`, 0, 1) };
    case "prelu":
      asKeys(json, path, ["type", "slopes"]);
      return { type, slopes: asNodeName(json["slopes"], `${path}.slopes`) };
    case "clip":
      asKeys(json, path, ["type", "low", "high"]);
      return {
        type,
        low: asNumber(json["low"], `${path}.low`),
        high: asNumber(json["high"], `${path}.high`),
      };
    default:
      asKeys(json, path, ["type"]);
      return { type };
  }
}
