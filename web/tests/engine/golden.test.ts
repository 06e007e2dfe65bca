import { describe, expect, it } from "vitest";
import { compareShown, passes } from "../../src/engine/golden";

const shown = (...rgb: number[]): Uint8ClampedArray => Uint8ClampedArray.of(...rgb, 255);

describe("compareShown", () => {
  it("takes bytes for values of the output range", () => {
    const { maxAbsError, psnrDb } = compareShown(shown(0, 255, 51), Float32Array.of(-1, 1, -0.6), [-1, 1]);
    expect(maxAbsError).toBeLessThan(1e-6);
    expect(psnrDb).toBeGreaterThan(100);
  });

  it("measures in units of -1 to 1 whatever the range is", () => {
    expect(compareShown(shown(255, 0, 0), Float32Array.of(0, 0, 0), [0, 1]).maxAbsError).toBeCloseTo(2);
  });

  it("takes one channel for grey, and leaves a fourth out", () => {
    const grey = compareShown(shown(51, 51, 51), Float32Array.of(0.2), [0, 1], 1);
    const four = compareShown(shown(51, 0, 255), Float32Array.of(0.2, 0, 1, 0.7), [0, 1], 4);
    expect([grey.maxAbsError, four.maxAbsError]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    expect(compareShown(shown(51, 51, 102), Float32Array.of(0.2), [0, 1], 1).maxAbsError).toBeCloseTo(0.4);
  });

  it("expects the end of the range for what lies beyond it", () => {
    expect(compareShown(shown(0, 255, 255), Float32Array.of(-3, 9, 1), [0, 1]).maxAbsError).toBe(0);
    expect(compareShown(shown(255, 0, 0), Float32Array.of(Infinity, 0, 0), [0, 1]).maxAbsError).toBe(2);
  });

  it("gives the PSNR with a peak of 2", () => {
    const { psnrDb } = compareShown(shown(255, 255, 255), Float32Array.of(0.98, 0.98, 0.98), [-1, 1]);
    expect(psnrDb).toBeCloseTo(40, 3); // an error of 2/100 everywhere
  });

  it("never lets NaN pass", () => {
    const difference = compareShown(shown(0, 0, 0), Float32Array.of(NaN, -1, -1), [-1, 1]);
    expect(passes(difference, "float16")).toBe(false);
  });

  it("is stricter with full precision", () => {
    const difference = { maxAbsError: 0.05, psnrDb: 36 };
    expect([passes(difference, "float32"), passes(difference, "float16")]).toEqual([false, true]);
  });
});
