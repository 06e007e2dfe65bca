import { describe, expect, it } from "vitest";

import { look, shortenedInside } from "../../src/dashboard/chart";
import { domainOf, logTicks } from "../../src/dashboard/distribution";
import { targetLabels } from "../../src/dashboard/targets";

describe("axes", () => {
  it("put two targets that stand too close on one label", () => {
    expect(targetLabels([24, 30, 60], [1, 1000], 300).map((label) => label.text)).toEqual(["24, 30", "60"]);
    expect(targetLabels([24, 30, 60], [10, 100], 900).map((label) => label.text)).toEqual(["24", "30", "60"]);
  });

  it("always have two marks", () => {
    for (const domain of [
      [0.5, 3],
      [1, 1000],
      [230, 950],
      [0.01, 90_000],
    ] as const)
      expect(logTicks(domain, 320).length).toBeGreaterThanOrEqual(2);
  });

  it("have room for all values and never reach 0", () => {
    const [low, high] = domainOf([0, 4, 90], []);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(4);
    expect(high).toBeGreaterThan(90);
  });
});

describe("series", () => {
  it("never look alike within fifteen", () => {
    const looks = Array.from({ length: 15 }, (_, at) => Object.values(look(at)).join());
    expect(new Set(looks).size).toBe(15);
  });

  it("keep both ends of a long name", () => {
    expect(shortenedInside("flowers-small 1.0.0 direct-webgl", 20)).toBe("flowers-…irect-webgl");
    expect(shortenedInside("short", 20)).toBe("short");
  });
});
