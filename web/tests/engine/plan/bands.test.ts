import { describe, expect, it } from "vitest";
import { bandsOf } from "../../../src/engine/plan";
import { areaMatrix, bicubicMatrix, makeMatrix, multiply } from "../../../src/engine/resample";
import type { Matrix } from "../../../src/engine/resample";

const CASES: readonly (readonly [string, Matrix, number])[] = [
  ["area 256 to 10", areaMatrix(256, 10), 27],
  ["area 7 to 3", areaMatrix(7, 3), 4],
  ["bicubic 10 to 256", bicubicMatrix(10, 256, -0.5), 4],
  ["bicubic 256 to 40", bicubicMatrix(256, 40, -0.75), 4],
  ["both", multiply(bicubicMatrix(10, 33, -0.5), areaMatrix(33, 10)), 18],
  ["a single place", areaMatrix(1, 1), 1],
  ["nothing", makeMatrix(3, 4, () => 0), 1],
];

describe("bandsOf", () => {
  it.each(CASES)("keeps all of %s", (_, matrix) => {
    const { places, source, width, start, weights } = bandsOf(matrix);
    const whole = new Float32Array(places * source);
    start.forEach((first, row) =>
      whole.set(weights.subarray(row * width, (row + 1) * width), row * source + first),
    );
    expect(whole).toEqual(Float32Array.from(matrix.values));
  });

  it.each(CASES)("reads no more neighbours than %s needs, and never beyond the edge", (_, matrix, most) => {
    const bands = bandsOf(matrix);
    expect(bands.width).toBeLessThanOrEqual(most);
    expect(Math.min(...bands.start)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...bands.start) + bands.width).toBeLessThanOrEqual(matrix.columns);
  });
});
