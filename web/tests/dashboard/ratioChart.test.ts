// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { CHARTS } from "../../src/dashboard/charts";
import type { Panel } from "../../src/dashboard/chart";
import { pairDomain } from "../../src/dashboard/pairChart";
import { ratioDomain } from "../../src/dashboard/ratioChart";
import type { ModesData } from "../../src/dashboard/ratioData";
import { svgOf } from "./readable";
import { against, condition, GLANCE, group, PAIR } from "./ratios";

const frame = { width: 560, document };
const panels = (name: string, data: ModesData): Panel[] => CHARTS[name]!.panels(data, frame);
const marks = (svg: string, label: string): number => svg.split(`data-part="${label}"`).length - 1;

describe("ratios", () => {
  it("look as they did", async () => {
    await expect(svgOf(panels("ratios", GLANCE)[0]!)).toMatchFileSnapshot("./ratioChart.svg");
  });

  it("have a line for each mode that some machine ran on both sides", () => {
    const [panel] = panels("ratios", GLANCE);
    expect(panel!.options.y!.domain).toEqual(["direct-webgl", "tfjs-pixels", "direct-wasm, 4 thr."]);
    expect(CHARTS["ratios"]!.rows(GLANCE, frame)[3]).toMatchObject({ ratio: null, machines_only_first: 3 });
  });

  it("stand under one heading for each way to group", () => {
    expect(panels("ratios", PAIR).map((panel) => panel.title)).toEqual(["By class", "By browser"]);
    expect(panels("ratios", PAIR)[0]!.options.y!.domain).toEqual(["discrete", "discrete, blurred"]);
    expect(CHARTS["ratios"]!.n(PAIR, frame)).toBe("n = 5 machines with both");
  });

  it("draw nothing where no machine has both", () => {
    expect(panels("ratios", { against: [against(condition("direct-webgl"), {})] })).toEqual([]);
  });

  it("always hold 1 on their scale, away from its ends", () => {
    const [low, high] = ratioDomain([group("class", { machine_ratios: [30] })]);
    expect(low).toBeLessThan(0.8);
    expect(high).toBeGreaterThan(30);
  });

  it("show a hostile name as text", () => {
    const row = group("class", {
      place: "<img src=x onerror=alert(1)>",
      machine_ratios: [1],
      machines_both: 1,
    });
    expect(svgOf(panels("ratios", { groups: [row] })[0]!)).not.toContain("<img");
  });
});

describe("pairs", () => {
  it("look as they did", async () => {
    await expect(svgOf(panels("pairs", PAIR)[0]!)).toMatchFileSnapshot("./pairChart.svg");
  });

  it("have no band below the floor, and no drawing without a machine", () => {
    const few = { ...PAIR, groups: [group("all", { machines_both: 5 })] };
    expect(marks(svgOf(panels("pairs", PAIR)[0]!), "area")).toBe(1);
    expect(marks(svgOf(panels("pairs", few)[0]!), "area")).toBe(0);
    expect(panels("pairs", { ...PAIR, points: [] })).toEqual([]);
  });

  it("say how many are not drawn", () => {
    const many = { ...PAIR, groups: [group("all", { machines_both: 900 })] };
    expect(panels("pairs", many)[0]!.note).toBe("5 machines of 900 are drawn, chosen at random.");
  });

  it("give each machine as a line of the table", () => {
    expect(CHARTS["pairs"]!.rows(PAIR, frame)[0]).toEqual({
      first_ms: 10,
      second_ms: 4,
      ratio: 0.4,
      class: "discrete",
    });
  });

  it("have the same scale on both sides", () => {
    const [low, high] = pairDomain(PAIR.points!);
    expect([low < 4, high > 50]).toEqual([true, true]);
  });
});
