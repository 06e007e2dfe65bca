// Capability by GPU at a glance: pure functions from marks to Plot's options, so that a test can compare the picture.
import * as Plot from "@observablehq/plot";

import type { ModelMarks } from "./marks";

const SERIES = [
  "var(--series-1)",
  "var(--series-2)",
  "var(--series-3)",
  "var(--series-4)",
  "var(--series-5)",
];
const SYMBOLS = ["circle", "diamond", "square", "triangle", "star"];
const LABEL_ROOM = 26;
const LINE_ROOM = 18;
const ENDS_FPS = [1, 144] as const;

export interface ChartFrame {
  width: number;
  targets: readonly number[];
  document?: Document;
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
    marginLeft: 92,
    marginRight: 14,
    marginTop: 20,
    marginBottom: 36,
    ariaLabel: `Capability by GPU for ${marks.model}`,
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
    Plot.ruleX([...frame.targets], { stroke: "var(--edge)", strokeOpacity: 0.6, strokeDasharray: "2 3" }),
    ...frame.targets.map((target) => targetLabel(target, frame)),
    Plot.axisX(ticks, { text: String, tickSize: 4, label: "frames a second (capability)" }),
    Plot.axisY({ tickSize: 0 }),
  ];
}

/** On a narrow chart 24 and 30 stand too close for centred labels: each number turns away from the next one. */
function targetLabel(target: number, { targets, width }: ChartFrame): Plot.Markish {
  const crowded =
    width < 480 &&
    targets.some((other) => other !== target && Math.max(other / target, target / other) < 1.5);
  const textAnchor = !crowded ? "middle" : target === Math.min(...targets) ? "end" : "start";
  return Plot.axisX([target], {
    anchor: "top",
    tickSize: 0,
    tickPadding: 2,
    label: null,
    text: String,
    textAnchor,
  });
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
