// The taps of convolutions and pools, resolved: which place reads what, and which taps never meet data.
import type { ConvNode, Padding, PoolNode } from "../graph";
import type { Pair, Phase, Shape3, Tap } from "./types";

type Axis = 0 | 1;

const axisOf = (padding: Padding, axis: Axis) => (typeof padding === "string" ? padding : padding[axis]);

/** Zeros before the first sample (TensorFlow's `same`: the odd one goes to the end). */
export function zerosBefore(
  size: number,
  taps: number,
  stride: number,
  padding: Padding,
  axis: Axis,
): number {
  const sides = axisOf(padding, axis);
  if (sides === "valid") return 0;
  if (sides !== "same") return sides[0];
  return Math.floor(Math.max((Math.ceil(size / stride) - 1) * stride + taps - size, 0) / 2);
}

/** What one axis of a phase reads: its first output place, how many there are, and its taps with their distance. */
interface AxisPhase {
  readonly at: number;
  readonly places: number;
  readonly taps: readonly { readonly distance: number; readonly index: number }[];
}

function alive(phase: AxisPhase, stride: number, size: number): AxisPhase {
  const meets = (distance: number): boolean => {
    const first = Math.max(0, Math.ceil(-distance / stride));
    return first < phase.places && first * stride + distance < size;
  };
  return { ...phase, taps: phase.taps.filter(({ distance }) => meets(distance)) };
}

/** A plain convolution along one axis. */
function plainAxis(node: ConvNode, source: Shape3, taps: number, axis: Axis): AxisPhase[] {
  const before = zerosBefore(source[axis], taps, node.strides[axis], node.padding, axis);
  const all = Array.from({ length: taps }, (_, index) => ({ distance: index - before, index }));
  return [alive({ at: 0, places: node.shape[axis], taps: all }, node.strides[axis], source[axis])];
}

/** Output place o of a transposed convolution gets tap k of input place (o + cut - k) / stride, where that is whole. */
function transposedAxis(node: ConvNode, source: Shape3, taps: number, axis: Axis): AxisPhase[] {
  const stride = node.strides[axis];
  const size = node.shape[axis];
  const cut = zerosBefore(size, taps, stride, node.padding, axis);
  return Array.from({ length: Math.min(stride, size) }, (_, at) => {
    const all = Array.from({ length: taps }, (_, index) => ({
      distance: (at + cut - index) / stride,
      index,
    }));
    const whole = all.filter(({ distance }) => Number.isInteger(distance));
    return alive({ at, places: Math.ceil((size - at) / stride), taps: whole }, 1, source[axis]);
  });
}

/** Phases of a convolution whose kernel has this height and width. */
export function phasesOf(node: ConvNode, source: Shape3, [tall, wide]: Pair): Phase[] {
  const along = node.op === "conv2d_transpose" ? transposedAxis : plainAxis;
  const columns = along(node, source, wide, 1);
  return along(node, source, tall, 0).flatMap((row) =>
    columns.map((column): Phase => {
      const taps = row.taps.flatMap(({ distance: dy, index: ky }) =>
        column.taps.map(({ distance: dx, index: kx }): Tap => ({ dy, dx, plane: ky * wide + kx })),
      );
      return { at: [row.at, column.at], places: [row.places, column.places], taps };
    }),
  );
}

/** Rows above and columns left of the input where a pool's first window begins. */
export function poolBefore(node: PoolNode, source: Shape3): Pair {
  const before = (axis: Axis): number =>
    zerosBefore(source[axis], node.window[axis], node.strides[axis], node.padding, axis);
  return [before(0), before(1)];
}
