// Activations as nodes of their own, and those that TensorFlow.js computes within a convolution's program.
import type { LoadedBundle } from "../../engine/bundle";
import type { Activation } from "../../engine/nodes";
import { filled, float, makeNode, partName, storedWeight, valueName } from "./graphDef";
import type { Attributes, GraphDefNode, Piece, Weight } from "./graphDef";

/** What a convolution's program ends with: its name there, what it needs, and how it is told. */
export interface FusedActivation {
  readonly names: readonly string[];
  readonly weights: readonly Weight[];
  readonly attributes: Attributes;
}

const FUSED: Partial<Record<Activation["type"], string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  leaky_relu: "LeakyRelu",
  prelu: "Prelu",
};
const SINGLE: Partial<Record<Activation["type"], string>> = { ...FUSED, tanh: "Tanh", linear: "Identity" };

/** For activations that a convolution can end with, else null. */
export function fusedActivation(activation: Activation, bundle: LoadedBundle): FusedActivation | null {
  if (activation.type === "linear") return { names: [], weights: [], attributes: {} };
  const name = FUSED[activation.type];
  if (name === undefined) return null;
  return {
    names: [name],
    weights: activation.type === "prelu" ? [storedWeight(bundle, activation.slopes)] : [],
    attributes: { leakyrelu_alpha: float(activation.type === "leaky_relu" ? activation.alpha : 0) },
  };
}

function clipped(name: string, input: string, low: number, high: number): Piece {
  // min(max(x, low), high) is high where low is above it; TensorFlow.js would refuse such a pair.
  const ends = [filled(`${name}#low`, [], Math.min(low, high)), filled(`${name}#high`, [], high)];
  return {
    nodes: [makeNode(name, "ClipByValue", [input, ...ends.map((end) => end.name)])],
    weights: ends,
  };
}

/** The activation of `input` under the name of the bundle's node `name`. */
export function activated(name: string, input: string, activation: Activation, bundle: LoadedBundle): Piece {
  const end = valueName(name);
  const one = (op: string, more: readonly string[] = [], attr: Attributes = {}): GraphDefNode =>
    makeNode(end, op, [input, ...more], attr);
  switch (activation.type) {
    case "leaky_relu":
      return { nodes: [one("LeakyRelu", [], { alpha: float(activation.alpha) })], weights: [] };
    case "prelu": {
      const slopes = storedWeight(bundle, activation.slopes);
      return { nodes: [one("Prelu", [slopes.name])], weights: [slopes] };
    }
    case "clip":
      return clipped(end, input, activation.low, activation.high);
    case "swish": {
      const gate = makeNode(partName(name, "gate"), "Sigmoid", [input]);
      return { nodes: [gate, one("Mul", [gate.name])], weights: [] };
    }
    default:
      return { nodes: [one(SINGLE[activation.type] ?? "Identity")], weights: [] };
  }
}
