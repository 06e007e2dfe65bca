// Rows of the table by hardware as the server sends them, with what a test cares about put in by name.
import type { HardwareData, HardwareRow, Spread } from "../../src/dashboard/data";

export const MODE = "tfjs-webgl";

export function spread(median: number, low: number, high: number): Spread {
  return { median, low, high, machines: 8 };
}

export function row(changes: Partial<HardwareRow> = {}): HardwareRow {
  return {
    section: "exact",
    by: "gpu",
    place: "NVIDIA GeForce RTX 3060",
    model: "flowers-small",
    version: "1.0.0",
    mode: MODE,
    wishes: "",
    threads: null,
    precision: "float32",
    browser: "Chrome",
    machines_started: 8,
    fps: spread(60, 50, 70),
    machines_fps: [],
    ...changes,
  };
}

export const ROWS: HardwareRow[] = [
  row(),
  row({ mode: "tfjs-pixels", fps: spread(30, 22, 41) }),
  row({ place: "llvmpipe", section: "software", fps: null, machines_fps: [4.2] }),
  row({
    place: "Apple GPU",
    section: "blurred",
    browser: "Safari",
    fps: null,
    machines_fps: [55, 61],
  }),
];

export const HARDWARE: HardwareData = {
  targets_fps: [24, 30, 60],
  counts: { machines: 11, runs: 40 },
  rows: ROWS,
};
