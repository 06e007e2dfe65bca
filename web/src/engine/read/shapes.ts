// What a node gives for what it gets: the rules of kit/models/shapes.py.
import { BundleError } from "../checks";
import type { Shape3 } from "../checks";
import type { Edges, Padding, Pair } from "../graph";
import { product } from "./fields";
import { CHANNELS, LARGEST_KERNEL, PICTURE_VALUES, SIDE } from "./limits";
import type { Draft } from "./network";

type ShapeOfTensor = (name: string) => readonly number[];
type Size = readonly [number, number];

const sum = (edges: Pair): number => edges[0] + edges[1];
const listed = (shape: readonly number[]): string => shape.join("x");

/** Places of a window along one axis. */
function steps(size: number, taps: number, stride: number, padding: "same" | "valid" | Pair): number {
  if (padding === "same") return Math.ceil(size / stride);
  const around = padding === "valid" ? 0 : sum(padding);
  return Math.floor((size + around - taps) / stride) + 1;
}

/** Length of what a transposed convolution makes of `size` places, as Keras counts it. */
function grown(size: number, taps: number, stride: number, padding: "same" | "valid" | Pair): number {
  if (padding === "same") return size * stride;
  if (padding === "valid") return (size - 1) * stride + Math.max(taps, stride);
  return (size - 1) * stride + taps - sum(padding);
}

/** Height and width of what a window gives. */
export function windowed(
  source: readonly number[],
  window: readonly number[],
  strides: Pair,
  padding: Padding,
  transposed = false,
): Size {
  const measure = transposed ? grown : steps;
  const [rows, columns] = typeof padding === "string" ? [padding, padding] : padding;
  return [
    measure(source[0] ?? 0, window[0] ?? 1, strides[0], rows),
    measure(source[1] ?? 0, window[1] ?? 1, strides[1], columns),
  ];
}

/** Channels that a kernel takes and makes. */
export function kernelChannels(op: string, kernel: readonly number[]): [number, number] {
  const [, , third = 0, fourth = 0] = kernel;
  if (op === "conv2d_transpose") return [fourth, third];
  return op === "conv2d" ? [third, fourth] : [third, third * fourth];
}

type Convolution = Extract<Draft, { kernel: string }>;

function convolved(draft: Convolution, source: Shape3, tensor: ShapeOfTensor, refuse: Refuse): Shape3 {
  const kernel = tensor(draft.kernel);
  if (kernel.length !== 4 || Math.max(...kernel.slice(0, 2)) > LARGEST_KERNEL)
    refuse(`its kernel is ${listed(kernel)}, and no kernel of up to ${LARGEST_KERNEL}x${LARGEST_KERNEL}`);
  const [taken, made] = kernelChannels(draft.op, kernel);
  if (taken !== source[2]) refuse(`it gets ${source[2]} channels, but its kernel takes ${taken}`);
  const size = windowed(source, kernel, draft.strides, draft.padding, draft.op === "conv2d_transpose");
  return [...size, made];
}

function joined(inputs: readonly Shape3[], refuse: Refuse): Shape3 {
  const [first = [0, 0, 0] as const] = inputs;
  if (inputs.some((shape) => shape[0] !== first[0] || shape[1] !== first[1]))
    refuse(`it joins pictures of different sizes, ${inputs.map(listed).join(" and ")}`);
  return [first[0], first[1], inputs.reduce((channels, shape) => channels + shape[2], 0)];
}

function stretched(inputs: readonly Shape3[], refuse: Refuse): Shape3 {
  const [a = [1, 1, 1] as const, b = [1, 1, 1] as const] = inputs;
  const extents = a.map((extent, i) => {
    const other = b[i] ?? 1;
    if (extent !== other && extent !== 1 && other !== 1)
      refuse(`${listed(a)} and ${listed(b)} do not fit together`);
    return extent === 1 ? other : extent;
  });
  return extents as [number, number, number];
}

function padded([height, width, channels]: Shape3, edges: Edges, mode: string, refuse: Refuse): Shape3 {
  for (const [extent, sides] of [[height, edges[0]] as const, [width, edges[1]] as const]) {
    const most = mode === "zero" ? Infinity : mode === "reflect" ? extent - 1 : extent;
    if (Math.max(...sides) > most) refuse(`${mode} padding can add ${most} at most to ${extent}`);
  }
  return [height + sum(edges[0]), width + sum(edges[1]), channels];
}

type Refuse = (says: string) => never;

function inferred(
  draft: Draft,
  inputs: readonly Shape3[],
  tensor: ShapeOfTensor,
  refuse: Refuse,
  size: Size | undefined,
): Shape3 {
  const [source = [0, 0, 0] as const] = inputs;
  const [height, width, channels] = source;
  switch (draft.op) {
    case "conv2d":
    case "conv2d_transpose":
    case "depthwise_conv2d":
      return convolved(draft, source, tensor, refuse);
    case "concat":
      return joined(inputs, refuse);
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "maximum":
    case "minimum":
      return stretched(inputs, refuse);
    case "constant":
      return tensor(draft.value) as unknown as Shape3;
    case "mean":
      return [1, 1, channels];
    case "pad":
      return padded(source, draft.edges, draft.mode, refuse);
    case "crop":
      return [height - sum(draft.edges[0]), width - sum(draft.edges[1]), channels];
    case "resize":
      return [...(size ?? [height, width]), channels];
    case "max_pool":
    case "avg_pool":
      return [...windowed(source, draft.window, draft.strides, draft.padding), channels];
    case "depth_to_space": {
      const block = draft.block;
      if (channels % block ** 2) refuse(`${channels} channels are no multiple of ${block} x ${block}`);
      return [height * block, width * block, channels / block ** 2];
    }
    default:
      return source;
  }
}

/** The shape of what a node gives. Throws `BundleError` that begins with `where`. */
export function shapeOf(
  draft: Draft,
  inputs: readonly Shape3[],
  tensor: ShapeOfTensor,
  where: string,
  size?: Size,
): Shape3 {
  const refuse: Refuse = (says) => {
    throw new BundleError(`${where}: ${says}`);
  };
  const shape = inferred(draft, inputs, tensor, refuse, size);
  if (Math.min(...shape) < 1) refuse(`it would give ${listed(shape)}: what it takes is too small for it`);
  const tooLarge =
    Math.max(shape[0], shape[1]) > SIDE || shape[2] > CHANNELS || product(shape) > PICTURE_VALUES;
  if (tooLarge) refuse(`it would give ${listed(shape)}, which is too large`);
  return shape;
}
