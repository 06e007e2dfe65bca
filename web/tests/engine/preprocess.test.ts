import { describe, expect, it } from "vitest";
import { toFloats } from "../../src/engine/floats";
import { readManifest } from "../../src/engine/manifest";
import { planPreprocessing, preprocess } from "../../src/engine/preprocess";
import { areaMatrix, bicubicMatrix } from "../../src/engine/resample";
import type { PreprocessingOp } from "../../src/engine/steps";
import { blockFile, blockManifest } from "./blocks";

const GREY: PreprocessingOp = { op: "grey", weights: [1, 0, 0] };
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

  const COLOURS = Uint8Array.of(0, 51, 255, 102, 51, 255); // 1 x 2 RGB

  it("keeps three channels where there is no grey step", () => {
    const made = preprocess(COLOURS, 1, 2, [
      { op: "area", size: [1, 1] },
      { op: "scale", from: [0, 255], to: [0, 1] },
    ]);
    expect([...made]).toEqual([51 / 255, 51 / 255, 1].map((value) => expect.closeTo(value, 6) as number));
  });

  it("scales a fourth channel by what comes behind it", () => {
    const halves = { op: "scale", from: [0, 255], to: [0, 0.5] } as const;
    expect([...preprocess(COLOURS, 1, 2, [{ op: "alpha" }, halves])][7]).toBe(0.5);
    expect([...preprocess(COLOURS, 1, 2, [halves, { op: "alpha" }])][7]).toBe(255);
  });

  it("makes a picture larger without a narrow place in between", () => {
    const plan = planPreprocessing([{ op: "bicubic", size: [4, 2], a: -0.5 }], 1, 2);
    expect(plan.rows).toMatchObject({ down: null, up: { rows: 4, columns: 1 } });
    expect(plan.columns).toEqual({ down: null, up: null });
  });

  it("weighs an offset that stands before the grey step", () => {
    const [value] = preprocess(Uint8Array.of(1, 1, 1), 1, 1, [
      { op: "scale", from: [0, 1], to: [10, 11] },
      { op: "grey", weights: [1, 1, 1] },
    ]);
    expect(value).toBe(33);
  });

  it.each<[string, PreprocessingOp[]]>([
    ["preprocessing.1.op is grey, which needs three channels, not 1", [GREY, GREY]],
    ["preprocessing.1.op is alpha, which needs three channels, not 1", [GREY, { op: "alpha" }]],
    ["preprocessing.0.size is larger than the picture", [{ op: "area", size: [3, 1] }]],
  ])("says %s", (sentence, ops) => {
    expect(() => planPreprocessing(ops, 2, 2)).toThrow(sentence);
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
