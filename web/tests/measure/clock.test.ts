import { describe, expect, it } from "vitest";
import { shortestSample, smallestStep } from "../../src/measure/clock";

/** A clock that only shows multiples of `tick`, read every `every` ms. */
function coarse(tick: number, every: number): () => number {
  let time = 0;
  return () => Math.floor((time += every) / tick) * tick;
}

describe("smallestStep", () => {
  it.each([
    [0.005, 0.001],
    [1, 0.03],
    [100, 0.5],
  ])("finds a tick of %d ms", (tick, every) => {
    expect(smallestStep(coarse(tick, every))).toBeCloseTo(tick, 6);
  });
});

describe("shortestSample", () => {
  it("is fifty ticks or twenty closings, whichever is longer", () => {
    expect(shortestSample(0.1, 0.1)).toBe(5);
    expect(shortestSample(0.005, 4)).toBe(80);
  });
});
