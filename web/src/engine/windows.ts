// What a sliding window's sizes imply along one axis, as in kit/models/arithmetic.py.

export type AxisPadding = "same" | "valid" | readonly [number, number];

/** Places of a window of `taps` that moves by `stride` over `size` samples; below 1 where it is larger than all of them. */
export function windowPlaces(size: number, taps: number, stride: number, padding: AxisPadding): number {
  if (padding === "same") return Math.ceil(size / stride);
  const around = padding === "valid" ? 0 : padding[0] + padding[1];
  return Math.floor((size + around - taps) / stride) + 1;
}

/** Length of what a transposed convolution makes of `size` samples, as Keras counts it; explicit padding is cut off. */
export function grownLength(size: number, taps: number, stride: number, padding: AxisPadding): number {
  if (padding === "same") return size * stride;
  if (padding === "valid") return (size - 1) * stride + Math.max(taps, stride);
  return (size - 1) * stride + taps - padding[0] - padding[1];
}
