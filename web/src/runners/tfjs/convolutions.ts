// Convolutions: one program for convolution, bias and activation where TensorFlow.js has it.
import type { LoadedBundle } from "../../engine/bundle";
import type { ConvNode } from "../../engine/nodes";
import { activated, fusedActivation } from "./activations";
import {
  filled,
  integers,
  makeNode,
  paddingAttributes,
  partName,
  storedWeight,
  text,
  texts,
  valueName,
  wholeNumbers,
} from "./graphDef";
import type { Attributes, Piece, Weight } from "./graphDef";

function attributes(node: ConvNode): Attributes {
  return {
    strides: integers([1, node.strides[0], node.strides[1], 1]),
    dilations: integers([1, 1, 1, 1]),
    ...paddingAttributes(node.padding),
    data_format: text("NHWC"),
  };
}

/** A missing bias costs nothing as zeros, and keeps it one program. */
function biasOf(node: ConvNode, bundle: LoadedBundle): Weight {
  return node.bias === null
    ? filled(partName(node.name, "no-bias"), [node.shape[2]], 0)
    : storedWeight(bundle, node.bias);
}

/** Plain and depthwise convolutions. */
export function convolution(node: ConvNode, bundle: LoadedBundle): Piece {
  const depthwise = node.op === "depthwise_conv2d";
  // TensorFlow.js' reader of graphs loses the slope on its way to a depthwise convolution.
  const slopeLost = depthwise && node.activation.type === "leaky_relu";
  const fused = slopeLost ? null : fusedActivation(node.activation, bundle);
  const weights = [storedWeight(bundle, node.kernel), biasOf(node, bundle), ...(fused?.weights ?? [])];
  const main = makeNode(
    fused === null ? partName(node.name, "conv") : valueName(node.name),
    depthwise ? "FusedDepthwiseConv2dNative" : "_FusedConv2D",
    [valueName(node.inputs[0]), ...weights.map((weight) => weight.name)],
    {
      ...attributes(node),
      num_args: { i: String(weights.length - 1) },
      fused_ops: texts(["BiasAdd", ...(fused?.names ?? [])]),
      ...fused?.attributes,
    },
  );
  if (fused !== null) return { nodes: [main], weights };
  const rest = activated(node.name, main.name, node.activation, bundle);
  return { nodes: [main, ...rest.nodes], weights: [...weights, ...rest.weights] };
}

/** TensorFlow.js has no fused transposed convolution: up to three nodes. */
export function transposedConvolution(node: ConvNode, bundle: LoadedBundle): Piece {
  const size = wholeNumbers(partName(node.name, "size"), [4], [1, ...node.shape]);
  const kernel = storedWeight(bundle, node.kernel);
  const input = [size.name, kernel.name, valueName(node.inputs[0])];
  const conv = makeNode(partName(node.name, "conv"), "Conv2DBackpropInput", input, attributes(node));
  const bias = node.bias === null ? [] : [storedWeight(bundle, node.bias)];
  const biased = bias.map(({ name }) =>
    makeNode(partName(node.name, "biased"), "BiasAdd", [conv.name, name], { data_format: text("NHWC") }),
  );
  const rest = activated(node.name, (biased[0] ?? conv).name, node.activation, bundle);
  return {
    nodes: [conv, ...biased, ...rest.nodes],
    weights: [size, kernel, ...bias, ...rest.weights],
  };
}
