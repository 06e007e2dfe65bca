// The graph's nodes. A node with an operator that is not listed here is refused by the operator's name.
import {
  asInteger,
  asList,
  asNodeName,
  asNumber,
  asObject,
  asOneOf,
  asShape3,
  asTuple,
  refuse,
} from "./checks";
import type { Shape3 } from "./checks";

export type Activation =
  | { readonly type: "linear" | "relu" | "tanh" | "sigmoid" }
  | { readonly type: "leaky_relu"; readonly alpha: number };

export interface ConvNode {
  readonly name: string;
  readonly op: "conv2d" | "conv2d_transpose";
  readonly inputs: readonly [string];
  readonly kernel: string;
  readonly bias: string | null;
  readonly strides: readonly [number, number];
  readonly padding: "same";
  readonly activation: Activation;
  readonly shape: Shape3;
}

export interface ConcatNode {
  readonly name: string;
  readonly op: "concat";
  readonly inputs: readonly string[];
  readonly axis: -1;
  readonly shape: Shape3;
}

export type GraphNode = ConvNode | ConcatNode;

function readActivation(value: unknown, path: string): Activation {
  const json = asObject(value, path);
  const type = asOneOf(json["type"], `${path}.type`, ["linear", "relu", "leaky_relu", "tanh", "sigmoid"]);
  return type === "leaky_relu" ? { type, alpha: asNumber(json["alpha"], `${path}.alpha`) } : { type };
}

/** One node of `graph`; `path` is where it stands, for the error's sentence. */
export function readNode(value: unknown, path: string): GraphNode {
  const json = asObject(value, path);
  const op = asOneOf(json["op"], `${path}.op`, ["conv2d", "conv2d_transpose", "concat"]);
  const name = asNodeName(json["name"], `${path}.name`);
  const inputs = asList(json["inputs"], `${path}.inputs`, 16).map((v, i) =>
    asNodeName(v, `${path}.inputs.${i}`),
  );
  const shape = asShape3(json["shape"], `${path}.shape`);
  if (op === "concat") {
    if (json["axis"] !== -1) refuse(`${path}.axis`, "must be -1: only channels are joined");
    if (inputs.length < 2) refuse(`${path}.inputs`, "must name at least two nodes");
    return { name, op, inputs, axis: -1, shape };
  }
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) refuse(`${path}.inputs`, "must name one node");
  return {
    name,
    op,
    inputs: [input],
    kernel: asNodeName(json["kernel"], `${path}.kernel`),
    bias: json["bias"] == null ? null : asNodeName(json["bias"], `${path}.bias`),
    strides: asTuple(json["strides"], `${path}.strides`, 2, (v, p) => asInteger(v, p, 1, 16)) as [
      number,
      number,
    ],
    padding: asOneOf(json["padding"], `${path}.padding`, ["same"]),
    activation: readActivation(json["activation"], `${path}.activation`),
    shape,
  };
}
