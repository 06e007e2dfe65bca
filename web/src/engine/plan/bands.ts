// Resampling matrices are nearly empty: each output place sees a few neighbours. Devices get only those.
import type { Matrix } from "../resample";

/** Output place i is the sum over k < width of weights[i * width + k] * source[start[i] + k]. */
export interface Bands {
  /** Output places. */
  readonly places: number;
  /** Source places. */
  readonly source: number;
  /** Neighbours that are read, the same number for every place; weights that are not needed are 0. */
  readonly width: number;
  readonly start: Int32Array;
  readonly weights: Float32Array;
}

/** First and last column of a row that is not 0. */
function span({ columns, values }: Matrix, row: number): [number, number] {
  let [first, last] = [columns, 0];
  for (let column = 0; column < columns; column++) {
    if (values[row * columns + column] === 0) continue;
    first = Math.min(first, column);
    last = column;
  }
  return [Math.min(first, last), last];
}

/** The matrix without its zeros. Reads never leave the source. */
export function bandsOf(matrix: Matrix): Bands {
  const spans = Array.from({ length: matrix.rows }, (_, row) => span(matrix, row));
  const width = spans.reduce((most, [first, last]) => Math.max(most, last - first + 1), 1);
  const start = Int32Array.from(spans, ([first]) => Math.min(first, matrix.columns - width));
  const weights = new Float32Array(matrix.rows * width);
  start.forEach((first, row) => {
    for (let k = 0; k < width; k++)
      weights[row * width + k] = matrix.values[row * matrix.columns + first + k] ?? 0;
  });
  return { places: matrix.rows, source: matrix.columns, width, start, weights };
}
