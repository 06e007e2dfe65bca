// Resampling as matrices: a picture [h, w] becomes rows . picture . columns^T. The same weights as kit/models/resampling.py.

/** Row-major matrix. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function makeMatrix(
  rows: number,
  columns: number,
  value: (row: number, column: number) => number,
): Matrix {
  const values = Float64Array.from({ length: rows * columns }, (_, i) =>
    value(Math.floor(i / columns), i % columns),
  );
  return { rows, columns, values };
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return makeMatrix(a.rows, b.columns, (row, column) => {
    let sum = 0;
    for (let i = 0; i < a.columns; i++) {
      sum += (a.values[row * a.columns + i] ?? 0) * (b.values[i * b.columns + column] ?? 0);
    }
    return sum;
  });
}

export function transpose(m: Matrix): Matrix {
  return makeMatrix(m.columns, m.rows, (row, column) => m.values[column * m.columns + row] ?? 0);
}

/** Area average [target, source]: each output covers source / target inputs, with fractional weights at both ends. */
export function areaMatrix(source: number, target: number): Matrix {
  const width = source / target;
  return makeMatrix(target, source, (row, column) => {
    const overlap = Math.min((row + 1) * width, column + 1) - Math.max(row * width, column);
    return Math.max(0, overlap) / width;
  });
}

/** Cubic convolution kernel (Keys 1981, IEEE TASSP 29) at a distance in samples. */
function keysWeight(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d < 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  if (d < 2) return a * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
  return 0;
}

/**
 * Bicubic [target, source], half-pixel centres, no antialiasing. Samples beyond the edge are left out and the others
 * scaled to sum to 1, as tf.image.resize(method="bicubic", antialias=False) does; repeating the edge sample differs.
 */
export function bicubicMatrix(source: number, target: number, a: number): Matrix {
  const weight = (row: number, column: number) =>
    keysWeight(((row + 0.5) * source) / target - 0.5 - column, a);
  const sums = Array.from({ length: target }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < source; column++) sum += weight(row, column);
    return sum;
  });
  return makeMatrix(target, source, (row, column) => weight(row, column) / (sums[row] ?? 1));
}
