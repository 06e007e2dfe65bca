import { describe, expect, it } from "vitest";
import { compareShown } from "../../../src/engine/golden";
import { asShown, referencePicture, runReference } from "../../../src/engine/reference";
import { frameFromRgb } from "../../../src/measure/frames";
import { shippedBundle } from "./shipped";

const bundle = shippedBundle("test-blocks");
const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

/** Golden outputs are stored as half floats. */
describe("the reference", () => {
  it.each([{ by: "read" }, { by: "write", align: 4 }] as const)(
    "makes Keras' output, joined by $by",
    (joining) => {
      const values = runReference(bundle, bundle.golden.input, { joining });
      expect(largest(values.get("output")!, bundle.golden.output)).toBeLessThan(2.5e-4);
    },
  );

  it("makes the picture that Keras makes, from bytes to bytes", () => {
    const shown = referencePicture(bundle, frameFromRgb(bundle.golden.picture, 256, 256));
    const { range, shape } = bundle.manifest.output;
    expect(shown).toMatchObject({ height: shape[0], width: shape[1] });
    // Half a level of rounding, and the golden output's own.
    expect(compareShown(shown.data, bundle.golden.output, range, shape[2]).maxAbsError).toBeLessThan(
      1 / 255 + 2.5e-4,
    );
  });
});

describe("asShown", () => {
  it.each<[string, number[], number, number[]]>([
    ["clips", [-9, 0, 9], 3, [0, 128, 255, 255]],
    ["repeats one channel", [0.5], 1, [191, 191, 191, 255]],
    ["leaves out a fourth", [-1, 1, 0, -1], 4, [0, 255, 128, 255]],
    ["lets no NaN look like a picture", [0, NaN, 0], 3, [255, 0, 255, 255]],
  ])("%s", (_, output, channels, expected) => {
    expect([...asShown(Float32Array.from(output), channels, [-1, 1])]).toEqual(expected);
  });
});
