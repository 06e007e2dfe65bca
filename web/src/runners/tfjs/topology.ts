// A bundle's graph in the form that TensorFlow.js loads: the JSON of a TensorFlow GraphDef, with fused nodes where it has them.
import type { io } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import type { Shape3 } from "../../engine/checks";
import type { BinaryNode, ConcatNode, ConstantNode, GraphNode, UnaryNode } from "../../engine/nodes";
import { activated } from "./activations";
import { convolution, transposedConvolution } from "./convolutions";
import { makeNode, shapeOf, storedWeight, type, valueName, wholeNumbers } from "./graphDef";
import type { GraphDefNode, Piece, Weight } from "./graphDef";
import { cropped, padded, pooled, resized, unfolded } from "./images";
import { affine, instanceNorm, mean } from "./norms";

/** The nodes and the weights of a model; `weights` are unpacked one by one when they are asked for. */
export interface Topology {
  readonly nodes: readonly GraphDefNode[];
  readonly weights: readonly Weight[];
}

/** Operators that TensorFlow has under another name and nothing else to say about. */
const PLAIN: Record<BinaryNode["op"] | UnaryNode["op"], string> = {
  add: "AddV2",
  sub: "Sub",
  mul: "Mul",
  div: "RealDiv",
  maximum: "Maximum",
  minimum: "Minimum",
  abs: "Abs",
  exp: "Exp",
  neg: "Neg",
  reciprocal: "Reciprocal",
  rsqrt: "Rsqrt",
  sqrt: "Sqrt",
  square: "Square",
};

const CHANNEL_AXIS = wholeNumbers("#channel-axis", [], [3]);

function joined(node: ConcatNode): Piece {
  const input = [...node.inputs.map(valueName), CHANNEL_AXIS.name];
  const attr = { N: { i: String(node.inputs.length) } };
  return { nodes: [makeNode(valueName(node.name), "ConcatV2", input, attr)], weights: [CHANNEL_AXIS] };
}

/** A weight under the node's own name: the constant that TensorFlow.js makes of it is the node. */
function constant(node: ConstantNode, bundle: LoadedBundle): Piece {
  const stored = storedWeight(bundle, node.value);
  return { nodes: [], weights: [{ ...stored, name: valueName(node.name), shape: [1, ...node.shape] }] };
}

function pieceOf(node: GraphNode, bundle: LoadedBundle, shapes: ReadonlyMap<string, Shape3>): Piece {
  switch (node.op) {
    case "conv2d":
    case "depthwise_conv2d":
      return convolution(node, bundle);
    case "conv2d_transpose":
      return transposedConvolution(node, bundle);
    case "concat":
      return joined(node);
    case "activation":
      return activated(node.name, valueName(node.inputs[0]), node.activation, bundle);
    case "affine":
      return affine(node, bundle);
    case "instance_norm":
      return instanceNorm(node, bundle);
    case "constant":
      return constant(node, bundle);
    case "mean":
      return mean(node);
    case "pad":
      return padded(node);
    case "crop":
      return cropped(node);
    case "resize":
      return resized(node, shapes.get(node.inputs[0]) ?? node.shape);
    case "max_pool":
    case "avg_pool":
      return pooled(node);
    case "depth_to_space":
      return unfolded(node);
    default: {
      const plain = makeNode(valueName(node.name), PLAIN[node.op], node.inputs.map(valueName));
      return { nodes: [plain], weights: [] };
    }
  }
}

const constantNode = ({ name, dtype }: Weight): GraphDefNode => ({
  name,
  op: "Const",
  attr: { dtype: type(dtype), value: { tensor: { dtype: type(dtype).type, tensorShape: {} } } },
});

/** The graph of a bundle for TensorFlow.js: input [1, h, w, c] and output are found by `valueName` of the manifest's names. */
export function makeTopology(bundle: LoadedBundle): Topology {
  const { input, graph } = bundle.manifest;
  const shapes = new Map([input, ...graph].map(({ name, shape }) => [name, shape]));
  const pieces = graph.map((node) => pieceOf(node, bundle, shapes));
  const weights = [
    ...new Map(pieces.flatMap((piece) => piece.weights).map((weight) => [weight.name, weight])).values(),
  ];
  const placeholder: GraphDefNode = {
    name: valueName(input.name),
    op: "Placeholder",
    attr: { dtype: type("float32"), shape: shapeOf([1, ...input.shape]) },
  };
  const nodes = pieces.flatMap((piece) => piece.nodes);
  return { nodes: [placeholder, ...weights.map(constantNode), ...nodes], weights };
}

/** Gives TensorFlow.js the topology and the unpacked weights, as its own loader would from files. */
export function bundleHandler(bundle: LoadedBundle): io.IOHandler {
  return {
    load: async () => {
      const { nodes, weights } = makeTopology(bundle);
      return {
        format: "graph-model",
        modelTopology: { node: nodes, versions: { producer: 1, minConsumer: 1 } },
        weightSpecs: weights.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
        weightData: weights.map((weight) => weight.values() as ArrayBuffer),
      };
    },
  };
}
