// A bundle's graph in the form that TensorFlow.js loads: the JSON of a TensorFlow GraphDef, with fused nodes where it has them.
import type { io } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { refuse } from "../../engine/checks";
import type { Shape3 } from "../../engine/checks";
import type { Manifest } from "../../engine/manifest";
import { tensorFields } from "../../engine/nodes";
import type { Activation, ConvNode, GraphNode } from "../../engine/nodes";

type Attributes = Record<string, unknown>;

interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Attributes;
}

interface Weight {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: "float32" | "int32";
  readonly values: () => ArrayBufferLike;
}

/** The nodes and the weights of a model; `weights` are unpacked one by one when they are asked for. */
export interface Topology {
  readonly nodes: readonly GraphDefNode[];
  readonly weights: readonly Weight[];
}

// Text in a GraphDef's JSON is base64.
const text = (value: string): Attributes => ({ s: btoa(value) });
const type = (dtype: "float32" | "int32"): Attributes => ({
  type: dtype === "int32" ? "DT_INT32" : "DT_FLOAT",
});
const integers = (values: readonly number[]): Attributes => ({ list: { i: values.map(String) } });
const shapeOf = (shape: readonly number[]): Attributes => ({
  shape: { dim: shape.map((size) => ({ size: String(size) })) },
});

const FUSED: Partial<Record<Activation["type"], string>> = {
  relu: "Relu",
  leaky_relu: "LeakyRelu",
  sigmoid: "Sigmoid",
};
const PLAIN: Partial<Record<Activation["type"], string>> = { ...FUSED, tanh: "Tanh" };

const alphaOf = (activation: Activation): number => (activation.type === "leaky_relu" ? activation.alpha : 0);

function convolutionAttributes(node: ConvNode): Attributes {
  return {
    T: type("float32"),
    strides: integers([1, node.strides[0], node.strides[1], 1]),
    dilations: integers([1, 1, 1, 1]),
    padding: text("SAME"),
    data_format: text("NHWC"),
  };
}

function activationNode(node: ConvNode, input: string): GraphDefNode[] {
  const op = PLAIN[node.activation.type];
  if (op === undefined)
    return [{ name: node.name, op: "Identity", input: [input], attr: { T: type("float32") } }];
  return [
    {
      name: node.name,
      op,
      input: [input],
      attr: { T: type("float32"), alpha: { f: alphaOf(node.activation) } },
    },
  ];
}

/** One program for convolution, bias and activation; a missing bias costs nothing as zeros and keeps it one program. */
function convolution(node: ConvNode): GraphDefNode[] {
  const fused = FUSED[node.activation.type];
  const separate = fused === undefined && node.activation.type !== "linear";
  const main: GraphDefNode = {
    name: separate ? `${node.name}/conv` : node.name,
    op: "_FusedConv2D",
    input: [node.inputs[0], node.kernel, biasName(node)],
    attr: {
      ...convolutionAttributes(node),
      num_args: { i: "1" },
      fused_ops: { list: { s: ["BiasAdd", ...(fused === undefined ? [] : [fused])].map((op) => btoa(op)) } },
      leakyrelu_alpha: { f: alphaOf(node.activation) },
    },
  };
  return separate ? [main, ...activationNode(node, main.name)] : [main];
}

/** TensorFlow.js has no fused transposed convolution: three nodes. */
function transposed(node: ConvNode): GraphDefNode[] {
  const conv: GraphDefNode = {
    name: `${node.name}/conv`,
    op: "Conv2DBackpropInput",
    input: [`${node.name}/size`, node.kernel, node.inputs[0]],
    attr: convolutionAttributes(node),
  };
  if (node.bias === null) return [conv, ...activationNode(node, conv.name)];
  const bias: GraphDefNode = {
    name: `${node.name}/biased`,
    op: "BiasAdd",
    input: [conv.name, node.bias],
    attr: { T: type("float32"), data_format: text("NHWC") },
  };
  return [conv, bias, ...activationNode(node, bias.name)];
}

function joined(node: GraphNode & { op: "concat" }): GraphDefNode[] {
  const attr = { T: type("float32"), N: { i: String(node.inputs.length) } };
  return [{ name: node.name, op: "ConcatV2", input: [...node.inputs, "channel-axis"], attr }];
}

function nodesOf(node: GraphNode): GraphDefNode[] {
  switch (node.op) {
    case "conv2d":
      return convolution(node);
    case "conv2d_transpose":
      return transposed(node);
    case "concat":
      return joined(node);
    default:
      return refuse(`node ${node.name}`, `has the operator ${node.op}, which cannot run here yet`);
  }
}

const biasName = (node: ConvNode): string => node.bias ?? `${node.name}/no-bias`;

const constant = (weight: Weight): GraphDefNode => ({
  name: weight.name,
  op: "Const",
  attr: { dtype: type(weight.dtype), value: { tensor: { dtype: type(weight.dtype).type, tensorShape: {} } } },
});

function sizeWeight(name: string, [height, width, channels]: Shape3): Weight {
  return { name, shape: [4], dtype: "int32", values: () => Int32Array.of(1, height, width, channels).buffer };
}

/** What a graph needs besides the bundle's tensors: zero biases, output sizes, the axis of joining. */
function helpers(manifest: Manifest): Weight[] {
  const axis: Weight = {
    name: "channel-axis",
    shape: [],
    dtype: "int32",
    values: () => Int32Array.of(3).buffer,
  };
  const others = manifest.graph.flatMap((node): Weight[] => {
    if (node.op === "conv2d_transpose") return [sizeWeight(`${node.name}/size`, node.shape)];
    if (node.op !== "conv2d" || node.bias !== null) return [];
    const channels = node.shape[2];
    return [
      {
        name: biasName(node),
        shape: [channels],
        dtype: "float32",
        values: () => new Float32Array(channels).buffer,
      },
    ];
  });
  return [axis, ...others];
}

/** Names that nodes use as kernel or bias; scales are used up by the unpacking. */
function weightNames(manifest: Manifest): Set<string> {
  return new Set(manifest.graph.flatMap((node) => tensorFields(node).map(({ tensor }) => tensor)));
}

/** The graph of a bundle for TensorFlow.js: input [1, h, w, c] named as in the manifest, output likewise. */
export function makeTopology(bundle: LoadedBundle): Topology {
  const { manifest } = bundle;
  const used = weightNames(manifest);
  const stored = manifest.tensors
    .filter((tensor) => used.has(tensor.name))
    .map((tensor): Weight => {
      const { name, shape } = tensor;
      return { name, shape: [...shape], dtype: "float32", values: () => bundle.tensor(name).buffer };
    });
  const weights = [...stored, ...helpers(manifest)];
  const input: GraphDefNode = {
    name: manifest.input.name,
    op: "Placeholder",
    attr: { dtype: type("float32"), shape: shapeOf([1, ...manifest.input.shape]) },
  };
  return { nodes: [input, ...weights.map(constant), ...manifest.graph.flatMap(nodesOf)], weights };
}

/** Gives TensorFlow.js the topology and the unpacked weights, as its own loader would from files. */
export function bundleHandler(bundle: LoadedBundle): io.IOHandler {
  return {
    load: async () => {
      const { nodes, weights } = makeTopology(bundle);
      return {
        format: "graph-model",
        modelTopology: { node: nodes, versions: { producer: 1, minConsumer: 1 } },
        weightSpecs: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
        weightData: weights.map((weight) => weight.values() as ArrayBuffer),
      };
    },
  };
}
