// Reference of the preprocessing, in plain numbers: what a picture becomes before the network sees it.
import { refuse } from "./checks";
import type { PreprocessingOp } from "./manifest";
import { areaMatrix, bicubicMatrix, makeMatrix, multiply, transpose } from "./resample";
import type { Matrix } from "./resample";

/**
 * All steps in one: with x the RGB picture [h, w, 3],
 * input = rows . (x . grey) . columnsDown^T . columnsUp^T * gain + offset. Every step is linear, so they can be joined
 * before anything runs; the columns are kept in two factors, cut where the picture is narrowest (256 -> 10 -> 256).
 */
export interface PreprocessingPlan {
  readonly grey: readonly [number, number, number];
  readonly rows: Matrix;
  readonly columnsDown: Matrix;
  readonly columnsUp: Matrix;
  readonly gain: number;
  readonly offset: number;
}

function resampler(op: PreprocessingOp & { op: "area" | "bicubic" }, source: number, axis: 0 | 1): Matrix {
  const target = op.size[axis];
  return op.op === "area" ? areaMatrix(source, target) : bicubicMatrix(source, target, op.a);
}

const identity = (size: number): Matrix => makeMatrix(size, size, (row, column) => (row === column ? 1 : 0));

const chain = (factors: readonly Matrix[], size: number): Matrix =>
  factors.reduce((joined, factor) => multiply(factor, joined), identity(size));

/** Joins the steps for a picture of height x width. Throws `BundleError` where there is not exactly one grey step. */
export function planPreprocessing(
  ops: readonly PreprocessingOp[],
  height: number,
  width: number,
): PreprocessingPlan {
  const greys = ops.filter((op) => op.op === "grey");
  const [grey] = greys;
  if (grey === undefined || greys.length !== 1) refuse("preprocessing", "must have exactly one grey step");
  const rows: Matrix[] = [];
  const columns: Matrix[] = [];
  let [gain, offset] = [1, 0];
  for (const op of ops) {
    if (op.op === "area" || op.op === "bicubic") {
      rows.push(resampler(op, rows.at(-1)?.rows ?? height, 0));
      columns.push(resampler(op, columns.at(-1)?.rows ?? width, 1));
    } else if (op.op === "scale") {
      const factor = (op.to[1] - op.to[0]) / (op.from[1] - op.from[0]);
      gain *= factor;
      offset = op.to[0] + (offset - op.from[0]) * factor;
    }
  }
  const widths = columns.map((matrix) => matrix.rows);
  const cut = 1 + widths.indexOf(Math.min(...widths));
  const columnsDown = chain(columns.slice(0, cut), width);
  return {
    grey: grey.weights,
    rows: chain(rows, height),
    columnsDown,
    columnsUp: chain(columns.slice(cut), columnsDown.rows),
    gain,
    offset,
  };
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
  if (picture.length !== height * width * channels)
    refuse("picture", `must have ${height * width * channels} bytes`);
  const plan = planPreprocessing(ops, height, width);
  const [red, green, blue] = plan.grey;
  const grey = makeMatrix(height, width, (y, x) => {
    const at = (y * width + x) * channels;
    return red * (picture[at] ?? 0) + green * (picture[at + 1] ?? 0) + blue * (picture[at + 2] ?? 0);
  });
  const narrow = multiply(plan.rows, multiply(grey, transpose(plan.columnsDown)));
  const input = multiply(narrow, transpose(plan.columnsUp));
  return Float32Array.from(input.values, (value) => value * plan.gain + plan.offset);
}
