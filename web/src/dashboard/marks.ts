// Rows of the table -> what a chart draws: one median with its interval, or single machines below the floor.
import { shortened } from "./chart";
import { modeOf } from "./conditions";
import type { HardwareRow } from "./data";

export { modeOf };

export const MAX_PLACES = 24;

/** A group's median and interval, in frames a second. */
export interface GroupMark {
  place: string;
  mode: string;
  median: number;
  low: number;
  high: number;
  title: string;
}

/** One machine's own value: not a group figure. */
export interface MachineMark {
  place: string;
  mode: string;
  fps: number;
  title: string;
}

export interface ModelMarks {
  model: string;
  /** In the table's order: one band of the chart each. */
  places: string[];
  modes: string[];
  groups: GroupMark[];
  machines: MachineMark[];
  /** Bands that were left out because the chart would be too long. */
  left: number;
}

/** How a band is called: its place, whether it is of stand-ins, and the browser where figures are kept apart by it. */
export function placeOf(row: HardwareRow): string {
  const stand = { exact: "", blurred: ", blurred", software: ", software", unsent: "" }[row.section];
  const place = shortened(row.place) + (row.place.toLowerCase() === row.section ? "" : stand);
  if (row.by !== "gpu") return place;
  return `${place} · ${row.browser ?? "browser not told"}`;
}

/** One entry per model and version, in the order of the rows; bands beyond `MAX_PLACES` are counted, not drawn. */
export function marksByModel(rows: readonly HardwareRow[]): ModelMarks[] {
  const byModel = new Map<string, HardwareRow[]>();
  for (const row of rows.filter((one) => one.fps !== null || one.machines_fps.length > 0)) {
    const model = `${row.model} ${row.version}`;
    byModel.set(model, [...(byModel.get(model) ?? []), row]);
  }
  return [...byModel].map(([model, own]) => modelMarks(model, own));
}

function modelMarks(model: string, rows: readonly HardwareRow[]): ModelMarks {
  const places = [...new Set(rows.map(placeOf))];
  const shown = new Set(places.slice(0, MAX_PLACES));
  const variants = new Set(rows.map((row) => row.precision));
  const drawn = rows.filter((row) => shown.has(placeOf(row)));
  return {
    model,
    places: [...shown],
    modes: [...new Set(drawn.map((row) => modeOf(row, variants)))].sort(),
    groups: drawn.flatMap((row) => groupMark(row, modeOf(row, variants))),
    machines: drawn.flatMap((row) => machineMarks(row, modeOf(row, variants))),
    left: places.length - shown.size,
  };
}

function groupMark(row: HardwareRow, mode: string): GroupMark[] {
  if (row.fps === null) return [];
  const { median, low, high, machines } = row.fps;
  const place = placeOf(row);
  const figures = `median ${figure(median)} FPS, 95 % interval ${figure(low)} to ${figure(high)}`;
  return [{ place, mode, median, low, high, title: `${place}\n${mode}: ${figures}, ${machines} machines` }];
}

function machineMarks(row: HardwareRow, mode: string): MachineMark[] {
  const place = placeOf(row);
  return row.machines_fps.map((fps) => ({
    place,
    mode,
    fps,
    title: `${place}\n${mode}: ${figure(fps)} FPS, one machine, not a group figure`,
  }));
}

function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
