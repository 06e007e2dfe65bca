// Reference of the preprocessing, in plain numbers: what a picture becomes before the network sees it.
import { refuse } from "./checks";
import type { PreprocessingOp } from "./manifest";
import { areaMatrix, bicubicMatrix, makeMatrix, multiply, transpose } from "./resample";
import type { Matrix } from "./resample";

/**
 * All steps in one: with x the RGB picture [h, w, 3],
 * input = rows . (x . grey) . columns^T * gain + offset. Every step is linear, so they can be joined before anything runs.
 */
export interface PreprocessingPlan {
  readonly grey: readonly [number, number, number];
  readonly rows: Matrix;
  readonly columns: Matrix;
  readonly gain: number;
  readonly offset: number;
  /** The narrowest height and width on the way (10 x 10): where the work is cut in two. */
  readonly narrow: readonly [number, number];
  /** The resampling steps one by one, for a runner that multiplies by narrow matrices. */
  readonly steps: readonly { readonly rows: Matrix; readonly columns: Matrix }[];
}

function resampler(op: PreprocessingOp & { op: "area" | "bicubic" }, source: number, axis: 0 | 1): Matrix {
  const target = op.size[axis];
  return op.op === "area" ? areaMatrix(source, target) : bicubicMatrix(source, target, op.a);
}

const identity = (size: number): Matrix => makeMatrix(size, size, (row, column) => (row === column ? 1 : 0));

/** Joins the steps for a picture of height x width. Throws `BundleError` where there is not exactly one grey step. */
export function planPreprocessing(ops: readonly PreprocessingOp[], height: number, width: number): PreprocessingPlan {
  const greys = ops.filter((op) => op.op === "grey");
  const [grey] = greys;
  if (grey === undefined || greys.length !== 1) refuse("preprocessing", "must have exactly one grey step");
  const steps: { rows: Matrix; columns: Matrix }[] = [];
  let size: [number, number] = [height, width];
  let narrow = size;
  let [gain, offset] = [1, 0];
  for (const op of ops) {
    if (op.op === "area" || op.op === "bicubic") {
      steps.push({ rows: resampler(op, size[0], 0), columns: resampler(op, size[1], 1) });
      size = [op.size[0], op.size[1]];
      if (size[0] * size[1] < narrow[0] * narrow[1]) narrow = size;
    } else if (op.op === "scale") {
      const factor = (op.to[1] - op.to[0]) / (op.from[1] - op.from[0]);
      gain *= factor;
      offset = op.to[0] + (offset - op.from[0]) * factor;
    }
  }
  const rows = steps.reduce((joined, step) => multiply(step.rows, joined), identity(height));
  const columns = steps.reduce((joined, step) => multiply(step.columns, joined), identity(width));
  return { grey: grey.weights, rows, columns, gain, offset, narrow, steps };
}

/**
 * What the network sees of a picture. `picture` holds bytes, `channels` (3 or 4; a fourth is left out) per pixel;
 * the result is [rows, columns, 1] in the manifest's input range. Resampling weights sum to 1, so a scale may stand anywhere.
 */
export function preprocess(
  picture: Uint8Array | Uint8ClampedArray,
  height: number,
  width: number,
  ops: readonly PreprocessingOp[],
  channels: 3 | 4 = 3,
): Float32Array {
  if (picture.length !== height * width * channels) refuse("picture", `must have ${height * width * channels} bytes`);
  const plan = planPreprocessing(ops, height, width);
  const [red, green, blue] = plan.grey;
  let grey = makeMatrix(height, width, (y, x) => {
    const at = (y * width + x) * channels;
    return red * (picture[at] ?? 0) + green * (picture[at + 1] ?? 0) + blue * (picture[at + 2] ?? 0);
  });
  for (const step of plan.steps) grey = multiply(multiply(step.rows, grey), transpose(step.columns));
  return Float32Array.from(grey.values, (value) => value * plan.gain + plan.offset);
}
