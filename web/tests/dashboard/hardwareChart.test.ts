// @vitest-environment jsdom
import * as Plot from "@observablehq/plot";
import { describe, expect, it } from "vitest";

import { fpsDomain, hardwareChart } from "../../src/dashboard/hardwareChart";
import { marksByModel } from "../../src/dashboard/marks";
import { readable } from "./readable";
import { row, ROWS } from "./rows";

function draw(rows = ROWS, width = 560): Element {
  const [marks] = marksByModel(rows);
  return Plot.plot(hardwareChart(marks!, { width, targets: [24, 30, 60], document }));
}

describe("the chart by hardware", () => {
  it("looks as it did", async () => {
    await expect(readable(draw())).toMatchFileSnapshot("./hardwareChart.svg");
  });

  it("has a mark for each group and each machine", () => {
    const dots = [...draw().querySelectorAll('[aria-label="dot"]')].map(
      (group) => group.querySelectorAll("path, circle").length,
    );
    expect(dots).toEqual([2, 3]);
  });

  it("shows a hostile name as text", () => {
    const chart = draw([row({ place: '<img src=x onerror="alert(1)">' })]);
    expect(chart.querySelector("img")).toBeNull();
    expect(chart.textContent).toContain("<img src=x");
  });

  it("has room for every value on a logarithmic scale", () => {
    const [marks] = marksByModel([row({ fps: null, machines_fps: [0.05, 900] })]);
    const [low, high] = fpsDomain(marks!);
    expect(low).toBeLessThan(0.05);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(900);
  });
});
