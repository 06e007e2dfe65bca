// Padding, cropping and resizing: along rows first, then along columns.
import type { AxisSample } from "../plan";
import type { Compute } from "./steps";

/** The mixture of the two places that one output place looks at; `at` gives the number at a place. */
function mixed(axis: AxisSample, i: number, at: (place: number) => number): number {
  const [low = 0, high = 0, share = 0] = [axis.low[i], axis.high[i], axis.share[i]];
  if (low < 0) return 0;
  return axis.exact ? at(low) : at(low) * (1 - share) + at(high) * share;
}

export const sample: Compute<"sample"> = (step, [source = new Float32Array()]) => {
  const [, sourceWidth = 0] = step.inputs[0]?.shape ?? [];
  const [height, width, channels] = step.output.shape;
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const [row, column, c] = [Math.floor(pixel / width), pixel % width, i % channels];
    return mixed(step.columns, column, (x) =>
      mixed(step.rows, row, (y) => source[(y * sourceWidth + x) * channels + c] ?? NaN),
    );
  });
};
