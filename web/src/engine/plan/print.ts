// The plan as a table that one can read.
import { multiplyAdds, weightCount } from "./measures";
import type { Plan, Step, Value } from "./types";

/** One line of the table. */
export interface PlanRow {
  readonly name: string;
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly weights: number;
  readonly multiplyAdds: number;
}

const size = ({ shape }: Value): string => shape.join("x");

function what(step: Step): string {
  switch (step.kind) {
    case "conv": {
      const taps = Math.max(...step.phases.map((phase) => phase.taps.length));
      const kind = step.kernel.transposed ? "transposed conv" : step.depthwise ? "depthwise conv" : "conv";
      const phases = step.phases.length > 1 ? `${step.phases.length} phases of ` : "";
      const activation = step.activation.type === "linear" ? "" : `, ${step.activation.type}`;
      return `${kind}, ${phases}${taps} taps${activation}`;
    }
    case "map":
      return step.map.op === "activation" ? step.map.activation.type : step.map.op;
    case "combine":
    case "pool":
      return step.kind === "pool" ? `${step.op} pool` : step.op;
    case "sample":
      return step.rows.exact && step.columns.exact ? "places" : "bilinear";
    case "norm":
      return step.op.type.replace("_", " ");
    case "blocks":
    case "join":
      return step.kind;
  }
}

const from = (step: Step): string => step.inputs.map(size).join(" + ");

/** One row for each step. */
export function planRows(plan: Plan): PlanRow[] {
  return plan.steps.map((step) => ({
    name: step.name,
    what: what(step),
    from: from(step),
    to: size(step.output),
    weights: weightCount(step),
    multiplyAdds: step.kind === "conv" ? multiplyAdds(step) : 0,
  }));
}

/** The rows as text, with their sums below. */
export function printPlan(plan: Plan): string {
  const rows = planRows(plan);
  const sum = (key: "weights" | "multiplyAdds"): number => rows.reduce((total, row) => total + row[key], 0);
  const cells = [
    ["step", "what", "from", "to", "weights", "multiply-adds"],
    ...rows.map((row) => [
      row.name,
      row.what,
      row.from,
      row.to,
      String(row.weights),
      String(row.multiplyAdds),
    ]),
    [`${rows.length} steps`, "", "", "", String(sum("weights")), String(sum("multiplyAdds"))],
  ];
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i < 4 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}
