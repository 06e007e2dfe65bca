// The JSON of the overview, of distributions and of power as the server sends it.
import type { AnswerRow, OverviewData } from "../../src/dashboard/answersChart";
import type { Share } from "../../src/dashboard/data";
import type { DistributionData, DistributionRow } from "../../src/dashboard/distribution";
import type { PowerData, PowerRow } from "../../src/dashboard/powerChart";

export const CONDITION = {
  model: "flowers-small",
  version: "1.0.0",
  mode: "tfjs-webgl",
  wishes: "",
  threads: null,
  precision: "float32",
};

export function share(yes: number, no: number, unknown = 0): Share {
  const all = yes + no + unknown;
  return {
    yes,
    no,
    unknown,
    lowest: yes / all,
    highest: (yes + unknown) / all,
    interval_low: Math.max(0, yes / all - 0.1),
    interval_high: Math.min(1, (yes + unknown) / all + 0.1),
  };
}

function answer(changes: Partial<AnswerRow>): AnswerRow {
  const reach = { "24": share(18, 2), "30": share(15, 5), "60": share(4, 16) };
  return { ...CONDITION, machines_started: 20, reach, ...changes };
}

export const OVERVIEW: OverviewData = {
  targets_fps: [24, 30, 60],
  counts: { machines: 20, runs: 81 },
  answers: [
    answer({}),
    answer({
      mode: "tfjs-pixels",
      reach: { "24": share(9, 7, 4), "30": share(6, 10, 4), "60": share(0, 16, 4) },
    }),
    answer({ model: "flowers-tiny", mode: "direct-wasm", threads: 4, wishes: "threads=4" }),
    answer({ model: "flowers-tiny", machines_started: 3, reach: {} }),
  ],
};

export function line(changes: Partial<DistributionRow> = {}): DistributionRow {
  return {
    ...CONDITION,
    section: "",
    place: "All machines",
    browser: null,
    machines: 8,
    spread: { median: 30, low: 20, high: 45, p5: 10, p25: 22, p75: 40, p95: 90, machines: 8 },
    values: [],
    ecdf: [
      [10, 0.25],
      [30, 0.5],
      [45, 0.75],
      [90, 1],
    ],
    band: 0.48,
    ...changes,
  };
}

export const FEW = { machines: 2, spread: null, values: [12, 61], ecdf: [], band: null };

export function distribution(rows: DistributionRow[], by = "all"): DistributionData {
  return { figure: "fps", label: "Capability", unit: "FPS", by, targets: [24, 30, 60], rows, rows_left: 0 };
}

export const DISTRIBUTION = distribution([
  line(),
  line({
    mode: "tfjs-pixels",
    ecdf: [
      [5, 0.5],
      [15, 1],
    ],
    band: 0.3,
  }),
  line({ mode: "direct-wasm", threads: 4, ...FEW }),
]);

export function need(changes: Partial<PowerRow> = {}): PowerRow {
  return {
    ...CONDITION,
    section: "exact",
    place: "integrated",
    browser: null,
    share: share(15, 5),
    state: "open",
    more: 31,
    words: "About 31 more machines.",
    ...changes,
  };
}

export const POWER: PowerData = {
  question: "bar",
  by: "class",
  target_fps: 30,
  bar: 0.8,
  rows: [
    need(),
    need({ section: "blurred", place: "discrete", share: share(20, 0), state: "settled", more: 0 }),
    need({ place: "mobile", share: null, state: "too_few", more: 4 }),
  ],
};
