// The largest or the mean value of a window; places beyond the edges do not count.
import type { Pair } from "../plan";
import type { Compute } from "./steps";

/** Places of the window number `i` along one axis that lie within `size`. */
function inside(i: number, axis: 0 | 1, size: number, window: Pair, stride: Pair, before: Pair): number[] {
  const first = i * stride[axis] - before[axis];
  return Array.from({ length: window[axis] }, (_, k) => first + k).filter((at) => at >= 0 && at < size);
}

export const pool: Compute<"pool"> = (step, [source = new Float32Array()]) => {
  const [tall = 0, wide = 0] = step.inputs[0]?.shape ?? [];
  const [height, width, channels] = step.output.shape;
  const { window, stride, before } = step;
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const columns = inside(pixel % width, 1, wide, window, stride, before);
    const seen = inside(Math.floor(pixel / width), 0, tall, window, stride, before).flatMap((y) =>
      columns.map((x) => source[(y * wide + x) * channels + (i % channels)] ?? NaN),
    );
    return step.op === "max" ? Math.max(...seen) : seen.reduce((sum, x) => sum + x, 0) / seen.length;
  });
};
