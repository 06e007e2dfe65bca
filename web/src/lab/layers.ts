// Milliseconds of each step beside what the plan says about it.
import type { StepTime } from "../engine/device";
import { planRows } from "../engine/plan";
import type { Plan, PlanRow } from "../engine/plan";
import { h } from "../ui/dom";
import { figure } from "../ui/format";
import { ENGLISH, gigaflops, milliseconds, whole } from "./words";

export interface LayerRow {
  readonly name: string;
  readonly ms: number;
  /** Of the longest step's time. */
  readonly share: number;
  /** Null for what is no step of the plan: preprocessing, display. */
  readonly plan: PlanRow | null;
}

/** The times in their order, each with its line of the plan. */
export function layerRows(plan: Plan, times: readonly StepTime[]): LayerRow[] {
  const rows = new Map(planRows(plan).map((row) => [row.name, row]));
  const longest = Math.max(...times.map(({ ms }) => ms));
  return times.map(({ name, ms }) => ({
    name,
    ms,
    share: longest > 0 ? ms / longest : 0,
    plan: rows.get(name) ?? null,
  }));
}

function bar(share: number): HTMLElement {
  return h("span", { class: "bar", style: `--share: ${share.toFixed(4)}`, "aria-hidden": "true" });
}

function line({ name, ms, share, plan }: LayerRow): HTMLElement {
  const number = (value: string): HTMLElement => h("td", { class: "num" }, value);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, name),
    h("td", {}, plan?.what ?? ""),
    h("td", {}, plan ? `${plan.from} → ${plan.to}` : ""),
    number(plan?.weights ? whole(plan.weights) : ""),
    number(plan?.multiplyAdds ? whole(plan.multiplyAdds) : ""),
    number(figure(ENGLISH, ms)),
    h("td", { class: "bar-cell" }, bar(share)),
    number(plan ? gigaflops(plan.multiplyAdds, ms) : ""),
  );
}

const HEADS = [
  ["Step", ""],
  ["What", ""],
  ["Size", ""],
  ["Weights", "num"],
  ["Multiply-adds", "num"],
  ["ms", "num"],
  ["Of the longest", ""],
  ["GFLOP/s", "num"],
] as const;

/** The table of one mode. */
export function layerTable(mode: string, plan: Plan, times: readonly StepTime[]): HTMLElement {
  const rows = layerRows(plan, times);
  const sum = times.reduce((total, { ms }) => total + ms, 0);
  const table = h(
    "table",
    { class: "layers" },
    h(
      "caption",
      {},
      `${mode}: ${milliseconds(sum)} in ${rows.length} steps. Each was timed by itself, so the sum is not what a frame takes.`,
    ),
    h("thead", {}, h("tr", {}, ...HEADS.map(([name, look]) => h("th", { scope: "col", class: look }, name)))),
    h("tbody", {}, ...rows.map(line)),
  );
  const scroll = {
    class: "table-scroll",
    tabindex: 0,
    role: "region",
    "aria-label": `Milliseconds per layer of ${mode}`,
  };
  return h("div", scroll, table);
}
