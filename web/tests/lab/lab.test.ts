import { describe, expect, it } from "vitest";
import { makePlan } from "../../src/engine/plan";
import { askedModel } from "../../src/lab/config";
import { pictureDifference, scaleTop } from "../../src/lab/difference";
import { heatColour } from "../../src/lab/heat";
import { layerRows } from "../../src/lab/layers";
import { median } from "../../src/lab/timing";
import { gigaflops, percent } from "../../src/lab/words";
import type { LabConfig } from "../../src/wire/types";
import { shippedBundle } from "../engine/plan/shipped";

const bytes = (...values: number[]): Uint8ClampedArray => Uint8ClampedArray.from(values);

describe("pictureDifference", () => {
  it("takes the largest of a pixel's three values and leaves alpha out", () => {
    const difference = pictureDifference(bytes(1, 2, 3, 0, 9, 9, 9, 9), bytes(1, 7, 2, 99, 9, 9, 9, 0));
    expect(difference).toEqual({ levels: 5, equal: 4 / 6, pixels: Uint8Array.of(5, 0) });
  });

  it("refuses pictures of different sizes", () => {
    expect(() => pictureDifference(bytes(0, 0, 0, 0), bytes())).toThrow("different sizes");
  });
});

it.each([[0, 1], [1, 1], [3, 4], [129, 255]])("a scale for %d levels ends at %d", (levels, top) => {
  expect(scaleTop(levels)).toBe(top);
}); // prettier-ignore

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it("the heat ramp only ever gets lighter, so that it needs no colours to be read", () => {
  const ramp = Array.from({ length: 101 }, (_, i) => luminance(heatColour(i / 100)));
  ramp.slice(1).forEach((light, i) => expect(light).toBeGreaterThan(ramp[i]!));
  expect(heatColour(-1)).toEqual(heatColour(0));
  expect(heatColour(2)).toEqual(heatColour(1));
});

describe("layerRows", () => {
  const plan = makePlan(shippedBundle("test-blocks").manifest, { by: "read" });
  const times = [
    { name: "preprocess", ms: 1 },
    ...plan.steps.map(({ name }) => ({ name, ms: 3 / plan.steps.length })),
  ];

  it("puts each time beside its line of the plan", () => {
    const rows = layerRows(plan, times);
    expect(rows.map(({ name }) => name)).toEqual(times.map(({ name }) => name));
    expect(rows[0]).toMatchObject({ share: 1, plan: null });
    expect(rows.slice(1).map((row) => row.plan?.name)).toEqual(plan.steps.map(({ name }) => name));
  });

  it("has no shares where the clock saw nothing", () => {
    expect(layerRows(plan, [{ name: "down1", ms: 0 }])[0]?.share).toBe(0);
  });
});

describe("words", () => {
  it.each([[1, "100 %"], [0.999996, "99.999 %"], [0.5, "50.0 %"], [0, "0.0 %"]])("%d is %s", (share, text) => {
    expect(percent(share)).toBe(text);
  }); // prettier-ignore

  it("count a multiply-add as two operations", () => {
    expect(gigaflops(145e6, 10)).toBe("29");
    expect(gigaflops(0, 10)).toBe("");
  });

  it.each([[[3, 1, 2], 2], [[4, 1, 2, 3], 2.5], [[7], 7]])("the median of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  }); // prettier-ignore
});

it("a model is asked for by name and version, by name alone (the newest), or not at all", () => {
  const models = ["a 1.0", "b 1.0", "b 2.0"].map((text) => ({
    ref: { name: text[0], version: text.slice(2) },
  }));
  const config = { models } as LabConfig;
  expect(["?model=b/1.0", "?model=b", "?model=c", ""].map((query) => askedModel(config, query))).toEqual([
    1, 2, 0, 0,
  ]);
});
