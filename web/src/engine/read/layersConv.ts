// Layers with kernels: convolutions of all kinds, and dense layers on channels.
import type { Padding, Pair } from "../graph";
import { ofLayer } from "./activations";
import { convolution, depthwise, pointwise, transposed } from "./convolving";
import type { Window } from "./convolving";
import { within } from "./elementwise";
import { channelsLast } from "./layerCall";
import type { LayerCall, ReadLayer } from "./layerCall";
import type { Fields } from "./fields";
import type { Value } from "./network";

function paddingOf(fields: Fields): "same" | "valid" {
  const padding = fields.text("padding", "valid").toLowerCase();
  return padding === "same" || padding === "valid" ? padding : fields.wrong("padding", '"same" or "valid"');
}

function windowOf(fields: Fields): Window & { dilation: Pair; padding: "same" | "valid" } {
  channelsLast(fields);
  const strides = fields.pair("strides", 1, 16, 1);
  return { strides, padding: paddingOf(fields), dilation: fields.pair("dilation_rate", 1, 64, 1) };
}

const conv2d: ReadLayer = (call) => {
  const window = windowOf(call.fields);
  const kernel = call.weight(["kernel"], -1, -1, -1, -1);
  const bias = call.bias(kernel.shape[3] ?? 0);
  return ofLayer(call, convolution(call.place, call.value, kernel, bias, window));
};

const DEPTHWISE = ["depthwise_kernel", "kernel"];

const depthwiseConv2d: ReadLayer = (call) => {
  const window = windowOf(call.fields);
  const channels = call.value.shape[2];
  const kernel = call.weight(DEPTHWISE, -1, -1, channels, -1);
  const bias = call.bias(channels * (kernel.shape[3] ?? 0));
  return ofLayer(call, depthwise(call.place, call.value, kernel, bias, window));
};

const separableConv2d: ReadLayer = (call) => {
  const window = windowOf(call.fields);
  const channels = call.value.shape[2];
  const kernel = call.weight(DEPTHWISE, -1, -1, channels, -1);
  const mixing = call.weight(["pointwise_kernel"], 1, 1, channels * (kernel.shape[3] ?? 0), -1);
  const inner = depthwise(within(call.place, "depthwise"), call.value, kernel, null, window);
  const matrix = { shape: mixing.shape.slice(2), values: mixing.values };
  return ofLayer(call, pointwise(call.place, inner, matrix, call.bias(mixing.shape[3] ?? 0)));
};

/** Height or width of the output, as Keras counts it (`output_padding` is what it adds itself otherwise). */
function grown(source: number, taps: number, stride: number, padding: Padding, added: number | null): number {
  const whole = (source - 1) * stride;
  if (added !== null) return whole + (padding === "same" ? taps % 2 : taps) + added;
  return padding === "same" ? source * stride : whole + Math.max(taps, stride);
}

function transposedSize({ fields, value }: LayerCall, kernel: readonly number[], window: Window): Pair {
  const added = fields.has("output_padding") ? fields.pair("output_padding", 0, 64) : [null, null];
  const side = (axis: 0 | 1): number =>
    grown(value.shape[axis], kernel[axis] ?? 1, window.strides[axis], window.padding, added[axis] ?? null);
  return [side(0), side(1)];
}

const conv2dTranspose: ReadLayer = (call) => {
  const window = windowOf(call.fields);
  if (window.dilation[0] !== 1 || window.dilation[1] !== 1)
    call.fields.refuse("dilation in a transposed convolution cannot run here");
  const kernel = call.weight(["kernel"], -1, -1, -1, call.value.shape[2]);
  const bias = call.bias(kernel.shape[2] ?? 0);
  const size = transposedSize(call, kernel.shape, window);
  return ofLayer(call, transposed(call.place, call.value, kernel, bias, window, size));
};

const dense = (call: LayerCall): Value => {
  const matrix = call.weight(["kernel"], call.value.shape[2], -1);
  return ofLayer(call, pointwise(call.place, call.value, matrix, call.bias(matrix.shape[1] ?? 0)));
};

export const CONVOLUTIONS: Readonly<Record<string, ReadLayer>> = {
  Conv2D: conv2d,
  Convolution2D: conv2d,
  Conv2DTranspose: conv2dTranspose,
  DepthwiseConv2D: depthwiseConv2d,
  SeparableConv2D: separableConv2d,
  Dense: dense,
};
