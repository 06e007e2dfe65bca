// Reference of the preprocessing, in plain numbers: what a picture becomes before the network sees it.
import { refuse } from "./checks";
import type { Shape3 } from "./checks";
import type { PreprocessingOp } from "./nodes";
import { areaMatrix, bicubicMatrix, makeMatrix, multiply, transpose } from "./resample";
import type { Matrix } from "./resample";

/** Every picture that a network is given: height, width, RGB. */
export const PICTURE: Shape3 = [256, 256, 3];

/** Shape [height, width, channels] after the steps. Throws `BundleError` for a step that cannot be applied. */
export function preparedShape(ops: readonly PreprocessingOp[], picture: Shape3): Shape3 {
  let [height, width, channels] = picture;
  ops.forEach((op, i) => {
    if (op.op === "area" && (op.size[0] > height || op.size[1] > width))
      refuse(`preprocessing.${i}.size`, "is larger than the picture: area can only make it smaller");
    if (op.op === "area" || op.op === "bicubic") [height, width] = op.size;
    if (op.op !== "grey" && op.op !== "alpha") return;
    if (channels !== 3)
      refuse(`preprocessing.${i}.op`, `is ${op.op}, which needs three channels, not ${channels}`);
    channels = op.op === "grey" ? 1 : 4;
  });
  return [height, width, channels];
}

/** Resampling along one axis in two factors, cut where the picture is narrowest (256 -> 10 -> 256); null: nothing to do. */
export interface Resampling {
  readonly down: Matrix | null;
  readonly up: Matrix | null;
}

/**
 * All steps in one: input = up . (down . x . grey) * gain + offset along rows and columns. Every step is linear, so they
 * can be joined before anything runs; resampling weights sum to 1, so a scale may stand before or behind them.
 */
export interface PreprocessingPlan {
  /** What remains of red, green and blue in the one grey channel; null: they stay three. */
  readonly grey: readonly [number, number, number] | null;
  readonly rows: Resampling;
  readonly columns: Resampling;
  readonly gain: number;
  readonly offset: number;
  /** The value of the fourth channel, as the network sees it; null: there is none. */
  readonly alpha: number | null;
}

function resampler(op: PreprocessingOp & { op: "area" | "bicubic" }, source: number, axis: 0 | 1): Matrix {
  const target = op.size[axis];
  return op.op === "area" ? areaMatrix(source, target) : bicubicMatrix(source, target, op.a);
}

const chain = (factors: readonly Matrix[]): Matrix | null =>
  factors.reduce<Matrix | null>((joined, factor) => (joined ? multiply(factor, joined) : factor), null);

function planAxis(ops: readonly PreprocessingOp[], size: number, axis: 0 | 1): Resampling {
  const factors: Matrix[] = [];
  for (const op of ops) {
    if (op.op !== "area" && op.op !== "bicubic") continue;
    const source = factors.at(-1)?.rows ?? size;
    // Both keep a picture as it is where the size does not change.
    if (op.size[axis] !== source) factors.push(resampler(op, source, axis));
  }
  const sizes = factors.map((matrix) => matrix.rows);
  const narrowest = sizes.indexOf(Math.min(...sizes));
  // What only grows needs no narrow place in between.
  const cut = (sizes[narrowest] ?? size) < size ? narrowest + 1 : 0;
  return { down: chain(factors.slice(0, cut)), up: chain(factors.slice(cut)) };
}

/** Joins the steps for an RGB picture of height x width. Throws `BundleError` for a step that cannot be applied. */
export function planPreprocessing(
  ops: readonly PreprocessingOp[],
  height: number,
  width: number,
): PreprocessingPlan {
  preparedShape(ops, [height, width, 3]);
  let [gain, offset] = [1, 0];
  let grey: PreprocessingPlan["grey"] = null;
  let alpha: number | null = null;
  for (const op of ops) {
    if (op.op === "grey") {
      grey = op.weights;
      offset *= op.weights[0] + op.weights[1] + op.weights[2];
    }
    if (op.op === "alpha") alpha = 255;
    if (op.op !== "scale") continue;
    const factor = (op.to[1] - op.to[0]) / (op.from[1] - op.from[0]);
    const scaled = (value: number): number => op.to[0] + (value - op.from[0]) * factor;
    gain *= factor;
    offset = scaled(offset);
    if (alpha !== null) alpha = scaled(alpha);
  }
  return { grey, rows: planAxis(ops, height, 0), columns: planAxis(ops, width, 1), gain, offset, alpha };
}

const applied = (matrix: Matrix | null, to: Matrix): Matrix => (matrix ? multiply(matrix, to) : to);

function resampled(plane: Matrix, { rows, columns }: PreprocessingPlan): Matrix {
  const tall = applied(rows.up, applied(rows.down, plane));
  return transpose(applied(columns.up, applied(columns.down, transpose(tall))));
}

/**
 * What the network sees of a picture. `picture` holds bytes, `channels` (3 or 4; a fourth is left out) per pixel;
 * the result is [rows, columns, 1, 3 or 4] in the manifest's input range.
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
  const mixes = plan.grey ? [plan.grey] : ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const); // prettier-ignore
  const planes = mixes.map(([red, green, blue]) => {
    const plane = makeMatrix(height, width, (y, x) => {
      const at = (y * width + x) * channels;
      return red * (picture[at] ?? 0) + green * (picture[at + 1] ?? 0) + blue * (picture[at + 2] ?? 0);
    });
    return resampled(plane, plan);
  });
  const made = planes.length + (plan.alpha === null ? 0 : 1);
  return Float32Array.from({ length: (planes[0]?.values.length ?? 0) * made }, (_, i) => {
    const value = planes[i % made]?.values[Math.floor(i / made)];
    return value === undefined ? (plan.alpha ?? 0) : value * plan.gain + plan.offset;
  });
}
