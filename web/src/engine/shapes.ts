// What a node gives for what it gets: the shape of every operator's output, or a sentence about what does not fit. The
// same rules as in kit/models/shapes.py.
import { refuse } from "./checks";
import type { Shape3 } from "./checks";
import { tensorFields } from "./nodes";
import type { ConvNode, CropNode, DepthToSpaceNode, GraphNode, PadNode, Padding, PoolNode } from "./nodes";
import { grownLength, windowPlaces } from "./windows";
import type { AxisPadding } from "./windows";

/** Full shapes of tensors by name. */
export type TensorShapes = ReadonlyMap<string, readonly number[]>;

export const LARGEST_KERNEL = 64;
export const LARGEST_EXTENT = 8192;
const LARGEST_CHANNELS = 65_536;
/** Of one value: a quarter of a gigabyte of floats. */
export const LARGEST_VALUES = 2 ** 26;

const text = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Where a node stands, for the error's sentence, and the tensors that it may name. */
interface Place {
  readonly path: string;
  readonly tensors: TensorShapes;
}

/** Channels that a kernel of this shape takes and makes. */
export function kernelChannels(op: ConvNode["op"], kernel: readonly number[]): [number, number] {
  const [, , third = 0, fourth = 0] = kernel;
  if (op === "conv2d_transpose") return [fourth, third];
  return [third, op === "conv2d" ? fourth : third * fourth];
}

function tensorShape(name: string, field: string, { path, tensors }: Place): readonly number[] {
  return tensors.get(name) ?? refuse(`${path}.${field}`, `names ${name}, which is not among the tensors`);
}

/** Everything but kernels and values has one number a channel. */
function checkVectors(node: GraphNode, channels: number, place: Place): void {
  for (const { field, tensor } of tensorFields(node)) {
    if (field === "kernel" || field === "value") continue;
    const shape = tensorShape(tensor, field, place);
    if (shape.length === 1 && shape[0] === channels) continue;
    refuse(`${place.path}.${field}`, `must have the shape [${channels}], but ${tensor} has ${text(shape)}`);
  }
}

const axisPadding = (padding: Padding, axis: 0 | 1): AxisPadding =>
  typeof padding === "string" ? padding : padding[axis];

function convolved(node: ConvNode, [height, width, channels]: Shape3, place: Place): Shape3 {
  const kernel = tensorShape(node.kernel, "kernel", place);
  const [tall = 0, wide = 0] = kernel;
  if (kernel.length !== 4 || tall > LARGEST_KERNEL || wide > LARGEST_KERNEL) {
    refuse(
      `${place.path}.kernel`,
      `must be [height, width, channels, channels] up to ${LARGEST_KERNEL}x${LARGEST_KERNEL}, not ${text(kernel)}`,
    );
  }
  const [taken, made] = kernelChannels(node.op, kernel);
  if (taken !== channels) refuse(`${place.path}.kernel`, `takes ${taken} channels, but gets ${channels}`);
  checkVectors(node, made, place);
  const length = node.op === "conv2d_transpose" ? grownLength : windowPlaces;
  return [
    length(height, tall, node.strides[0], axisPadding(node.padding, 0)),
    length(width, wide, node.strides[1], axisPadding(node.padding, 1)),
    made,
  ];
}

function joined(inputs: readonly Shape3[], { path }: Place): Shape3 {
  const [[height, width]] = inputs as [Shape3];
  if (inputs.some((shape) => shape[0] !== height || shape[1] !== width)) {
    refuse(`${path}.inputs`, `have different sizes: ${inputs.map(text).join(" and ")}`);
  }
  return [height, width, inputs.reduce((sum, shape) => sum + shape[2], 0)];
}

function stretched([first, second]: readonly Shape3[], { path }: Place): Shape3 {
  const [a, b] = [first as Shape3, second as Shape3];
  const sizes = a.map((size, axis) => {
    const other = b[axis] ?? 0;
    if (size !== other && size !== 1 && other !== 1)
      refuse(`${path}.inputs`, `do not fit together: ${text(a)} and ${text(b)}`);
    return size === 1 ? other : size;
  });
  return sizes as unknown as Shape3;
}

function padded(node: PadNode, [height, width, channels]: Shape3, { path }: Place): Shape3 {
  node.edges.forEach((pair, axis) => {
    const size = axis === 0 ? height : width;
    const most = { zero: Infinity, reflect: size - 1, symmetric: size }[node.mode];
    if (Math.max(...pair) > most)
      refuse(
        `${path}.edges`,
        `by ${node.mode} at most ${most} can be added to ${size}, not ${Math.max(...pair)}`,
      );
  });
  const [[top, bottom], [left, right]] = node.edges;
  return [height + top + bottom, width + left + right, channels];
}

function cropped(
  { edges: [[top, bottom], [left, right]] }: CropNode,
  [height, width, channels]: Shape3,
): Shape3 {
  return [height - top - bottom, width - left - right, channels];
}

function pooled({ window, strides, padding }: PoolNode, [height, width, channels]: Shape3): Shape3 {
  return [
    windowPlaces(height, window[0], strides[0], padding),
    windowPlaces(width, window[1], strides[1], padding),
    channels,
  ];
}

function unfolded({ block }: DepthToSpaceNode, [height, width, channels]: Shape3, { path }: Place): Shape3 {
  if (channels % block ** 2 !== 0)
    refuse(`${path}.block`, `is ${block}, but ${channels} channels are no multiple of ${block} x ${block}`);
  return [height * block, width * block, channels / block ** 2];
}

function constantShape(name: string, place: Place): Shape3 {
  const shape = tensorShape(name, "value", place);
  if (shape.length !== 3)
    refuse(`${place.path}.value`, `must be [height, width, channels], not ${text(shape)}`);
  return shape as unknown as Shape3;
}

function given(node: GraphNode, inputs: readonly Shape3[], place: Place): Shape3 {
  const [first = [0, 0, 0] as Shape3] = inputs;
  switch (node.op) {
    case "conv2d":
    case "conv2d_transpose":
    case "depthwise_conv2d":
      return convolved(node, first, place);
    case "concat":
      return joined(inputs, place);
    case "constant":
      return constantShape(node.value, place);
    case "mean":
      return [1, 1, first[2]];
    case "pad":
      return padded(node, first, place);
    case "crop":
      return cropped(node, first);
    case "resize":
      return [node.shape[0], node.shape[1], first[2]];
    case "max_pool":
    case "avg_pool":
      return pooled(node, first);
    case "depth_to_space":
      return unfolded(node, first, place);
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "maximum":
    case "minimum":
      return stretched(inputs, place);
    case "activation":
    case "affine":
    case "instance_norm":
    case "abs":
    case "exp":
    case "neg":
    case "reciprocal":
    case "rsqrt":
    case "sqrt":
    case "square":
      checkVectors(node, first[2], place);
      return first;
    default:
      return node satisfies never; // an operator without its rule does not compile
  }
}

/**
 * Shape [height, width, channels] of what a node gives; `inputs` in the order of the node's. The node's own `shape` is read
 * only where nothing else says it (a resize's size). Throws `BundleError` that names the field below `path`.
 */
export function nodeShape(
  node: GraphNode,
  inputs: readonly Shape3[],
  tensors: TensorShapes,
  path: string,
): Shape3 {
  const shape = given(node, inputs, { path, tensors });
  const [height, width, channels] = shape;
  if (Math.min(...shape) < 1)
    refuse(`${path}.shape`, `would be ${text(shape)}: what it takes is too small for it`);
  const values = height * width * channels;
  if (Math.max(height, width) > LARGEST_EXTENT || channels > LARGEST_CHANNELS || values > LARGEST_VALUES)
    refuse(`${path}.shape`, `would be ${text(shape)}, which is too large`);
  return shape;
}

/**
 * Shapes of all values of a graph by name. Every name that is used must exist, nodes may only use what comes before them, and
 * each must give what its `shape` says. Throws `BundleError` that names the first field that is wrong.
 */
export function checkGraph(
  input: { readonly name: string; readonly shape: Shape3 },
  graph: readonly GraphNode[],
  tensors: TensorShapes,
): ReadonlyMap<string, Shape3> {
  const shapes = new Map([[input.name, input.shape]]);
  graph.forEach((node, i) => {
    const path = `graph.${i}`;
    if (shapes.has(node.name)) refuse(`${path}.name`, `is used twice: ${node.name}`);
    const inputs = node.inputs.map(
      (name) => shapes.get(name) ?? refuse(`${path}.inputs`, `uses ${name}, which no earlier node gives`),
    );
    const shape = nodeShape(node, inputs, tensors, path);
    if (text(shape) !== text(node.shape))
      refuse(`${path}.shape`, `is ${text(node.shape)}, but ${node.name} gives ${text(shape)}`);
    shapes.set(node.name, shape);
  });
  return shapes;
}
