// What a chart is: pure functions from the JSON of a page to Plot's options and to the lines of a CSV.
//
// A new chart is one file with `defineChart(...)`, one line in charts.ts, and a place for it in a template
// (`parts.chart(...)`). The island does the rest: loading, resizing, the key, n, CSV and SVG.
import type * as Plot from "@observablehq/plot";

/** Where a chart is drawn. `document` is only there in tests; `settings` are the `data-` attributes of its place. */
export interface Frame {
  width: number;
  document?: Document;
  settings?: Readonly<Record<string, string | undefined>>;
}

/** What a colour, a symbol or a dash stands for. */
export interface KeyEntry {
  label: string;
  colour: string;
  symbol?: Plot.SymbolType;
  dash?: string;
}

/** One drawing of a chart, with its own heading where there are several. `note`: what is not drawn, and where it is. */
export interface Panel {
  title: string;
  options: Plot.PlotOptions;
  note?: string;
  key?: readonly KeyEntry[];
}

/** A line of the CSV. Names of columns carry their units, as `low_fps`. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface ChartOf<Data> {
  /** All drawings; none where there is nothing to draw. */
  panels: (data: Data, frame: Frame) => Panel[];
  /** What the drawings show, as a table. */
  rows: (data: Data, frame: Frame) => Row[];
  /** How many machines (or pairs, or frames) stand behind it, in words: "n = 34 machines". */
  n: (data: Data, frame: Frame) => string;
  /** How wide a drawing is at most, and at least before two stand beside each other; in pixels. */
  widest?: number;
  narrowest?: number;
}

/** The same chart once nobody asks what its JSON looks like. */
export type Chart = ChartOf<unknown>;

export function defineChart<Data>(chart: ChartOf<Data>): Chart {
  return {
    ...chart,
    panels: (data, frame) => chart.panels(data as Data, frame),
    rows: (data, frame) => chart.rows(data as Data, frame),
    n: (data, frame) => chart.n(data as Data, frame),
  };
}

export const SERIES = [
  "var(--series-1)",
  "var(--series-2)",
  "var(--series-3)",
  "var(--series-4)",
  "var(--series-5)",
];
export const SYMBOLS = ["circle", "diamond", "square", "triangle", "star"] as const;
export const DASHES = ["", "5 3", "1.5 3"];

/** Colour, symbol and dash of the nth series; the pair never repeats within fifteen. */
export function look(at: number): { colour: string; symbol: Plot.SymbolType; dash: string } {
  const turn = at % SERIES.length;
  return {
    colour: SERIES[turn] ?? "var(--ink)",
    symbol: SYMBOLS[turn] ?? "circle",
    dash: DASHES[Math.floor(at / SERIES.length) % DASHES.length] ?? "",
  };
}

/** A figure as titles and labels say it: 0.05, 4.27, 42.7, 427. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** "1 machine", "12 machines". */
export function count(value: number, one: string): string {
  return `${value.toLocaleString("en")} ${one}${value === 1 ? "" : "s"}`;
}

/** A name cut to what a label has room for. */
export function shortened(text: string, most = 44): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The same cut in its middle, where both ends tell names apart. */
export function shortenedInside(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.ceil((most - 1) * 0.55);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`;
}
