// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import type { AdviceData, AdviceRule, Shipped } from "../../src/dashboard/adviceChart";
import { CHARTS } from "../../src/dashboard/charts";
import { svgOf } from "./readable";

const frame = { width: 560, document };

function shipped(machines: number, share: number, ends: [number, number]): Shipped {
  return {
    model: "flowers-small",
    version: "1.1.0",
    mode: "direct-webgl",
    machines,
    share: [share, share],
    interval: ends,
  };
}

function rule(changes: Partial<AdviceRule>): AdviceRule {
  return {
    section: "exact",
    place: "class",
    name: "discrete",
    state: "proven",
    ship: null,
    best: null,
    ...changes,
  };
}

const ALL = shipped(60, 0.97, [0.9, 0.99]);
const DATA: AdviceData = {
  target_fps: 30,
  bar: 0.8,
  rules: [
    rule({ name: "NVIDIA Turing", place: "family", ship: shipped(30, 1, [0.88, 1]) }),
    rule({ name: "AMD RDNA 2", place: "family", state: "inherited", ship: ALL }),
    rule({ name: "Intel Gen 9", place: "family", state: "open", best: shipped(12, 0.6, [0.3, 0.85]) }),
    rule({ name: "", place: "default", ship: ALL }),
    rule({
      section: "software",
      name: "software",
      state: "too_few",
      best: { ...ALL, share: null, interval: null },
    }),
  ],
};

describe("the advisor's evidence", () => {
  it("looks as it did", async () => {
    const [panel] = CHARTS["advice"]!.panels(DATA, frame);
    await expect(svgOf(panel!)).toMatchFileSnapshot("./adviceChart.svg");
  });

  it("draws a line for each group with a share, by what its state is", () => {
    const panels = CHARTS["advice"]!.panels(DATA, frame);
    expect(panels.map((panel) => panel.title)).toEqual(["GPUs by name"]);
    expect(panels[0]!.options.y!.domain).toEqual([
      "NVIDIA Turing",
      "AMD RDNA 2",
      "Intel Gen 9",
      "all others",
    ]);
    expect(panels[0]!.key!.map((entry) => entry.symbol)).toEqual(["circle", "diamond", "triangle"]);
  });

  it("gives every rule as a line of the table", () => {
    const rows = CHARTS["advice"]!.rows(DATA, frame);
    expect(rows).toHaveLength(5);
    expect(rows[2]).toMatchObject({ name: "Intel Gen 9", state: "open", machines: 12, interval_low: 0.3 });
  });

  it("shows a hostile name as text", () => {
    const hostile = { ...DATA, rules: [rule({ name: "<img src=x onerror=alert(1)>", ship: ALL })] };
    expect(svgOf(CHARTS["advice"]!.panels(hostile, frame)[0]!)).not.toContain("<img");
  });
});
