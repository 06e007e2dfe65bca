import { describe, expect, it } from "vitest";

import { falloff, flowFor, stamp, stampsAlong, Stroke } from "../../src/ui/sketch/brush";
import { fromBytes, fromRgba, newGrey, SIDE, toBytes, toRgba } from "../../src/ui/sketch/grey";
import { History } from "../../src/ui/sketch/history";

const BRUSH = { radius: 20, tone: 1, flow: 0.5 };
const at = (grey: Float32Array, x: number, y: number): number => grey[y * SIDE + x] ?? Number.NaN;

describe("the soft brush", () => {
  it("is strongest in the middle and nothing at the rim", () => {
    expect(falloff(0)).toBe(1);
    expect(falloff(0.5)).toBeGreaterThan(falloff(0.8));
    expect(falloff(1)).toBe(0);
    expect(falloff(3)).toBe(0);
  });

  it("pulls greys towards its tone and leaves the rest alone", () => {
    const grey = newGrey(0.5);
    stamp(grey, { x: 100, y: 100 }, BRUSH);
    expect(at(grey, 100, 100)).toBeCloseTo(0.75);
    expect(at(grey, 100, 121)).toBe(0.5);
    for (let i = 0; i < 50; i++) stamp(grey, { x: 100, y: 100 }, BRUSH);
    expect(Math.max(...grey)).toBeLessThanOrEqual(1);
  });

  it("may hang over the edge", () => {
    const grey = newGrey(0);
    stamp(grey, { x: -5, y: SIDE + 5 }, BRUSH);
    expect(at(grey, 0, SIDE - 1)).toBeGreaterThan(0);
    expect(at(grey, SIDE - 1, 0)).toBe(0);
  });
});

describe("a stroke", () => {
  it("stamps evenly however the way is cut up", () => {
    const whole = stampsAlong({ x: 0, y: 0 }, { x: 100, y: 0 }, 4, 0).points;
    let carried = 0;
    const parts = [0, 30, 33, 71].flatMap((x, i, all) => {
      const step = stampsAlong({ x, y: 0 }, { x: all[i + 1] ?? 100, y: 0 }, 4, carried);
      carried = step.carried;
      return step.points;
    });
    expect(parts.length).toBe(whole.length);
    parts.forEach((point, i) => expect(point.x).toBeCloseTo(whole[i]?.x ?? -1));
  });

  it("leaves no gap between two far positions", () => {
    const grey = newGrey(0);
    const stroke = new Stroke(grey);
    stroke.moveTo({ x: 20, y: 128 }, BRUSH);
    stroke.moveTo({ x: 230, y: 128 }, BRUSH);
    const along = Array.from({ length: 211 }, (_, i) => at(grey, 20 + i, 128));
    expect(Math.min(...along)).toBeGreaterThan(0.4);
  });

  it("stands still without harm", () => {
    expect(stampsAlong({ x: 5, y: 5 }, { x: 5, y: 5 }, 4, 1)).toEqual({ points: [], carried: 1 });
  });

  it("follows the pressure of a pen, and only of a pen", () => {
    expect(flowFor(0.9, "pen")).toBeGreaterThan(flowFor(0.2, "pen"));
    expect(flowFor(0, "pen")).toBeGreaterThan(0);
    expect(flowFor(0.5, "touch")).toBe(flowFor(0, "mouse"));
  });
});

describe("undo", () => {
  it("puts back what was there, as often as there is something", () => {
    const grey = newGrey(0.2);
    const history = new History();
    history.remember(grey);
    stamp(grey, { x: 50, y: 50 }, BRUSH);
    expect(history.undo(grey)).toBe(true);
    expect(at(grey, 50, 50)).toBeCloseTo(0.2, 2);
    expect(history.undo(grey)).toBe(false);
  });
});

describe("greys and bytes", () => {
  it("weighs colours as the network does", () => {
    const grey = newGrey();
    const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
    rgba.set([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255]);
    fromRgba(rgba, grey);
    expect(Array.from(grey.slice(0, 4), (tone) => Number(tone.toFixed(3)))).toEqual([0.299, 0.587, 0.114, 1]);
  });

  it("comes back from bytes and RGBA within half a level", () => {
    const grey = newGrey(0.337);
    const back = newGrey();
    fromBytes(toBytes(grey), back);
    expect(Math.abs((back[0] ?? 0) - 0.337)).toBeLessThanOrEqual(0.5 / 255);
    const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
    toRgba(grey, rgba);
    expect([...rgba.slice(0, 4)]).toEqual([86, 86, 86, 255]);
  });
});
