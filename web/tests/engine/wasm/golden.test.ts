import { describe, expect, it } from "vitest";
import { compareShown } from "../../../src/engine/golden";
import { shippedBundle } from "../plan/shipped";
import { sessionOf, TUNINGS } from "./sessions";

/** RGB bytes as RGBA. */
function rgba(picture: Uint8Array): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(256 * 256 * 4).fill(255);
  for (let i = 0; i < 256 * 256; i++) data.set(picture.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width: 256, height: 256, data };
}

describe.each(["flowers-tiny", "test-blocks"])("%s", (name) => {
  const bundle = shippedBundle(name);
  const { golden, manifest } = bundle;

  it.each(TUNINGS)("shows the golden picture, tuned %s", async (tuning) => {
    const session = await sessionOf(bundle, { tuning });
    session.draw(rgba(golden.picture));
    session.draw(rgba(golden.picture)); // The second one finds what the first one left in memory.
    const difference = compareShown(session.readPicture(), golden.output, manifest.output.range);
    expect(difference.maxAbsError).toBeLessThan(0.006); // Half an 8-bit level is 0.004.
    session.destroy();
  });

  it("prepares the golden input", async () => {
    const session = await sessionOf(bundle);
    const made = await session.prepared(rgba(golden.picture));
    const worst = made.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (golden.input[i] ?? 9))),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
    session.destroy();
  });
});
