import { describe, expect, it } from "vitest";

import { blockCount, blockSeconds, downloadBytes, measureSeconds } from "../../src/tester/estimate";
import { cleanJoinCode, groupedCode } from "../../src/tester/identity";
import { MeasureProgress } from "../../src/tester/measureProgress";
import { CELLS, cellAverages } from "../../src/ui/sketch/cells";
import { newGrey, SIDE } from "../../src/ui/sketch/grey";
import { keyAction } from "../../src/ui/sketch/keys";
import { middleSquare } from "../../src/ui/sketch/pictures";
import { paintSketch, sketches } from "../../src/ui/sketch/sketches";
import { withoutRenderer } from "../../src/tester/visit";
import { config } from "./config";
import { run } from "./runs";

describe("the estimate", () => {
  it("counts every block and the drift control", () => {
    expect(blockCount(config)).toBe(5);
    expect(measureSeconds(config)).toBe(5 * blockSeconds(config.protocol));
    expect(downloadBytes(config)).toBe(10_500_000);
  });
});

describe("progress of measuring", () => {
  it("goes forward only, and ends at one", () => {
    const progress = new MeasureProgress(2, 0, 10);
    const seen = [progress.part()];
    const step = (act: () => void): void => {
      act();
      seen.push(progress.part());
    };
    step(() => progress.blockStarted());
    step(() => progress.phase(4));
    step(() => progress.phase(9));
    step(() => progress.blockFinished());
    step(() => progress.blockStarted());
    step(() => progress.blockFinished());
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(progress.secondsLeft()).toBe(0);
  });

  it("goes on where a reload broke it off", () => {
    const progress = new MeasureProgress(5, 3, 10);
    expect(progress.current()).toBe(4);
    expect(progress.part()).toBeCloseTo(0.6);
    expect(progress.secondsLeft()).toBe(20);
  });
});

describe("the join code as people type it", () => {
  it.each([
    ["abcd efgh", "ABCDEFGH"],
    [" 0o1l-i234 ", "00111234"],
  ])("cleans %s", (typed, code) => {
    expect(cleanJoinCode(typed)).toBe(code);
  });

  it.each(["", "ABC", "ABCDEFGHJ", "ABCDEFG!", "ABCDEFGU"])("refuses %j", (typed) => {
    expect(cleanJoinCode(typed)).toBeNull();
  });

  it("reads back what it shows", () => {
    expect(cleanJoinCode(groupedCode("7KQ2M0ZX"))).toBe("7KQ2M0ZX");
  });
});

describe("what the network sees", () => {
  it("averages areas with fractional weights", () => {
    const grey = newGrey(0);
    for (let y = 0; y < SIDE; y++) grey.fill(1, y * SIDE, y * SIDE + SIDE / 2);
    const cells = cellAverages(grey);
    expect(Array.from(cells.slice(0, CELLS), (cell) => Math.round(cell * 100))).toEqual([
      100, 100, 100, 100, 100, 0, 0, 0, 0, 0,
    ]);
  });

  it("keeps the average of a ramp", () => {
    const grey = newGrey().map((_, i) => (i % SIDE) / (SIDE - 1));
    const cells = cellAverages(grey);
    const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
    expect(mean).toBeCloseTo(0.5, 5);
  });
});

describe("the sketches", () => {
  it.each(sketches.map((sketch) => [sketch.id, sketch] as const))(
    "%s has light and dark, within bounds",
    (_, sketch) => {
      const grey = newGrey();
      paintSketch(grey, sketch);
      const cells = cellAverages(grey);
      expect(Math.min(...grey)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...grey)).toBeLessThanOrEqual(1);
      expect(Math.max(...cells) - Math.min(...cells)).toBeGreaterThan(0.3);
    },
  );
});

describe("keys in the drawing area", () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

  it("moves further with Shift", () => {
    const small = keyAction({ ...plain, key: "ArrowRight" });
    const large = keyAction({ ...plain, key: "ArrowRight", shiftKey: true });
    expect(small).toMatchObject({ type: "move", dy: 0 });
    expect(large?.type === "move" && small?.type === "move" && large.dx > small.dx).toBe(true);
  });

  it("leaves the browser's own keys alone", () => {
    expect(keyAction({ ...plain, key: "r", ctrlKey: true })).toBeNull();
    expect(keyAction({ ...plain, key: "ArrowLeft", altKey: true })).toBeNull();
    expect(keyAction({ ...plain, key: "z", metaKey: true })).toEqual({ type: "undo" });
  });
});

describe("pictures from outside", () => {
  it("takes the middle square", () => {
    expect(middleSquare(640, 480)).toEqual({ left: 80, top: 0, side: 480 });
    expect(middleSquare(100, 300)).toEqual({ left: 0, top: 100, side: 100 });
  });
});

describe("a device that is kept back", () => {
  it("is kept back in the runs too", () => {
    const report = withoutRenderer(run({ mode: "tfjs-webgl", ms: 10 }));
    expect(report.environment).toMatchObject({ vendor: null, renderer: null, tick_ms: 0.1 });
  });
});
