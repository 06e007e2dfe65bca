import { describe, expect, it } from "vitest";
import { isMasked, knownPattern } from "../../src/measure/goldenCheck";

const pattern = knownPattern(256, 256);

describe("the known pattern", () => {
  it("looks the same upside down, so that a flip is a wrong picture and not masking", () => {
    const row = 256 * 4;
    const flipped = pattern.data.slice();
    for (let y = 0; y < 256; y++) flipped.set(pattern.data.subarray(y * row, y * row + row), (255 - y) * row);
    expect(isMasked(flipped, pattern)).toBe(false);
  });

  it("is not plain", () => {
    expect(new Set(pattern.data).size).toBeGreaterThan(200);
  });

  it("shows noise and constants, and lets rounding pass", () => {
    const changed = (change: (value: number, i: number) => number): Uint8ClampedArray =>
      pattern.data.map(change);
    expect(
      isMasked(
        changed((v, i) => (i === 4000 ? v ^ 2 : v)),
        pattern,
      ),
    ).toBe(true);
    expect(isMasked(changed(() => 255), pattern)).toBe(true); // prettier-ignore
    expect(isMasked(changed((v) => v + 1), pattern)).toBe(false); // prettier-ignore
  });
});
