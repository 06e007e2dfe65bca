// What both charts of a distribution share: their JSON, and which groups stand in which drawing.
import { conditionColumns, conditionOf, grouped, modelOf, modeOf, precisionsOf } from "./conditions";
import type { ConditionNames } from "./conditions";
import { count, shortened, type Row } from "./chart";

export const MAX_PANELS = 6;

/** Quantiles over machines with the interval of their median; `null` below the floor. */
export interface Quantiles {
  median: number;
  low: number;
  high: number;
  p5: number;
  p25: number;
  p75: number;
  p95: number;
  machines: number;
}

export interface DistributionRow extends ConditionNames {
  section: "" | "exact" | "blurred" | "software" | "unsent";
  place: string;
  browser: string | null;
  machines: number;
  spread: Quantiles | null;
  /** The machines' own values where there are too few for a group. */
  values: number[];
  /** (value, share of machines that is at most so large), ascending; empty below the floor. */
  ecdf: [number, number][];
  /** How far the true curve may lie above and below, everywhere at once, in 95 of 100 samples. */
  band: number | null;
}

export interface DistributionData {
  figure: string;
  label: string;
  unit: string;
  by: string;
  targets: number[];
  rows: DistributionRow[];
  /** Groups that are not in `rows`: the table goes on, the chart does not. */
  rows_left: number;
}

/** A group with the name that it has in its drawing. */
export interface Named {
  name: string;
  row: DistributionRow;
}

export interface Drawing {
  title: string;
  groups: Named[];
}

/** Over all machines: a drawing per model, a group per mode. Else a drawing per condition, a group per place. */
export function drawings({ rows, by }: DistributionData): Drawing[] {
  const precisions = precisionsOf(rows);
  const title = (row: DistributionRow): string =>
    by === "all" ? modelOf(row) : conditionOf(row, precisions);
  const name = (row: DistributionRow): string =>
    by === "all" ? modeOf(row, precisions) : placeName(row, by);
  return [...grouped(rows, title)].map(([own, members]) => ({
    title: own,
    groups: members.map((row) => ({ name: shortened(name(row), 40), row })),
  }));
}

/** The drawings that there is room for, and a word about the others. */
export function shownDrawings(data: DistributionData): { drawn: Drawing[]; note: string } {
  const all = drawings(data);
  const left = all.length - MAX_PANELS;
  const what = data.by === "all" ? "model" : "condition";
  const note = left > 0 ? `${count(left, what)} more: choose a model or a mode in the filters.` : "";
  return { drawn: all.slice(0, MAX_PANELS), note };
}

export function placeName(row: Pick<DistributionRow, "section" | "place" | "browser">, by: string): string {
  const stand = { "": "", exact: "", blurred: ", blurred", software: ", software", unsent: "" }[row.section];
  const place = row.place.toLowerCase() === row.section ? row.place : row.place + stand;
  return by === "gpu" ? `${place} · ${row.browser ?? "browser not told"}` : place;
}

/** The ends of the axis with some air; logarithmic, so 0 has no place. */
export function domainOf(values: readonly number[], targets: readonly number[]): [number, number] {
  const known = [...values, ...targets].filter((value) => value > 0);
  return known.length === 0 ? [1, 100] : [Math.min(...known) * 0.85, Math.max(...known) * 1.18];
}

/** Marks of a logarithmic axis: 1, 2, 5, 10 ...; more on a short one, only powers of ten where there is little room. */
export function logTicks([low, high]: readonly [number, number], width: number): number[] {
  const wide = high / low;
  const steps = wide < 12 ? [1, 1.5, 2, 3, 5, 7] : wide > 300 || width < 420 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: 13 }, (_, at) => 10 ** (at - 4));
  const ticks = powers.flatMap((power) => steps.map((step) => step * power));
  const fitting = ticks.filter((tick) => tick >= low && tick <= high);
  return fitting.length >= 2 || steps.length > 1 ? fitting : logTicks([low, high], 1000);
}

export function tickText(value: number): string {
  return value >= 1 ? value.toLocaleString("en") : String(Number(value.toPrecision(2)));
}

export function machinesIn(data: DistributionData): string {
  const sizes = data.rows.map((row) => row.machines);
  if (sizes.length === 0) return "n = 0";
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most
    ? `n = ${count(least, "machine")} in each group`
    : `n = ${least} to ${count(most, "machine")} in a group`;
}

/** Columns of a CSV that name a group. */
export function groupColumns(data: DistributionData, row: DistributionRow): Row {
  return {
    figure: data.figure,
    unit: data.unit,
    by: data.by,
    section: row.section,
    place: row.place,
    browser: row.browser,
    ...conditionColumns(row),
    machines: row.machines,
  };
}
