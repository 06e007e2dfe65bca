// How values are spread over machines: for each value, the share of machines that is at most so large.
import * as Plot from "@observablehq/plot";

import { count, defineChart, look, type Frame, type KeyEntry, type Panel } from "./chart";
import {
  domainOf,
  groupColumns,
  logTicks,
  machinesIn,
  shownDrawings,
  tickText,
  type DistributionData,
  type Drawing,
  type Named,
} from "./distribution";
import { targetMarks } from "./targets";

/** More lines than these in one drawing cannot be told apart. */
export const MAX_LINES = 6;

interface Step {
  name: string;
  value: number;
  share: number;
  low: number;
  high: number;
}

export const ecdf = defineChart<DistributionData>({
  widest: 900,
  narrowest: 420,
  panels: (data, frame) => {
    const { drawn, note } = shownDrawings(data);
    const lines = drawn.flatMap(largest);
    const names = [...new Set(lines.map((line) => line.name))];
    const domain = domainOf(
      lines.flatMap(({ row }) => row.ecdf.map(([value]) => value)),
      data.targets,
    );
    return drawn.flatMap((drawing, at) =>
      panel(data, { drawing, names, domain }, frame, at === 0 ? note : ""),
    );
  },
  rows: (data) =>
    data.rows.flatMap((row) =>
      row.ecdf.map(([value, share]) => ({ ...groupColumns(data, row), value, share, band: row.band })),
    ),
  n: machinesIn,
});

/** A drawing among others: a name has one look in all of them, and a value one place. */
interface Among {
  drawing: Drawing;
  names: readonly string[];
  domain: [number, number];
}

function largest({ groups }: Drawing): Named[] {
  const able = groups.filter(({ row }) => row.ecdf.length > 0);
  return [...able].sort((a, b) => b.row.machines - a.row.machines).slice(0, MAX_LINES);
}

function panel(data: DistributionData, among: Among, frame: Frame, more: string): Panel[] {
  const { drawing, names, domain } = among;
  const lines = largest(drawing);
  if (lines.length === 0) return [];
  const left = drawing.groups.length - lines.length;
  const notes = [left > 0 ? `${count(left, "smaller group")} not drawn.` : "", more];
  return [
    {
      title: drawing.title,
      options: ecdfOptions(data, { drawing: { ...drawing, groups: lines }, names, domain }, frame),
      key: lines.map((line) => keyEntry(line, names.indexOf(line.name))),
      note: notes.filter(Boolean).join(" "),
    },
  ];
}

function keyEntry({ name, row }: Named, at: number): KeyEntry {
  const { colour, dash } = lineLook(at);
  return { label: `${name} (n = ${row.machines})`, colour, dash };
}

/** Every second line is dashed, so that neighbours differ by more than their colour. */
function lineLook(at: number): { colour: string; dash: string } {
  return { colour: look(at).colour, dash: ["", "7 3", "2 2"][at % 3] ?? "" };
}

/** The curve as steps, beginning at 0 % just where the first value stands. */
export function steps({ name, row }: Named): Step[] {
  const band = row.band ?? 0;
  const points: [number, number][] = [[row.ecdf[0]?.[0] ?? 0, 0], ...row.ecdf];
  return points
    .filter(([value]) => value > 0)
    .map(([value, share]) => ({
      name,
      value,
      share,
      low: Math.max(0, share - band),
      high: Math.min(1, share + band),
    }));
}

function ecdfOptions(
  data: DistributionData,
  { drawing, names, domain }: Among,
  frame: Frame,
): Plot.PlotOptions {
  const all = drawing.groups.map(steps);
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: 300,
    marginLeft: 44,
    marginRight: 14,
    marginTop: 18,
    marginBottom: 38,
    ariaLabel: `Distribution of ${data.label} for ${drawing.title}`,
    x: { type: "log", domain, label: null },
    y: { domain: [0, 1], label: null },
    marks: [
      ...axes(data, domain, frame),
      ...all.flatMap((line) => curve(line, names.indexOf(line[0]?.name ?? ""))),
    ],
  };
}

function axes(data: DistributionData, domain: [number, number], frame: Frame): Plot.Markish[] {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const label = `${data.label} (${data.unit})`;
  return [
    Plot.ruleY([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], { stroke: "var(--line)" }),
    ...targetMarks(data.targets, domain, frame.width - 58),
    Plot.axisX(logTicks(domain, frame.width), {
      tickFormat: tickText,
      tickSize: 4,
      label,
      labelAnchor: "center",
      labelArrow: "none",
    }),
    Plot.axisY([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], { tickFormat: percent, tickSize: 0, label: null }),
  ];
}

function curve(line: readonly Step[], at: number): Plot.Markish[] {
  const { colour, dash } = lineLook(at);
  const place = { x: "value", curve: "step-after" } as const;
  return [
    Plot.areaY(line, { ...place, y1: "low", y2: "high", fill: colour, fillOpacity: 0.1 }),
    Plot.line(line, { ...place, y: "share", stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
  ];
}
