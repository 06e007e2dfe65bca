// Answers as /admin/data/modes.json gives them.
import type { AgainstRow, ConditionName, GroupRow, ModesData, RatioRow } from "../../src/dashboard/ratioData";

export function condition(mode: string, changes: Partial<ConditionName> = {}): ConditionName {
  const named = { model: "flowers-small", version: "1.1.0", wishes: "", threads: null, precision: "float32" };
  return { id: `flowers-small@1.1.0/${mode}/0/float32`, mode, ...named, ...changes };
}

const NOTHING: RatioRow = {
  section: null,
  place: null,
  gpu_vendor: null,
  ratio: null,
  interval_low: null,
  interval_high: null,
  machine_ratios: [],
  machines_both: 0,
  machines_quicker: 0,
  machines_slower: 0,
  machines_only_first: 0,
  machines_only_second: 0,
};

export function against(second: ConditionName, changes: Partial<RatioRow>): AgainstRow {
  return { ...NOTHING, first: condition("tfjs-webgl"), second, ...changes };
}

export function group(by: GroupRow["by"], changes: Partial<RatioRow>): GroupRow {
  return { ...NOTHING, by, ...changes };
}

export const GLANCE: ModesData = {
  against: [
    against(condition("direct-webgl"), {
      ratio: 0.21,
      interval_low: 0.18,
      interval_high: 0.25,
      machines_both: 34,
    }),
    against(condition("tfjs-pixels"), {
      ratio: 1.9,
      interval_low: 1.7,
      interval_high: 2.1,
      machines_both: 33,
    }),
    against(condition("direct-wasm", { threads: 4 }), { machine_ratios: [0.9, 4.5], machines_both: 2 }),
    against(condition("direct-webgpu"), { machines_only_first: 3 }),
  ],
};

export const PAIR: ModesData = {
  first: condition("tfjs-webgl"),
  second: condition("direct-webgl"),
  groups: [
    group("all", { ratio: 0.5, interval_low: 0.4, interval_high: 0.625, machines_both: 5 }),
    group("class", { section: "exact", place: "discrete", machine_ratios: [0.4, 0.5], machines_both: 2 }),
    group("class", { section: "blurred", place: "discrete", machine_ratios: [0.6], machines_both: 1 }),
    group("browser", { section: "exact", place: "Chrome", machine_ratios: [0.4], machines_both: 1 }),
  ],
  points: [
    { first_ms: 10, second_ms: 4, class_: "discrete" },
    { first_ms: 20, second_ms: 10, class_: "discrete" },
    { first_ms: 30, second_ms: 18, class_: "integrated" },
    { first_ms: 40, second_ms: 20, class_: "mobile" },
    { first_ms: 50, second_ms: 26, class_: "strange" },
  ],
};
