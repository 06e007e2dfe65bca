// Machine by machine: milliseconds a frame in one condition against the other, both on logarithmic scales.
//
// Equal ratios lie on lines beside the diagonal, so the geometric mean is such a line and its interval a band.
import * as Plot from "@observablehq/plot";

import { count, defineChart, figure, SERIES, SYMBOLS, type Frame, type KeyEntry, type Row } from "./chart";
import { conditionLabel, type GroupRow, type ModesData, type PairPoint } from "./ratioData";

const OTHER = "other or not told";
const CLASSES = ["discrete", "integrated", "mobile", "software", OTHER];

/** One drawing: every machine a symbol by its GPU's class. */
export const pairs = defineChart<ModesData>({
  widest: 620,
  panels: (data, frame) =>
    (data.points ?? []).length === 0
      ? []
      : [{ title: "", options: pairOptions(data, frame), key: keyOf(data), ...noteOf(data) }],
  rows: ({ points = [] }) =>
    points.map(({ first_ms, second_ms, class_ }): Row => ({
      first_ms,
      second_ms,
      ratio: second_ms / first_ms,
      class: class_,
    })),
  n: (data) => `n = ${count(allOf(data)?.machines_both ?? 0, "machine")} with both`,
});

/** Square, with the same scale on both sides, so that the diagonal is one. */
export function pairOptions(data: ModesData, frame: Frame): Plot.PlotOptions {
  const points = data.points ?? [];
  const domain = pairDomain(points);
  const size = Math.min(frame.width, 520);
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(
    (ms) => ms >= domain[0] && ms <= domain[1],
  );
  const [across, up] = data.first && data.second ? namesOf(data.first, data.second) : ["first", "second"];
  const axis = { text: String, tickSize: 4, labelArrow: "none", labelAnchor: "center" } as const;
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: size,
    marginLeft: 58,
    marginBottom: 42,
    marginTop: 12,
    marginRight: frame.width - size + 12,
    ariaLabel: `Milliseconds a frame on the same machines, ${up} against ${across}`,
    x: { type: "log", domain, label: null },
    y: { type: "log", domain, label: null },
    color: { domain: CLASSES, range: SERIES },
    symbol: { domain: CLASSES, range: [...SYMBOLS] },
    marks: [
      Plot.gridX(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
      Plot.gridY(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
      ...ratioBand(allOf(data), domain),
      Plot.line(ends(1, domain), {
        x: "0",
        y: "1",
        stroke: "var(--ink)",
        strokeDasharray: "4 3",
        clip: true,
      }),
      Plot.axisX(ticks, { ...axis, label: `ms a frame, ${across}` }),
      Plot.axisY(ticks, { ...axis, label: `ms a frame, ${up}` }),
      machineMarks(points),
    ],
  };
}

/** The ends of both axes: all values with some air, at least a factor of four. */
export function pairDomain(points: readonly PairPoint[]): [number, number] {
  const values = points.flatMap((point) => [point.first_ms, point.second_ms]);
  const low = Math.min(...values) * 0.8;
  return [low, Math.max(low * 4, Math.max(...values) * 1.25)];
}

/** Two points of the line on which every ratio is `ratio`, from edge to edge. */
function ends(ratio: number, [low, high]: [number, number]): [number, number][] {
  return [
    [low, low * ratio],
    [high, high * ratio],
  ];
}

/** The geometric mean and its interval; nothing below the floor. */
function ratioBand(all: GroupRow | undefined, domain: [number, number]): Plot.Markish[] {
  if (!all || all.ratio === null || all.interval_low === null || all.interval_high === null) return [];
  const [low, high] = [all.interval_low, all.interval_high];
  const band = domain.map((ms) => ({ ms, low: ms * low, high: ms * high }));
  return [
    Plot.areaY(band, { x: "ms", y1: "low", y2: "high", fill: "var(--ink)", fillOpacity: 0.13, clip: true }),
    Plot.line(ends(all.ratio, domain), { x: "0", y: "1", stroke: "var(--ink)", strokeWidth: 2, clip: true }),
  ];
}

function machineMarks(points: readonly PairPoint[]): Plot.Markish {
  return Plot.dot(points, {
    x: "first_ms",
    y: "second_ms",
    stroke: classOf,
    symbol: classOf,
    strokeWidth: 1.5,
    r: points.length > 100 ? 3 : 4.5,
    title: (point: PairPoint) =>
      `${figure(point.first_ms)} ms and ${figure(point.second_ms)} ms: ${figure(point.second_ms / point.first_ms)} times as long (${classOf(point)})`,
  });
}

function classOf(point: PairPoint): string {
  return CLASSES.includes(point.class_) ? point.class_ : OTHER;
}

function keyOf(data: ModesData): KeyEntry[] {
  const there = new Set((data.points ?? []).map(classOf));
  const classes = CLASSES.map((label, at) => ({
    label,
    colour: SERIES[at] ?? "var(--ink)",
    symbol: SYMBOLS[at] ?? "circle",
  })).filter((entry) => there.has(entry.label));
  const mean = { label: "geometric mean, 95 % interval", colour: "var(--ink)" };
  const same = { label: "just as long", colour: "var(--ink)", dash: "4 3" };
  return [...classes, ...(typeof allOf(data)?.ratio === "number" ? [mean] : []), same];
}

function noteOf(data: ModesData): { note?: string } {
  const [drawn, all] = [data.points?.length ?? 0, allOf(data)?.machines_both ?? 0];
  return drawn < all
    ? { note: `${count(drawn, "machine")} of ${all.toLocaleString("en")} are drawn, chosen at random.` }
    : {};
}

function allOf(data: ModesData): GroupRow | undefined {
  return data.groups?.find((row) => row.by === "all");
}

function namesOf(first: ModesData["first"] & object, second: ModesData["second"] & object): [string, string] {
  const same = conditionLabel(first) === conditionLabel(second);
  const name = (one: typeof first): string =>
    same ? `${one.model} ${conditionLabel(one, true)}` : conditionLabel(one);
  return [name(first), name(second)];
}
