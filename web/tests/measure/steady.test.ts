import { describe, expect, it } from "vitest";
import { isSteady, median } from "../../src/measure/steady";

describe("isSteady", () => {
  it("needs twenty frames", () => {
    expect(isSteady(Array<number>(19).fill(10))).toBe(false);
    expect(isSteady(Array<number>(20).fill(10))).toBe(true);
  });

  it("is not fooled by one slow frame, but sees a trend", () => {
    const one = Array.from({ length: 20 }, (_, i) => (i === 15 ? 500 : 10));
    const falling = Array.from({ length: 20 }, (_, i) => 40 - i);
    expect([isSteady(one), isSteady(falling)]).toEqual([true, false]);
  });
});

describe("median", () => {
  it("halves an even count", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });
});
