import { describe, expect, it } from "vitest";

import { niceCeiling } from "../../src/tester/chart";
import { conditionFigures, median, medianFrameMs, shownPerSecond } from "../../src/tester/figures";
import { run } from "./runs";

describe("figures of a run", () => {
  it("takes the median over frames, so a batch of k counts k times", () => {
    expect(medianFrameMs({ k: [1, 1, 1], ms: [10, 30, 20], elapsed_ms: 60 })).toBe(20);
    expect(medianFrameMs({ k: [8, 1], ms: [80, 100], elapsed_ms: 180 })).toBe(10);
    expect(medianFrameMs({ k: [1, 1], ms: [10, 20], elapsed_ms: 30 })).toBe(15);
    expect(medianFrameMs({ k: [], ms: [], elapsed_ms: 0 })).toBeNull();
  });

  it("divides new pictures by the window's length, not by the sum of samples", () => {
    expect(shownPerSecond({ k: [1, 1, 1], ms: [16, 16, 16], elapsed_ms: 1000 })).toBe(3);
    expect(shownPerSecond({ k: [], ms: [], elapsed_ms: 0 })).toBeNull();
  });
});

describe("figures by condition", () => {
  it("keeps blocks apart, and leaves play and failures out of the values", () => {
    const runs = [
      run({ mode: "tfjs-pixels", ms: 20 }),
      run({ mode: "tfjs-webgl", ms: 10 }),
      run({ mode: "tfjs-pixels", ms: 30, block: 2 }),
      run({ mode: "tfjs-pixels", ms: 500, kind: "play" }),
      run({ mode: "direct-webgl", ms: 1, outcome: "wrong_output" }),
    ];
    expect(conditionFigures(runs)).toEqual([
      {
        model: "flowers-small",
        mode: "tfjs-pixels",
        capabilityMs: [20, 30],
        displayedFps: [25, 25],
        outcome: "ok",
      },
      { model: "flowers-small", mode: "tfjs-webgl", capabilityMs: [10], displayedFps: [25], outcome: "ok" },
      {
        model: "flowers-small",
        mode: "direct-webgl",
        capabilityMs: [],
        displayedFps: [],
        outcome: "wrong_output",
      },
    ]);
  });

  it("finds the middle", () => {
    expect([median([3, 1, 2]), median([1, 4]), median([])]).toEqual([2, 2.5, null]);
  });
});

describe("the chart", () => {
  it.each([
    [0, 1],
    [0.9, 1],
    [17, 20],
    [21, 25],
    [49, 50],
    [100, 100],
  ])("ends its axis for %f at %f", (value, end) => {
    expect(niceCeiling(value)).toBe(end);
  });
});
