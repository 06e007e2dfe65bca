// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { boxes } from "../../src/dashboard/boxChart";
import { answers } from "../../src/dashboard/answersChart";
import type { Chart } from "../../src/dashboard/chart";
import { ecdf, MAX_LINES, steps } from "../../src/dashboard/ecdfChart";
import { power } from "../../src/dashboard/powerChart";
import { drawn } from "../../src/dashboard/figure";
import { distribution, DISTRIBUTION, FEW, line, need, OVERVIEW, POWER } from "./groups";
import { svgOf } from "./readable";

const FRAME = { width: 560, document };
const CHARTS: [string, Chart, unknown][] = [
  ["answers", answers, OVERVIEW],
  ["boxes", boxes, DISTRIBUTION],
  ["ecdf", ecdf, DISTRIBUTION],
  ["power", power, POWER],
];

function count(chart: Chart, data: unknown, what: string): number {
  const [panel] = chart.panels(data, FRAME);
  return drawn(panel!).querySelectorAll(what).length;
}

describe.each(CHARTS)("the chart %s", (name, chart, data) => {
  it("looks as it did", async () => {
    await expect(svgOf(chart.panels(data, FRAME)[0]!)).toMatchFileSnapshot(`./${name}Chart.svg`);
  });

  it("says how many machines stand behind it, and names every line of its CSV alike", () => {
    expect(chart.n(data, FRAME)).toMatch(/^n = \d+/);
    const heads = chart.rows(data, FRAME).map((row) => Object.keys(row).slice(0, 5).join());
    expect(new Set(heads).size).toBe(1);
  });

  it("draws nothing where there is nothing", () => {
    const empty = { ...(data as object), rows: [], answers: [] };
    expect(chart.panels(empty, FRAME)).toEqual([]);
  });
});

describe("shares", () => {
  it("are drawn for every target, without conditions that have too few machines", () => {
    const panels = answers.panels(OVERVIEW, FRAME);
    expect(panels.map((panel) => panel.title)).toEqual([
      "Reaches 24 frames a second",
      "Reaches 30 frames a second",
      "Reaches 60 frames a second",
    ]);
    expect(panels[0]!.note).toBe("1 condition with too few machines left out.");
  });

  it("show the lowest and the highest possible one where machines are unknown", () => {
    expect(count(answers, OVERVIEW, '[data-part="dot"] path')).toBe(4);
  });

  it("have a line where somebody put the bar, and none where nobody did", () => {
    const bars = (bar: number | null): number => count(power, { ...POWER, bar }, '[stroke-dasharray="4 3"]');
    expect([bars(0.8), bars(null)]).toEqual([1, 0]);
  });
});

describe("curves", () => {
  it("begin at nothing and stay within 0 and 1 with their band", () => {
    const curve = steps({ name: "a", row: line({ band: 0.6 }) });
    expect(curve[0]).toMatchObject({ value: 10, share: 0, low: 0, high: 0.6 });
    expect(curve.at(-1)).toMatchObject({ share: 1, low: 0.4, high: 1 });
  });

  it("are the largest groups, and the key says how large", () => {
    const places = Array.from({ length: MAX_LINES + 2 }, (_, at) =>
      line({ section: "exact", place: `family ${at}`, machines: 10 + at }),
    );
    const [panel] = ecdf.panels(distribution(places, "family"), FRAME);
    expect(panel!.key!.map((entry) => entry.label)[0]).toBe("family 7 (n = 17)");
    expect(panel!.note).toBe("2 smaller groups not drawn.");
  });

  it("give a name one look in all drawings", () => {
    const rows = [
      line({ machines: 20 }),
      line({ mode: "tfjs-pixels" }),
      line({ model: "flowers-tiny", mode: "tfjs-pixels", machines: 20 }),
      line({ model: "flowers-tiny" }),
    ];
    const looks = ecdf
      .panels(distribution(rows), FRAME)
      .flatMap((panel) => panel.key!)
      .filter((entry) => entry.label.startsWith("tfjs-pixels"));
    expect(looks.map((entry) => entry.colour)).toEqual([looks[0]!.colour, looks[0]!.colour]);
  });
});

describe("boxes", () => {
  it("are machines of their own below the floor", () => {
    const dots = count(boxes, distribution([line(FEW)]), '[data-part="dot"] circle');
    expect(dots).toBe(2);
    expect(boxes.rows(distribution([line(FEW)]), FRAME).map((row) => row["value"])).toEqual([12, 61]);
  });

  it("share one axis, so that drawings can be compared", () => {
    const rows = [line(), line({ model: "flowers-tiny", spread: { ...line().spread!, p95: 900 } })];
    const domains = boxes.panels(distribution(rows), FRAME).map((panel) => panel.options.x?.domain);
    expect(domains[0]).toEqual(domains[1]);
  });

  it("show a hostile name as text", () => {
    const row = need({ place: '<img src=x onerror="alert(1)">' });
    const [panel] = power.panels({ ...POWER, rows: [row] }, { ...FRAME, width: 900 });
    const chart = drawn(panel!);
    expect(chart.querySelector("img")).toBeNull();
    expect(chart.textContent).toContain("<img src=x");
  });
});
