// Convolutions as other formats write them, brought to the three kinds that a bundle has.
import type { Edges, Padding, Pair } from "../graph";
import { LINEAR, affine, refuseAt, within } from "./elementwise";
import type { Place } from "./elementwise";
import { product } from "./fields";
import { LARGEST_KERNEL } from "../shapes";
import { KERNEL_VALUES } from "./limits";
import type { Tensor, Value } from "./network";

export interface Window {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilation?: Pair;
}

function checked(place: Place, kernel: Tensor): Tensor {
  const [high = 0, wide = 0] = kernel.shape;
  if (kernel.shape.length !== 4 || kernel.values.length === 0 || Math.max(high, wide) > LARGEST_KERNEL)
    refuseAt(
      place,
      `its kernel has the shape ${kernel.shape.join("x")}; kernels of up to ${LARGEST_KERNEL} x ${LARGEST_KERNEL} and four axes can be used`,
    );
  return kernel;
}

/** Zeros between the taps: a dilated kernel as a plain one. */
function dilated(place: Place, kernel: Tensor, [down, right]: Pair): Tensor {
  if (down === 1 && right === 1) return kernel;
  const [high = 1, wide = 1, a = 1, b = 1] = kernel.shape;
  const [tall, broad] = [(high - 1) * down + 1, (wide - 1) * right + 1];
  if (Math.max(tall, broad) > LARGEST_KERNEL || tall * broad * a * b > KERNEL_VALUES)
    refuseAt(place, `with its dilation the kernel would be ${tall} x ${broad}, which is too large`);
  const values = new Float32Array(tall * broad * a * b);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const from = (y * wide + x) * a * b;
      values.set(kernel.values.subarray(from, from + a * b), (y * down * broad + x * right) * a * b);
    }
  return { shape: [tall, broad, a, b], values };
}

/** A grouped kernel [kh, kw, in / groups, out] as a whole one, with zeros where groups do not meet. */
function ungrouped(place: Place, kernel: Tensor, groups: number): Tensor {
  const [high = 1, wide = 1, taken = 1, made = 1] = kernel.shape;
  if (product(kernel.shape) * groups > KERNEL_VALUES)
    refuseAt(place, `its ${groups} groups are too large to be spread out`);
  const each = made / groups;
  const values = new Float32Array(high * wide * taken * groups * made);
  kernel.values.forEach((value, i) => {
    const [out, input, tap] = [i % made, Math.floor(i / made) % taken, Math.floor(i / made / taken)];
    const group = Math.floor(out / each);
    values[(tap * taken * groups + group * taken + input) * made + out] = value;
  });
  return { shape: [high, wide, taken * groups, made], values };
}

type Kind = "conv2d" | "conv2d_transpose" | "depthwise_conv2d";

/** Linear: an activation follows as a node, and is fused later. */
function plain(
  place: Place,
  op: Kind,
  input: Value,
  kernel: Tensor,
  bias: Float32Array | null,
  window: Window,
): Value {
  const { builder, name, where } = place;
  const [, , third = 1, fourth = 1] = kernel.shape;
  const made = op === "conv2d" ? fourth : op === "conv2d_transpose" ? third : third * fourth;
  if (bias !== null && bias.length !== made)
    refuseAt(place, `its bias has ${bias.length} values for ${made} channels`);
  const draft = {
    op,
    kernel: builder.tensor(`${name}/kernel`, kernel.shape, kernel.values),
    bias: bias === null ? null : builder.tensor(`${name}/bias`, [made], bias),
    strides: window.strides,
    padding: window.padding,
    activation: LINEAR,
  };
  return builder.add(name, where, draft, [input]);
}

/** A convolution with a kernel [kh, kw, in / groups, out]; the groups follow from the kernel. */
export function convolution(
  place: Place,
  input: Value,
  given: Tensor,
  bias: Float32Array | null,
  window: Window,
): Value {
  const kernel = dilated(place, checked(place, given), window.dilation ?? [1, 1]);
  const [high = 1, wide = 1, taken = 1, made = 1] = kernel.shape;
  const channels = input.shape[2];
  const groups = channels / taken;
  if (!Number.isInteger(groups) || made % groups)
    refuseAt(place, `its kernel is made for ${taken} channels, but it gets ${channels}`);
  if (groups > 1 && groups === channels) {
    const shape = [high, wide, channels, made / channels];
    return plain(place, "depthwise_conv2d", input, { shape, values: kernel.values }, bias, window);
  }
  return plain(place, "conv2d", input, groups > 1 ? ungrouped(place, kernel, groups) : kernel, bias, window);
}

/** A depthwise convolution with a kernel [kh, kw, in, multiplier]. */
export function depthwise(
  place: Place,
  input: Value,
  given: Tensor,
  bias: Float32Array | null,
  window: Window,
): Value {
  const kernel = dilated(place, checked(place, given), window.dilation ?? [1, 1]);
  return plain(place, "depthwise_conv2d", input, kernel, bias, window);
}

/** A matrix [in, out] applied to the channels of each place. */
export function pointwise(place: Place, input: Value, matrix: Tensor, bias: Float32Array | null): Value {
  if (matrix.shape.length !== 2)
    refuseAt(place, `its matrix has the shape ${matrix.shape.join("x")}, not channels x channels`);
  const kernel = { shape: [1, 1, ...matrix.shape], values: matrix.values };
  return convolution(place, input, kernel, bias, { strides: [1, 1], padding: "same" });
}

/** Rows (or columns) to cut from the whole result before and after; after is below 0 where zeros have to be added. */
function cuts(place: Place, axis: 0 | 1, source: number, size: number, taps: number, window: Window): Pair {
  const { padding, strides } = window;
  const stride = strides[axis];
  const whole = (source - 1) * stride + taps;
  if (typeof padding !== "string") {
    const [before, after] = padding[axis];
    if (whole - before - after !== size)
      refuseAt(place, `its output size ${size} does not fit its strides and padding`);
    return [before, after];
  }
  const steps = padding === "same" ? Math.ceil(size / stride) : Math.ceil((size - taps + 1) / stride);
  if (steps !== source)
    refuseAt(place, `${source} rows or columns cannot become ${size} with a stride of ${stride}`);
  const before = padding === "same" ? Math.floor(Math.max(whole - size, 0) / 2) : 0;
  return [before, whole - size - before];
}

/** A transposed convolution with Keras' kernel [kh, kw, out, in] that gives the height and width `size`. */
export function transposed(
  place: Place,
  input: Value,
  given: Tensor,
  bias: Float32Array | null,
  window: Window,
  size: Pair,
): Value {
  const kernel = checked(place, given);
  const [high = 1, wide = 1] = kernel.shape;
  const [taller, wider] = [input.shape[0] * window.strides[0], input.shape[1] * window.strides[1]];
  const sides = [
    cuts(place, 0, input.shape[0], size[0], high, window),
    cuts(place, 1, input.shape[1], size[1], wide, window),
  ] as const;
  if (window.padding === "same" && size[0] === taller && size[1] === wider)
    return plain(place, "conv2d_transpose", input, kernel, bias, window);
  const inner = sides.map(([before, after]) => [before, Math.max(after, 0)]) as unknown as Edges;
  const beyond = sides.map(([, after]) => [0, Math.max(-after, 0)]) as unknown as Edges;
  if (sides.every(([, after]) => after >= 0))
    return plain(place, "conv2d_transpose", input, kernel, bias, { ...window, padding: inner });
  // Rows that no input reaches hold zeros before the bias is added.
  const made = plain(within(place, "conv"), "conv2d_transpose", input, kernel, null, {
    ...window,
    padding: inner,
  });
  const padded = place.builder.add(
    `${place.name}/pad`,
    place.where,
    { op: "pad", mode: "zero", edges: beyond },
    [made],
  );
  return bias === null ? padded : affine(place, padded, [1], bias);
}
