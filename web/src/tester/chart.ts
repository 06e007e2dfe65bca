// A small bar chart: one bar a condition (the middle of its parts), one dot a part, the number beside it.

import { s } from "../ui/dom";

export interface ChartRow {
  label: string;
  values: readonly number[];
  middle: number;
  /** The middle, formatted with its unit. */
  shown: string;
}

const WIDTH = 288;
const ROW = 46;
/** Room for the number, and for half a dot beside it. */
const VALUE_WIDTH = 92;
const BAR_TOP = 22;
const BAR_HEIGHT = 12;

/** The next round number from `value` upwards: 1, 2, 2.5 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

function rowShapes(row: ChartRow, index: number, scale: (value: number) => number): SVGElement[] {
  const top = index * ROW;
  const middle = top + BAR_TOP + BAR_HEIGHT / 2;
  const bar = s("rect", {
    class: "chart-bar",
    x: 0,
    y: top + BAR_TOP,
    width: scale(row.middle),
    height: BAR_HEIGHT,
    rx: 2,
  });
  const dots = row.values.map((value) =>
    s("circle", { class: "chart-dot", cx: scale(value), cy: middle, r: 4 }),
  );
  const label = s("text", { class: "chart-label", x: 0, y: top + 14 }, row.label);
  const figure = s(
    "text",
    { class: "chart-figure", x: WIDTH, y: middle + 5, "text-anchor": "end" },
    row.shown,
  );
  return [label, bar, ...dots, figure];
}

/** The chart as one image with a text alternative that holds every number. */
export function barChart(title: string, rows: readonly ChartRow[]): SVGSVGElement {
  const most = niceCeiling(Math.max(...rows.flatMap((row) => [row.middle, ...row.values])));
  const room = WIDTH - VALUE_WIDTH;
  const scale = (value: number): number => Math.max(2, (value / most) * room);
  const summary = [title, ...rows.map((row) => `${row.label}: ${row.shown}`)].join(". ");
  return s(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${rows.length * ROW}`, role: "img", "aria-label": summary },
    ...rows.flatMap((row, i) => rowShapes(row, i, scale)),
  );
}
