// Norms: TensorFlow.js' batch norm does (x - mean) / sqrt(variance + epsilon) * scale + shift in one program.
import type { LoadedBundle } from "../../engine/bundle";
import type { AffineNode, InstanceNormNode, MeanNode } from "../../engine/nodes";
import { filled, float, makeNode, partName, storedWeight, text, valueName, wholeNumbers } from "./graphDef";
import type { GraphDefNode, Piece, Weight } from "./graphDef";

function normed(
  node: AffineNode | InstanceNormNode,
  [scale, shift, mean, variance]: readonly [string, string, string, string],
  epsilon: number,
): GraphDefNode {
  const input = [valueName(node.inputs[0]), scale, shift, mean, variance];
  const attr = { epsilon: float(epsilon), data_format: text("NHWC") };
  return makeNode(valueName(node.name), "FusedBatchNormV3", input, attr);
}

/**
 * x * scale + shift: the norm of a mean of 0, a variance of 0 and an epsilon of 1. (A variance of 1 and an epsilon of 0 would
 * divide by 0 where a texture is wider than the channels are many, and the next convolution would see that.)
 */
export function affine(node: AffineNode, bundle: LoadedBundle): Piece {
  const [scale, shift] = [storedWeight(bundle, node.scale), storedWeight(bundle, node.shift)];
  const zeros = filled(partName(node.name, "zeros"), [node.shape[2]], 0);
  return {
    nodes: [normed(node, [scale.name, shift.name, zeros.name, zeros.name], 1)],
    weights: [scale, shift, zeros],
  };
}

const PLACES = wholeNumbers("#height-and-width", [2], [1, 2]);

const meanNode = (name: string, input: string): GraphDefNode =>
  makeNode(name, "Mean", [input, PLACES.name], { keep_dims: { b: true } });

export function mean(node: MeanNode): Piece {
  return { nodes: [meanNode(valueName(node.name), valueName(node.inputs[0]))], weights: [PLACES] };
}

/** One number a channel in the four axes that the means have, because a batch norm wants all alike. */
function perChannel(node: InstanceNormNode, part: "scale" | "shift", bundle: LoadedBundle): Weight {
  const shape = [1, 1, 1, node.shape[2]];
  const name = partName(node.name, part);
  const tensor = node[part];
  if (tensor === null) return filled(name, shape, part === "scale" ? 1 : 0);
  return { ...storedWeight(bundle, tensor), name, shape };
}

export function instanceNorm(node: InstanceNormNode, bundle: LoadedBundle): Piece {
  const input = valueName(node.inputs[0]);
  const [scale, shift] = [perChannel(node, "scale", bundle), perChannel(node, "shift", bundle)];
  const middle = meanNode(partName(node.name, "mean"), input);
  const squares = makeNode(partName(node.name, "squares"), "SquaredDifference", [input, middle.name]);
  const variance = meanNode(partName(node.name, "variance"), squares.name);
  const end = normed(node, [scale.name, shift.name, middle.name, variance.name], node.epsilon);
  return { nodes: [middle, squares, variance, end], weights: [PLACES, scale, shift] };
}
