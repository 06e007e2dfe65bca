// Capability by hardware at a glance: pure functions from marks to Plot's options, so that a test can compare the picture.
import * as Plot from "@observablehq/plot";

import { count, defineChart, SERIES, SYMBOLS, type Frame, type Row } from "./chart";
import type { HardwareData, HardwareRow } from "./data";
import { targetMarks } from "./targets";
import { marksByModel, modeOf, placeOf, type ModelMarks } from "./marks";

const LABEL_ROOM = 26;
const LINE_ROOM = 18;
const LEFT = 92;
const SIDES = LEFT + 14;
const ENDS_FPS = [1, 144] as const;

export interface ChartFrame extends Frame {
  targets: readonly number[];
}

/** A drawing per model. */
export const hardware = defineChart<HardwareData>({
  widest: 720,
  narrowest: 480,
  panels: ({ rows, targets_fps: targets, places_left: more }, frame) =>
    marksByModel(rows).map((marks) => {
      const left = marks.left + (more ?? 0);
      const note = left > 0 ? { note: `${left} more in the table only.` } : {};
      return { title: marks.model, options: hardwareChart(marks, { ...frame, targets }), ...note };
    }),
  rows: ({ rows }) => rows.flatMap(lines),
  n: ({ counts }) => `n = ${count(counts.machines, "machine")}, ${count(counts.runs, "measured run")}`,
});

/** A group is one line; below the floor every machine is one. */
function lines(row: HardwareRow): Row[] {
  const same = {
    section: row.section,
    place: placeOf(row),
    model: row.model,
    version: row.version,
    mode: modeOf(row, new Set()),
    precision: row.precision,
    browser: row.browser,
  };
  const nothing = { low_fps: null, high_fps: null };
  if (row.fps === null)
    return row.machines_fps.map((fps) => ({ ...same, machines: 1, fps, ...nothing, is: "one machine" }));
  const { median, low, high, machines } = row.fps;
  return [{ ...same, machines, fps: median, low_fps: low, high_fps: high, is: "median, 95 % interval" }];
}

/** The ends of the frame-rate axis: all marks with some air, on a logarithmic scale, never narrower than 1 to 144. */
export function fpsDomain(marks: ModelMarks): [number, number] {
  const values = [
    ...marks.groups.flatMap((mark) => [mark.low, mark.high]),
    ...marks.machines.map((mark) => mark.fps),
  ];
  return [Math.min(ENDS_FPS[0], ...values) * 0.85, Math.max(ENDS_FPS[1], ...values) * 1.15];
}

/** Options of the chart of one model: a band per GPU and browser, in it a line per mode. */
export function hardwareChart(marks: ModelMarks, frame: ChartFrame): Plot.PlotOptions {
  const band = LABEL_ROOM + LINE_ROOM * marks.modes.length;
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: 44 + band * marks.places.length,
    marginLeft: LEFT,
    marginRight: SIDES - LEFT,
    marginTop: 20,
    marginBottom: 36,
    ariaLabel: `Capability by hardware for ${marks.model}`,
    x: { type: "log", domain: fpsDomain(marks), label: null },
    y: { domain: marks.modes, label: null, insetTop: LABEL_ROOM - 6, insetBottom: 2, padding: 0.2 },
    fy: { domain: marks.places, axis: null, padding: 0.12 },
    color: { domain: marks.modes, range: SERIES },
    symbol: { domain: marks.modes, range: SYMBOLS },
    marks: [...axes(fpsDomain(marks), frame), placeLabels(marks), ...groupMarks(marks), machineDots(marks)],
  };
}

function axes(domain: [number, number], frame: ChartFrame): Plot.Markish[] {
  const steps = frame.width < 480 ? [1, 10, 100, 1000] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const ticks = steps.filter((fps) => fps >= domain[0] && fps <= domain[1]);
  return [
    ...targetMarks(frame.targets, domain, frame.width - SIDES),
    Plot.axisX(ticks, { text: String, tickSize: 4, label: "frames a second (capability)" }),
    Plot.axisY({ tickSize: 0 }),
  ];
}

function placeLabels(marks: ModelMarks): Plot.Markish {
  return Plot.text(marks.places, {
    fy: (place: string) => place,
    text: (place: string) => place,
    frameAnchor: "top-left",
    dx: -86,
    dy: 3,
    fill: "var(--ink)",
    fontWeight: 600,
    fontSize: 11.5,
  });
}

function groupMarks(marks: ModelMarks): Plot.Markish[] {
  const place = { fy: "place", y: "mode" };
  return [
    Plot.ruleY(marks.groups, { ...place, x1: "low", x2: "high", stroke: "mode", strokeWidth: 2.5 }),
    Plot.dot(marks.groups, {
      ...place,
      x: "median",
      fill: "mode",
      symbol: "mode",
      r: 5,
      title: "title",
      stroke: "var(--surface)",
      strokeWidth: 1,
    }),
  ];
}

function machineDots(marks: ModelMarks): Plot.Markish {
  return Plot.dot(marks.machines, {
    fy: "place",
    y: "mode",
    x: "fps",
    stroke: "mode",
    symbol: "mode",
    r: 4,
    strokeWidth: 1.6,
    fill: "none",
    title: "title",
  });
}
