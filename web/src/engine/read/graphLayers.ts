// Graph operators with windows: convolutions plain and fused, batch norm, pooling, resizing, edges.
import type { Padding, Pair } from "../graph";
import { byName } from "./activations";
import { convolution, depthwise, pointwise, transposed } from "./convolving";
import type { Window } from "./convolving";
import { activated, affine, instanceNorm, leaky, prelu, within } from "./elementwise";
import type { Place } from "./elementwise";
import { product, shown } from "./fields";
import type { Handler } from "./graphArithmetic";
import { dealt, picture } from "./graphValues";
import type { Seen, Step } from "./graphValues";
import { transpose } from "./known";
import { FOLDED_VALUES, SIDE } from "./limits";
import type { Tensor, Value } from "./network";

/** Height's and width's entry of a list of four whose others must be 1. */
function spatial(step: Step, name: string, most: number, optional = false): Pair {
  const four = step.node.attributes.integers(name);
  if (four.length === 0 && optional) return [1, 1];
  const [batch, high = 0, wide = 0, channels] = four;
  const fits = four.length === 4 && batch === 1 && channels === 1 && Math.min(high, wide) >= 1;
  if (!fits || Math.max(high, wide) > most)
    step.refuse(`${name} must be [1, height, width, 1], at most ${most} each`);
  return [high, wide];
}

function paddingOf(step: Step): Padding {
  const name = step.node.attributes.text("padding", "").toUpperCase();
  if (name === "SAME") return "same";
  if (name === "VALID") return "valid";
  if (name !== "EXPLICIT") step.refuse(`padding must be SAME, VALID or EXPLICIT, not ${shown(name)}`);
  const eight = step.node.attributes.integers("explicit_paddings");
  const [a = 1, b = 1, top = 0, bottom = 0, left = 0, right = 0, c = 1, d = 1] = eight;
  if (a + b + c + d !== 0 || eight.some((edge) => edge < 0 || edge > 1_024))
    step.refuse("explicit_paddings must be eight numbers, those of batch and channels 0");
  return [
    [top, bottom],
    [left, right],
  ];
}

function windowOf(step: Step): Window {
  return {
    strides: spatial(step, "strides", 16),
    padding: paddingOf(step),
    dilation: spatial(step, "dilations", 64, true),
  };
}

const tensorOf = (step: Step, index: number): Tensor => ({
  shape: step.known(index).dims,
  values: step.floats(index),
});

/** Of a batch that was dealt out, which is TensorFlow's way to a dilated convolution, or of a picture. */
function convolved(step: Step, after = (made: Value): Value => made): Seen {
  step.channelsLast();
  const read = step.node.op.includes("Depthwise") ? depthwise : convolution;
  const [{ block, value }, window] = [step.seen(0), windowOf(step)];
  if (block === undefined)
    return picture(after(read(step.place, step.picture(0), tensorOf(step, 1), null, window)));
  const plain = [...window.strides, ...(window.dilation ?? [])].every((each) => each === 1);
  if (!plain || window.padding !== "valid") step.refuse("strides and dilation together cannot run here");
  const made = read(step.place, value, tensorOf(step, 1), null, { ...window, dilation: block });
  return dealt(after(made), block);
}

function normed(place: Place, step: Step, value: Value, first: number, epsilon: number): Value {
  const [gamma, beta, mean, variance] = [0, 1, 2, 3].map((i) => step.floats(first + i)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  if (variance.some((each) => each + epsilon <= 0))
    step.refuse("its variance is negative; the training went wrong, or the file");
  const scale = Array.from(variance, (each, i) => (gamma[i] ?? 1) / Math.sqrt(each + epsilon));
  const shift = scale.map((factor, i) => (beta[i] ?? 0) - (mean[i] ?? 0) * factor);
  return affine(place, value, scale, shift);
}

export const FUSED_ACTIVATIONS: readonly string[] = [
  "relu",
  "relu6",
  "elu",
  "tanh",
  "sigmoid",
  "selu",
  "softsign",
];

/** Applies the operations that the converter fused into a node: `fused_ops` names them, their tensors come behind. */
function fusedOps(step: Step, made: Value): Value {
  const { attributes } = step.node;
  let value = made;
  let index = 2;
  for (const op of attributes.texts("fused_ops")) {
    const place = within(step.place, op);
    if (op === "BiasAdd") value = affine(place, value, [1], step.floats(index++));
    else if (op === "FusedBatchNorm") {
      value = normed(place, step, value, index, attributes.number("epsilon", 1e-4));
      index += 4;
    } else if (op === "Prelu") value = prelu(place, tensorOf(step, index++), value);
    else if (op === "LeakyRelu") value = leaky(place, attributes.number("leakyrelu_alpha", 0.2), value);
    else if (FUSED_ACTIVATIONS.includes(op.toLowerCase())) value = byName(place, value, op.toLowerCase(), 3);
    else step.refuse(`it is fused with ${shown(op)}, which cannot run here`);
  }
  return value;
}

const fusedConv2d: Handler = (step) => convolved(step, (made) => fusedOps(step, made));

const conv2dBackprop: Handler = (step) => {
  step.channelsLast();
  const window = windowOf(step);
  if (product(window.dilation ?? [1]) !== 1)
    step.refuse("dilation in a transposed convolution cannot run here");
  const sizes = step.whole(0, 4);
  const [high = 0, wide = 0] = sizes.length === 4 ? sizes.slice(1, 3) : sizes;
  if (Math.min(high, wide) < 1 || Math.max(high, wide) > SIDE)
    step.refuse(`it makes a picture of ${high} x ${wide}, which cannot be`);
  return picture(transposed(step.place, step.picture(2), tensorOf(step, 1), null, window, [high, wide]));
};

/** In inference by the stored moments; in training, of one picture, by the picture's own: instance norm. */
const batchNorm: Handler = (step) => {
  step.channelsLast();
  const { attributes } = step.node;
  const [value, epsilon] = [step.picture(0), attributes.number("epsilon", 1e-4)];
  const own = attributes.flag("is_training") ?? step.floats(3).length === 0;
  const made = own
    ? instanceNorm(step.place, value, { gamma: step.floats(1), beta: step.floats(2), epsilon })
    : normed(step.place, step, value, 1, epsilon);
  const mode = attributes.text("activation_mode", "Identity").toLowerCase();
  if (attributes.integer("num_side_inputs", 0) !== 0 || (mode !== "identity" && mode !== "relu"))
    step.refuse("what is fused into it cannot run here; export without optimisation");
  return picture(mode === "relu" ? activated(within(step.place, "relu"), { type: "relu" }, made) : made);
};

const pool =
  (op: "max_pool" | "avg_pool"): Handler =>
  (step) => {
    step.channelsLast();
    const padding = paddingOf(step);
    if (typeof padding !== "string") return step.refuse("padding must be SAME or VALID");
    const draft = { op, window: spatial(step, "ksize", 16), strides: spatial(step, "strides", 16), padding };
    return picture(step.builder.add(step.place.name, step.where, draft, [step.picture(0)]));
  };

const resize =
  (method: "nearest" | "bilinear"): Handler =>
  (step) => {
    const { attributes } = step.node;
    const [high = 0, wide = 0, ...more] = step.whole(1, 2);
    if (more.length > 0 || Math.min(high, wide) < 1 || Math.max(high, wide) > SIDE)
      step.refuse(`it makes a picture of ${high} x ${wide}, which cannot be`);
    const half = attributes.flag("half_pixel_centers") === true ? "half_pixel" : "asymmetric";
    const coordinates = attributes.flag("align_corners") === true ? "align_corners" : half;
    const draft = { op: "resize", method, coordinates } as const;
    return picture(step.builder.add(step.place.name, step.where, draft, [step.picture(0)], [high, wide]));
  };

const pad: Handler = (step) => {
  const pads = step.whole(1);
  const { op, attributes } = step.node;
  if (pads.length !== 8 || pads.some((edge) => edge < 0 || edge > 1_024))
    step.refuse("its paddings must be four pairs of whole numbers from 0 to 1024");
  const [a = 0, b = 0, top = 0, bottom = 0, left = 0, right = 0, before = 0, after = 0] = pads;
  if (a + b > 0) step.refuse("it adds pictures to the batch; only the edges of one can be padded");
  const mode = op === "MirrorPad" ? attributes.text("mode", "").toLowerCase() : "zero";
  if (mode !== "zero" && mode !== "reflect" && mode !== "symmetric")
    return step.refuse(`mode must be REFLECT or SYMMETRIC, not ${shown(mode)}`);
  if (op === "PadV2" && step.known(2).values.some((value) => value !== 0))
    step.refuse("only zeros can be padded");
  if (before + after > 0 && mode !== "zero") step.refuse("it mirrors channels, which cannot run here");
  const value = before + after > 0 ? moreChannels(step, before, after) : step.picture(0);
  if (top + bottom + left + right === 0) return picture(value);
  const edges = [
    [top, bottom],
    [left, right],
  ] as const;
  return picture(step.builder.add(step.place.name, step.where, { op: "pad", mode, edges }, [value]));
};

function moreChannels(step: Step, before: number, after: number): Value {
  const value = step.picture(0);
  const channels = value.shape[2];
  const made = before + channels + after;
  if (channels * made > FOLDED_VALUES) step.refuse(`${channels} channels are too many for it`);
  const matrix = new Float32Array(channels * made);
  for (let i = 0; i < channels; i++) matrix[i * made + before + i] = 1;
  return pointwise(within(step.place, "channels"), value, { shape: [channels, made], values: matrix }, null);
}

const depthToSpace: Handler = (step) => {
  step.channelsLast();
  const block = step.node.attributes.integer("block_size", 0);
  if (block < 2 || block > 16) step.refuse("block_size must be a whole number from 2 to 16");
  return picture(
    step.builder.add(step.place.name, step.where, { op: "depth_to_space", block }, [step.picture(0)]),
  );
};

/** A convolution whose kernel picks each place of a block. */
const spaceToDepth: Handler = (step) => {
  step.channelsLast();
  const block = step.node.attributes.integer("block_size", 0);
  const value = step.picture(0);
  const channels = value.shape[2];
  if (block < 2 || block > 16 || channels ** 2 * block ** 4 > FOLDED_VALUES)
    step.refuse(`blocks of ${block} and ${channels} channels are too many for it`);
  const made = channels * block * block;
  const kernel = new Float32Array(block * block * channels * made);
  for (let tap = 0; tap < block * block; tap++)
    for (let i = 0; i < channels; i++) kernel[(tap * channels + i) * made + tap * channels + i] = 1;
  const shape = [block, block, channels, made];
  return picture(
    convolution(step.place, value, { shape, values: kernel }, null, {
      strides: [block, block],
      padding: "valid",
    }),
  );
};

/** A vector of channels times a matrix: a convolution of 1 x 1. */
const matMul: Handler = (step) => {
  const { attributes } = step.node;
  const seen = step.seen(0);
  if (attributes.flag("transpose_a") === true || step.known(1).dims.length !== 2)
    step.refuse("only a vector of channels times a matrix can run here");
  const flat = seen.dims.length === 2 && seen.axes.at(-1) === 2;
  if (!flat || seen.value.shape[0] !== 1 || seen.value.shape[1] !== 1)
    step.refuse("it mixes places of the picture, which cannot run here");
  const known =
    attributes.flag("transpose_b") === true ? transpose(step.known(1), [1, 0], step.where) : step.known(1);
  const matrix = { shape: known.dims, values: Float32Array.from(known.values) };
  const made = pointwise(step.place, seen.value, matrix, null);
  const value = step.node.op === "_FusedMatMul" ? fusedOps(step, made) : made;
  return { value, dims: [1, value.shape[2]], axes: [null, 2] };
};

const conv2d: Handler = (step) => convolved(step);

export const LAYERS: Readonly<Record<string, Handler>> = {
  Conv2D: conv2d,
  DepthwiseConv2dNative: conv2d,
  _FusedConv2D: fusedConv2d,
  FusedConv2D: fusedConv2d,
  FusedDepthwiseConv2dNative: fusedConv2d,
  _FusedDepthwiseConv2dNative: fusedConv2d,
  Conv2DBackpropInput: conv2dBackprop,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  _FusedBatchNormEx: batchNorm,
  MaxPool: pool("max_pool"),
  AvgPool: pool("avg_pool"),
  ResizeNearestNeighbor: resize("nearest"),
  ResizeBilinear: resize("bilinear"),
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  MatMul: matMul,
  _FusedMatMul: matMul,
};
