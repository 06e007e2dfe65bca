import { describe, expect, it } from "vitest";
import { toFloats } from "../../src/engine/floats";
import { readManifest } from "../../src/engine/manifest";
import { planPreprocessing, preprocess } from "../../src/engine/preprocess";
import { areaMatrix, bicubicMatrix } from "../../src/engine/resample";
import { blockFile, blockManifest } from "./blocks";

const row = (matrix: { columns: number; values: Float64Array }, index: number): number[] => [
  ...matrix.values.subarray(index * matrix.columns, (index + 1) * matrix.columns),
];

describe("preprocess", () => {
  it("agrees with TensorFlow on the golden picture to 1/255", () => {
    const manifest = readManifest(blockManifest());
    const [height, width] = manifest.input.shape;
    const made = preprocess(blockFile("golden/picture.bin"), height, width, manifest.preprocessing);
    const golden = toFloats(blockFile("golden/input.bin"), "float32");
    const worst = made.reduce((most, value, i) => Math.max(most, Math.abs(value - golden[i]!)), 0);
    expect(worst).toBeLessThan(1 / 255);
  });

  it("joins scales wherever they stand", () => {
    const plan = planPreprocessing(
      [
        { op: "scale", from: [0, 255], to: [0, 1] },
        { op: "grey", weights: [1, 0, 0] },
        { op: "scale", from: [0, 1], to: [-1, 1] },
      ],
      1,
      1,
    );
    expect(plan.gain * 255 + plan.offset).toBeCloseTo(1);
    expect(plan.offset).toBe(-1);
  });

  it("refuses a picture of the wrong size", () => {
    expect(() => preprocess(new Uint8Array(3), 2, 2, [{ op: "grey", weights: [1, 1, 1] }])).toThrow(
      "12 bytes",
    );
  });
});

describe("resampling", () => {
  it("averages areas with fractions at both ends", () => {
    expect(row(areaMatrix(5, 2), 0)).toEqual([0.4, 0.4, 0.2, 0, 0]);
  });

  it("leaves out samples beyond the edge and keeps the sum", () => {
    const first = row(bicubicMatrix(4, 8, -0.5), 0);
    expect(first.reduce((sum, weight) => sum + weight)).toBeCloseTo(1);
    expect(first[0]).toBeGreaterThan(1); // the negative weight beyond the edge is gone, the rest is scaled up
  });
});
