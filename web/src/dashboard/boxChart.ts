// Box plots over machines: the line from 5 to 95 %, the box of the middle half, the median with its 95 % interval.
import * as Plot from "@observablehq/plot";

import { count, defineChart, figure, look, type Frame, type Panel, type Row } from "./chart";
import {
  domainOf,
  groupColumns,
  logTicks,
  machinesIn,
  shownDrawings,
  tickText,
  type DistributionData,
  type DistributionRow,
  type Drawing,
  type Named,
  type Quantiles,
} from "./distribution";
import { targetMarks } from "./targets";

export const MAX_BOXES = 24;
const LINE = 40;
const MARGIN = { marginLeft: 10, marginRight: 14, marginTop: 18, marginBottom: 36 };

interface Box extends Quantiles {
  id: string;
  label: string;
  right: string;
  title: string;
}

interface Dot {
  id: string;
  value: number;
  title: string;
}

export const boxes = defineChart<DistributionData>({
  widest: 760,
  narrowest: 420,
  panels: (data, frame) => {
    const { drawn, note } = shownDrawings(data);
    const domain = domainOf(
      drawn.flatMap((drawing) => drawing.groups.flatMap(ends)),
      data.targets,
    );
    return drawn.map((drawing, at) => panel(data, { drawing, domain }, frame, at === 0 ? note : ""));
  },
  rows: (data) => data.rows.flatMap((row) => lines(data, row)),
  n: machinesIn,
});

/** A drawing among others: a value has one place in all of them. */
interface Among {
  drawing: Drawing;
  domain: [number, number];
}

function ends({ row }: Named): number[] {
  return row.spread === null ? row.values : [row.spread.p5, row.spread.p95];
}

function panel(data: DistributionData, among: Among, frame: Frame, more: string): Panel {
  const { drawing, domain } = among;
  const groups = drawing.groups.slice(0, MAX_BOXES);
  const left = drawing.groups.length - groups.length;
  const notes = [left > 0 ? `${count(left, "group")} more in the table.` : "", more];
  return {
    title: drawing.title,
    options: boxOptions(data, { drawing: { ...drawing, groups }, domain }, frame),
    note: notes.filter(Boolean).join(" "),
  };
}

/** A group is one line; below the floor every machine is one. */
function lines(data: DistributionData, row: DistributionRow): Row[] {
  const same = groupColumns(data, row);
  const { spread } = row;
  if (spread === null) return row.values.map((value) => ({ ...same, is: "one machine", value }));
  const { median, low, high, p5, p25, p75, p95 } = spread;
  const quantiles = { p5, p25, median, median_low: low, median_high: high, p75, p95 };
  return [{ ...same, is: "group", value: null, ...quantiles }];
}

function boxOptions(data: DistributionData, { drawing, domain }: Among, frame: Frame): Plot.PlotOptions {
  const { title, groups } = drawing;
  const found = groups.flatMap((group, at) => boxOf(group, String(at), data.unit));
  const dots = groups.flatMap((group, at) => dotsOf(group, String(at), data.unit));
  const names = groups.map((group, at) => ({ id: String(at), label: group.name, right: counted(group.row) }));
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: MARGIN.marginTop + MARGIN.marginBottom + LINE * groups.length,
    ...MARGIN,
    ariaLabel: `Box plots of ${data.label} for ${title}`,
    x: { type: "log", domain, label: null },
    y: { type: "band", domain: names.map((name) => name.id), axis: null, padding: 0 },
    marks: [...axes(data, domain, frame), ...boxMarks(found), ...dotMarks(dots), ...labels(names)],
  };
}

function counted(row: DistributionRow): string {
  return row.spread === null ? `${count(row.machines, "machine")}, no group` : `n = ${row.machines}`;
}

function boxOf({ name, row }: Named, id: string, unit: string): Box[] {
  if (row.spread === null) return [];
  const { median, low, high, machines } = row.spread;
  const ends = `95 % interval ${figure(low)} to ${figure(high)}`;
  const title = `${name}\nmedian ${figure(median)} ${unit}, ${ends}, ${machines} machines`;
  return [{ ...row.spread, id, label: name, right: counted(row), title }];
}

function dotsOf({ name, row }: Named, id: string, unit: string): Dot[] {
  if (row.spread !== null) return [];
  return row.values
    .filter((value) => value > 0)
    .map((value) => ({
      id,
      value,
      title: `${name}\n${figure(value)} ${unit}, one machine, not a group figure`,
    }));
}

function axes(data: DistributionData, domain: [number, number], frame: Frame): Plot.Markish[] {
  return [
    ...targetMarks(data.targets, domain, frame.width - MARGIN.marginLeft - MARGIN.marginRight),
    Plot.axisX(logTicks(domain, frame.width), {
      tickFormat: tickText,
      tickSize: 4,
      label: `${data.label} (${data.unit})`,
      labelAnchor: "center",
      labelArrow: "none",
    }),
  ];
}

function boxMarks(found: readonly Box[]): Plot.Markish[] {
  const colour = look(0).colour;
  const place = { y: "id", dy: 6 };
  return [
    Plot.ruleY(found, { ...place, x1: "p5", x2: "p95", stroke: colour, strokeWidth: 1.5 }),
    Plot.ruleY(found, {
      ...place,
      x1: "p25",
      x2: "p75",
      stroke: colour,
      strokeWidth: 14,
      strokeOpacity: 0.35,
    }),
    Plot.ruleY(found, { ...place, x1: "low", x2: "high", stroke: "var(--ink)", strokeWidth: 3 }),
    Plot.dot(found, {
      ...place,
      x: "median",
      symbol: "diamond",
      r: 5,
      fill: "var(--ink)",
      stroke: "var(--surface)",
      title: "title",
    }),
  ];
}

function dotMarks(dots: readonly Dot[]): Plot.Markish[] {
  const style = { stroke: look(0).colour, fill: "none", r: 4, strokeWidth: 1.6 };
  return [Plot.dot(dots, { y: "id", dy: 6, x: "value", title: "title", ...style })];
}

function labels(names: readonly { id: string; label: string; right: string }[]): Plot.Markish[] {
  const text = {
    y: "id",
    dy: -10,
    fill: "var(--ink)",
    fontSize: 11.5,
    stroke: "var(--ground)",
    strokeWidth: 4,
  };
  return [
    Plot.text(names, { ...text, text: "label", frameAnchor: "left", textAnchor: "start" }),
    Plot.text(names, { ...text, text: "right", frameAnchor: "right", textAnchor: "end" }),
  ];
}
