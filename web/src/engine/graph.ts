// The types of the graph's nodes, as in kit/models/manifest.py.
import type { Activation } from "./activations";
import type { Shape3 } from "./checks";

/** Rows above and below, columns left and right. */
export type Edges = readonly [readonly [number, number], readonly [number, number]];
export type Padding = "same" | "valid" | Edges;
export type Pair = readonly [number, number];

interface Common<Op extends string, Inputs extends readonly string[] = readonly [string]> {
  readonly name: string;
  readonly op: Op;
  readonly inputs: Inputs;
  readonly shape: Shape3;
}

/**
 * A convolution, its bias and its activation. Kernels: conv2d [kh, kw, in, out]; conv2d_transpose (Keras')
 * [kh, kw, out, in]; depthwise_conv2d [kh, kw, in, multiplier], output channel = channel * multiplier + index.
 * Explicit padding: zeros to add around the input; of a transposed one, rows and columns to cut from the whole result
 * of (size - 1) * stride + kernel.
 */
export interface ConvNode extends Common<"conv2d" | "conv2d_transpose" | "depthwise_conv2d"> {
  readonly kernel: string;
  readonly bias: string | null;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly activation: Activation;
}

/** Channels of several inputs, one after the other. */
export interface ConcatNode extends Common<"concat", readonly string[]> {
  readonly axis: -1;
}

export interface ActivationNode extends Common<"activation"> {
  readonly activation: Activation;
}

/** x * scale + shift, a value per channel each. */
export interface AffineNode extends Common<"affine"> {
  readonly scale: string;
  readonly shift: string;
}

/** (x - mean) / sqrt(variance + epsilon) over height and width of each channel, then scale and shift if given. */
export interface InstanceNormNode extends Common<"instance_norm"> {
  readonly epsilon: number;
  readonly scale: string | null;
  readonly shift: string | null;
}

export const BINARY = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;
export const UNARY = ["abs", "exp", "neg", "reciprocal", "rsqrt", "sqrt", "square"] as const;

/** Two values, place by place. Extents of 1 stretch to the other's. */
export type BinaryNode = Common<(typeof BINARY)[number], readonly [string, string]>;

/** One function of each value. */
export type UnaryNode = Common<(typeof UNARY)[number]>;

/** A stored tensor of the node's shape, as a value. */
export interface ConstantNode extends Common<"constant", readonly []> {
  readonly value: string;
}

/** The mean over height and width: [1, 1, channels]. */
export type MeanNode = Common<"mean">;

/** Rows and columns added around. `reflect` leaves the edge out of the mirror image, `symmetric` repeats it. */
export interface PadNode extends Common<"pad"> {
  readonly mode: "zero" | "reflect" | "symmetric";
  readonly edges: Edges;
}

/** Rows and columns cut off. */
export interface CropNode extends Common<"crop"> {
  readonly edges: Edges;
}

/**
 * To the height and width of `shape`. Where output place i looks: asymmetric i * in / out, half_pixel
 * (i + 0.5) * in / out - 0.5, align_corners i * (in - 1) / (out - 1). `nearest` takes the place below, except half_pixel
 * floor((i + 0.5) * in / out) and align_corners, which rounds half up.
 */
export interface ResizeNode extends Common<"resize"> {
  readonly method: "nearest" | "bilinear";
  readonly coordinates: "asymmetric" | "half_pixel" | "align_corners";
}

/** The largest or the mean value in a window; the mean counts only places inside the input. */
export interface PoolNode extends Common<"max_pool" | "avg_pool"> {
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: "same" | "valid";
}

/** Blocks of channels become blocks of places, as TensorFlow's (pixel shuffle). */
export interface DepthToSpaceNode extends Common<"depth_to_space"> {
  readonly block: number;
}

export type GraphNode =
  | ConvNode
  | ConcatNode
  | ActivationNode
  | AffineNode
  | InstanceNormNode
  | BinaryNode
  | UnaryNode
  | ConstantNode
  | MeanNode
  | PadNode
  | CropNode
  | ResizeNode
  | PoolNode
  | DepthToSpaceNode;

export type Operator = GraphNode["op"];

/** The tensors that a node names, by the field that names them. */
export function tensorFields(node: GraphNode): { field: string; tensor: string }[] {
  const own: Record<string, string | null> = {};
  if ("kernel" in node) Object.assign(own, { kernel: node.kernel, bias: node.bias });
  if ("scale" in node) Object.assign(own, { scale: node.scale, shift: node.shift });
  if ("value" in node) own["value"] = node.value;
  if ("activation" in node && node.activation.type === "prelu")
    own["activation.slopes"] = node.activation.slopes;
  return Object.entries(own).flatMap(([field, tensor]) => (tensor === null ? [] : [{ field, tensor }]));
}
