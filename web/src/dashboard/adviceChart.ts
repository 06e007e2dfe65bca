// The advisor's evidence: for each group of hardware the share that reaches the frame rate, against the bar.
import * as Plot from "@observablehq/plot";

import { count, defineChart, shortened, type Frame, type KeyEntry, type Panel, type Row } from "./chart";

const LINE = 26;
const MOST = 40;
const LETTER = 6.3;
const SECTIONS: Readonly<Record<string, string>> = {
  exact: "GPUs by name",
  blurred: "Blurred by the browser",
  software: "Software and virtual",
  unsent: "Device not told",
};
/** State of a rule: what it says in words, and how it is drawn. */
const STATES = {
  proven: { label: "proven", symbol: "circle", colour: "var(--series-3)" },
  inherited: { label: "from a wider group", symbol: "diamond", colour: "var(--series-1)" },
  other: { label: "not proven: the best so far", symbol: "triangle", colour: "var(--series-2)" },
} as const;

export interface Shipped {
  model: string;
  version: string;
  mode: string;
  machines: number;
  share: [number, number] | null;
  interval: [number, number] | null;
}

export interface AdviceRule {
  section: string;
  place: string;
  name: string;
  state: string;
  ship: Shipped | null;
  best: Shipped | null;
}

export interface AdviceData {
  target_fps: number;
  bar: number;
  rules: AdviceRule[];
}

interface Mark {
  label: string;
  state: keyof typeof STATES;
  low: number;
  high: number;
  share: number;
  title: string;
}

export const advice = defineChart<AdviceData>({
  widest: 760,
  narrowest: 460,
  panels: (data, frame) =>
    Object.entries(SECTIONS).flatMap(([section, title]) =>
      panelOf(title, marksOf(data, section), data, frame),
    ),
  rows: ({ rules }) => rules.map(line),
  n: ({ rules }) => {
    const most = Math.max(0, ...rules.map((rule) => (rule.ship ?? rule.best)?.machines ?? 0));
    return `n = up to ${count(most, "machine")} a line`;
  },
});

function panelOf(title: string, marks: readonly Mark[], data: AdviceData, frame: Frame): Panel[] {
  if (marks.length === 0) return [];
  const drawn = marks.slice(0, MOST);
  const left = marks.length - drawn.length;
  const note = left > 0 ? { note: `${left} more are in the table only.` } : {};
  return [{ title, options: adviceOptions(title, drawn, data, frame), key: keyOf(drawn), ...note }];
}

/** Options of one section: shares in percent, the bar as an upright line. */
export function adviceOptions(
  title: string,
  marks: readonly Mark[],
  data: AdviceData,
  frame: Frame,
): Plot.PlotOptions {
  const letters = Math.floor((frame.width * 0.42) / LETTER);
  const longest = Math.max(...marks.map((mark) => mark.label.length));
  const colour = (mark: Mark): string => STATES[mark.state].colour;
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: 58 + LINE * marks.length,
    marginLeft: 16 + LETTER * Math.min(longest, letters),
    marginRight: 20,
    marginTop: 22,
    marginBottom: 36,
    ariaLabel: `Share of machines that reaches ${data.target_fps} frames a second: ${title}`,
    x: { domain: [0, 100], label: null },
    y: { domain: marks.map((mark) => mark.label), label: null, padding: 0.3 },
    marks: [
      Plot.gridX([0, 20, 40, 60, 80, 100], { stroke: "var(--line)", strokeOpacity: 1 }),
      Plot.ruleX([data.bar * 100], { stroke: "var(--ink)", strokeWidth: 1.2, strokeDasharray: "4 3" }),
      Plot.text([`bar ${Math.round(data.bar * 100)} %`], {
        x: data.bar * 100,
        frameAnchor: "top",
        dy: -14,
        fill: "var(--muted)",
      }),
      Plot.axisX([0, 20, 40, 60, 80, 100], {
        text: String,
        tickSize: 4,
        label: `% of machines at ${data.target_fps} FPS`,
        labelAnchor: "center",
        labelArrow: "none",
      }),
      Plot.axisY({ tickSize: 0, text: (label: string) => shortened(label, letters) }),
      Plot.ruleY(marks, { y: "label", x1: "low", x2: "high", stroke: colour, strokeWidth: 2.5 }),
      Plot.dot(marks, {
        y: "label",
        x: "share",
        r: 5,
        fill: colour,
        symbol: (mark: Mark) => STATES[mark.state].symbol,
        stroke: "var(--surface)",
        title: "title",
      }),
    ],
    symbol: { domain: ["circle", "diamond", "triangle"], range: ["circle", "diamond", "triangle"] },
  };
}

function marksOf({ rules, target_fps: target }: AdviceData, section: string): Mark[] {
  return rules
    .filter((rule) => rule.section === section)
    .flatMap((rule, _at, all) => {
      const shown = rule.ship ?? rule.best;
      if (!shown?.share || !shown.interval) return [];
      const name = rule.place === "default" ? "all others" : rule.name;
      const twice = all.some((other) => other !== rule && other.name === rule.name);
      const [low, high] = shown.interval.map((end) => end * 100) as [number, number];
      const ends = `${Math.floor(low)} to ${Math.floor(high)} %`;
      return {
        label: twice && rule.place !== "default" ? `${name}, ${rule.place}` : name,
        state: rule.state === "proven" || rule.state === "inherited" ? rule.state : "other",
        low,
        high,
        share: shown.share[0] * 100,
        title: `${name}: ${shown.model} ${shown.version} in ${shown.mode}, ${Math.round(shown.share[0] * 100)} % reach ${target} FPS, 95 % interval ${ends}, ${count(shown.machines, "machine")}`,
      } satisfies Mark;
    });
}

function keyOf(marks: readonly Mark[]): KeyEntry[] {
  const there = new Set(marks.map((mark) => mark.state));
  return (Object.keys(STATES) as Mark["state"][])
    .filter((state) => there.has(state))
    .map((state) => STATES[state]);
}

function line(rule: AdviceRule): Row {
  const shown = rule.ship ?? rule.best;
  return {
    section: rule.section,
    place: rule.place,
    name: rule.name,
    state: rule.state,
    model: shown?.model ?? null,
    version: shown?.version ?? null,
    mode: shown?.mode ?? null,
    machines: shown?.machines ?? null,
    share_lowest: shown?.share?.[0] ?? null,
    share_highest: shown?.share?.[1] ?? null,
    interval_low: shown?.interval?.[0] ?? null,
    interval_high: shown?.interval?.[1] ?? null,
  };
}
