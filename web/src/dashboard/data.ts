// The JSON behind the table by hardware (`/admin/data/hardware.json`), as far as the charts read it.

export interface Spread {
  median: number;
  low: number;
  high: number;
  machines: number;
}

/** One line of the table: a place in one model, mode and variant, and by GPU in one browser. */
export interface HardwareRow {
  section: "exact" | "blurred" | "software" | "unsent";
  by: "gpu" | "family" | "class" | "vendor" | "browser" | "os";
  /** What the line is of, as the page says it: a GPU's name, a family, a class ... */
  place: string;
  model: string;
  version: string;
  mode: string;
  /** What the study asked of the mode, such as "threads=1"; mostly "". */
  wishes: string;
  threads: number | null;
  precision: string;
  browser: string | null;
  machines_started: number;
  fps: Spread | null;
  machines_fps: number[];
}

/** A share of the machines that started, from the lowest to the highest possible one, with Wilson's interval. */
export interface Share {
  yes: number;
  no: number;
  unknown: number;
  lowest: number;
  highest: number;
  interval_low: number;
  interval_high: number;
}

export interface Counts {
  machines: number;
  runs: number;
}

export interface HardwareData {
  /** Places that were not asked for: the table has them. */
  places_left?: number;
  counts: Counts;
  targets_fps: number[];
  rows: HardwareRow[];
}
