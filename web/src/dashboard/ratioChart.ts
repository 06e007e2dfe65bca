// Ratios with their intervals, one line a group; a line at 1 stands for "just as long".
import * as Plot from "@observablehq/plot";

import { count, defineChart, figure, shortened, type Frame, type Panel, type Row } from "./chart";
import { conditionLabel, type AgainstRow, type GroupRow, type ModesData, type RatioRow } from "./ratioData";

const LINE = 26;
const MOST = 40;
const LETTER = 6.3;
const LABEL_EDGE = 16;

/** A group as the chart draws it. */
interface RatioMark extends RatioRow {
  label: string;
}

/** Every mode against one of its model: a drawing per model. On the page of two conditions: the groups. */
export const ratios = defineChart<ModesData>({
  widest: 760,
  narrowest: 500,
  panels: (data, frame) => (data.groups ? groupPanels(data.groups, frame) : modelPanels(data, frame)),
  rows: (data) => marksOf(data).map(line),
  n: (data) => {
    const pairs = data.groups
      ? (data.groups.find((row) => row.by === "all")?.machines_both ?? 0)
      : Math.max(0, ...(data.against ?? []).map((row) => row.machines_both));
    return data.groups
      ? `n = ${count(pairs, "machine")} with both`
      : `n = up to ${count(pairs, "machine")} a line`;
  },
});

function modelPanels(data: ModesData, frame: Frame): Panel[] {
  const models = new Map<string, AgainstRow[]>();
  for (const row of data.against ?? []) {
    const title = `${row.first.model} ${row.first.version}, against ${conditionLabel(row.first)}`;
    models.set(title, [...(models.get(title) ?? []), row]);
  }
  return [...models].flatMap(([title, rows]) => panelOf(title, rows.map(againstMark), frame));
}

function groupPanels(groups: readonly GroupRow[], frame: Frame): Panel[] {
  const titles = { class: "By class", browser: "By browser", family: "By family" } as const;
  const kinds = Object.entries(titles) as [keyof typeof titles, string][];
  return kinds.flatMap(([by, title]) => {
    const rows = groups.filter((row) => row.by === by);
    return panelOf(title, rows.map(groupMark), frame);
  });
}

function panelOf(title: string, marks: readonly RatioMark[], frame: Frame): Panel[] {
  const known = marks.filter((mark) => mark.machines_both > 0);
  const drawn = known.slice(0, MOST);
  if (drawn.length === 0) return [];
  const left = known.length - drawn.length;
  const note = left > 0 ? { note: `${left} more are in the table only.` } : {};
  return [{ title, options: ratioOptions(title, drawn, frame), ...note }];
}

/** Options of one drawing; marks in the order of the table. */
export function ratioOptions(title: string, marks: readonly RatioMark[], frame: Frame): Plot.PlotOptions {
  const [low, high] = ratioDomain(marks);
  const narrow = frame.width < 480;
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: 58 + LINE * marks.length,
    marginLeft: labelRoom(marks, frame.width),
    marginRight: 18,
    marginTop: 22,
    marginBottom: 36,
    ariaLabel: `Ratio of frame times: ${title}`,
    x: { type: "log", domain: [low, high], label: null },
    y: { domain: marks.map((mark) => mark.label), label: null, padding: 0.3 },
    marks: [...axes([low, high], narrow, letters(frame.width)), ...groupMarks(marks), machineDots(marks)],
  };
}

/** How many letters of a label there is room for: not more than half of the drawing. */
function letters(width: number): number {
  return Math.floor((width * 0.46 - LABEL_EDGE) / LETTER);
}

/** Room for the longest label that is shown. */
function labelRoom(marks: readonly RatioMark[], width: number): number {
  const longest = Math.max(...marks.map((mark) => mark.label.length));
  return LABEL_EDGE + LETTER * Math.min(longest, letters(width));
}

/** From the smallest to the largest of all that is drawn, with air; 1 is always in it, and never at the edge. */
export function ratioDomain(marks: readonly RatioRow[]): [number, number] {
  const values = marks.flatMap((mark) => [
    ...mark.machine_ratios,
    ...[mark.ratio, mark.interval_low, mark.interval_high].filter((value) => value !== null),
  ]);
  return [Math.min(0.8, ...values) * 0.9, Math.max(1.25, ...values) * 1.1];
}

function axes([low, high]: [number, number], narrow: boolean, most: number): Plot.Markish[] {
  const steps = narrow
    ? [0.01, 0.1, 0.25, 0.5, 1, 2, 4, 10, 100]
    : [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
  const ticks = steps.filter((step) => step >= low && step <= high);
  return [
    Plot.gridX(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
    Plot.ruleX([1], { stroke: "var(--ink)", strokeWidth: 1.2 }),
    Plot.axisX(ticks, {
      text: String,
      tickSize: 4,
      label: "times as long a frame",
      labelAnchor: "center",
      labelArrow: "none",
    }),
    Plot.axisY({ tickSize: 0, text: (label: string) => shortened(label, most) }),
    Plot.text(["← quicker"], {
      x: 1,
      frameAnchor: "top",
      dx: -6,
      dy: -14,
      textAnchor: "end",
      fill: "var(--muted)",
    }),
    Plot.text(["slower →"], {
      x: 1,
      frameAnchor: "top",
      dx: 6,
      dy: -14,
      textAnchor: "start",
      fill: "var(--muted)",
    }),
  ];
}

function groupMarks(marks: readonly RatioMark[]): Plot.Markish[] {
  const groups = marks.filter((mark) => mark.ratio !== null);
  return [
    Plot.ruleY(groups, {
      y: "label",
      x1: "interval_low",
      x2: "interval_high",
      stroke: "var(--series-1)",
      strokeWidth: 2.5,
    }),
    Plot.dot(groups, {
      y: "label",
      x: "ratio",
      r: 5,
      fill: "var(--series-1)",
      stroke: "var(--surface)",
      title: titleOf,
    }),
  ];
}

function machineDots(marks: readonly RatioMark[]): Plot.Markish {
  const own = marks.flatMap((mark) => mark.machine_ratios.map((ratio) => ({ label: mark.label, ratio })));
  return Plot.dot(own, {
    y: "label",
    x: "ratio",
    r: 4,
    stroke: "var(--series-2)",
    strokeWidth: 1.6,
    symbol: "diamond",
    title: (one: { label: string; ratio: number }) =>
      `${one.label}: ${figure(one.ratio)}, one machine, not a group figure`,
  });
}

function titleOf(mark: RatioMark): string {
  const ends = `${figure(mark.interval_low ?? 0)} to ${figure(mark.interval_high ?? 0)}`;
  return `${mark.label}: ${figure(mark.ratio ?? 0)} times as long, 95 % interval ${ends}, ${count(mark.machines_both, "machine")}`;
}

function againstMark(row: AgainstRow, _at: number, all: readonly AgainstRow[]): RatioMark {
  const same = all.filter((other) => conditionLabel(other.second) === conditionLabel(row.second));
  return { ...row, label: conditionLabel(row.second, same.length > 1) };
}

function groupMark(row: GroupRow, at: number, all: readonly GroupRow[]): RatioMark {
  const label = placeLabel(row);
  const before = all.slice(0, at).filter((other) => other.by === row.by && placeLabel(other) === label);
  return { ...row, label: before.length > 0 ? `${label} (${before.length + 1})` : label };
}

/** A family says its vendor where its own name does not. */
function placeLabel(row: GroupRow): string {
  const { place, gpu_vendor: vendor, section } = row;
  const kind =
    section === "blurred" ? ", blurred" : section === "software" && place !== "software" ? ", software" : "";
  if (place === null || place === "unknown") return `not told${kind}`;
  const told = vendor === null || vendor === "unknown" || place.startsWith(vendor);
  return shortened(told ? `${place}${kind}` : `${place}, ${vendor}`, 30);
}

function marksOf(data: ModesData): (RatioMark & { what: string })[] {
  if (data.groups) {
    return data.groups.map((row, at, all) => {
      const mark = groupMark(row, at, all);
      return { ...mark, what: row.by, label: row.by === "all" ? "all" : mark.label };
    });
  }
  return (data.against ?? []).map((row) => ({ ...row, what: row.first.id, label: row.second.id }));
}

function line(mark: RatioMark & { what: string }): Row {
  return {
    of: mark.what,
    group: mark.label,
    ratio: mark.ratio,
    ratio_low: mark.interval_low,
    ratio_high: mark.interval_high,
    machines_both: mark.machines_both,
    machines_quicker: mark.machines_quicker,
    machines_slower: mark.machines_slower,
    machines_only_first: mark.machines_only_first,
    machines_only_second: mark.machines_only_second,
  };
}
