// Activations, by themselves or at the end of a convolution. The same as in kit/models/manifest.py.
import { asKeys, asNodeName, asNumber, asNumberFrom, asObject, asOneOf } from "./checks";
import type { Json } from "./checks";

/** `swish`: x * sigmoid(x). The others without a parameter are what they are called. */
export interface PlainActivation {
  readonly type: "linear" | "relu" | "relu6" | "tanh" | "sigmoid" | "swish" | "elu";
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

function readPlain(json: Json, path: string, type: PlainActivation["type"]): PlainActivation {
  asKeys(json, path, ["type"]);
  return { type };
}

function readLeaky(json: Json, path: string, type: "leaky_relu"): LeakyRelu {
  asKeys(json, path, ["type", "alpha"]);
  return { type, alpha: asNumberFrom(json["alpha"], `${path}.alpha`, 0, 1) };
}

function readPrelu(json: Json, path: string, type: "prelu"): Prelu {
  asKeys(json, path, ["type", "slopes"]);
  return { type, slopes: asNodeName(json["slopes"], `${path}.slopes`) };
}

function readClip(json: Json, path: string, type: "clip"): Clip {
  asKeys(json, path, ["type", "low", "high"]);
  return { type, low: asNumber(json["low"], `${path}.low`), high: asNumber(json["high"], `${path}.high`) };
}

type Type = Activation["type"];

/** The registry of activations, as that of operators in nodes.ts. */
const READERS: { readonly [T in Type]: (json: Json, path: string, type: T) => Activation } = {
  linear: readPlain,
  relu: readPlain,
  relu6: readPlain,
  tanh: readPlain,
  sigmoid: readPlain,
  swish: readPlain,
  elu: readPlain,
  leaky_relu: readLeaky,
  prelu: readPrelu,
  clip: readClip,
};

export const ACTIVATIONS = Object.keys(READERS) as readonly Type[];

const readAs = <T extends Type>(json: Json, path: string, type: T): Activation =>
  READERS[type](json, path, type);

export function readActivation(value: unknown, path: string): Activation {
  const json = asObject(value, path);
  return readAs(json, path, asOneOf(json["type"], `${path}.type`, ACTIVATIONS));
}
