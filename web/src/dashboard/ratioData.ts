// The JSON of the page of modes: ratios of milliseconds a frame, second / first, on the same machines.
import { shortened } from "./chart";

export interface ConditionName {
  id: string;
  model: string;
  version: string;
  mode: string;
  /** What the study asked of the mode, such as "threads=1"; mostly "". */
  wishes: string;
  threads: number | null;
  precision: string;
}

/** A group of machines that tried both conditions; below the floor only their own ratios are there. */
export interface RatioRow {
  section: "exact" | "blurred" | "software" | "unsent" | null;
  place: string | null;
  /** Of a family. */
  gpu_vendor: string | null;
  ratio: number | null;
  interval_low: number | null;
  interval_high: number | null;
  machine_ratios: number[];
  machines_both: number;
  machines_quicker: number;
  machines_slower: number;
  machines_only_first: number;
  machines_only_second: number;
}

export interface AgainstRow extends RatioRow {
  first: ConditionName;
  second: ConditionName;
}

export interface GroupRow extends RatioRow {
  by: "all" | "class" | "browser" | "family";
}

export interface PairPoint {
  first_ms: number;
  second_ms: number;
  class_: string;
}

/** `against` where no two conditions are chosen, else the rest. */
export interface ModesData {
  against?: AgainstRow[];
  first?: ConditionName;
  second?: ConditionName;
  groups?: GroupRow[];
  points?: PairPoint[];
}

/** A condition without its model: "direct-wasm[threads=4], 4 threads". */
export function conditionLabel(
  { mode, wishes, threads, precision }: ConditionName,
  variants = false,
): string {
  const parts = [wishes === "" ? mode : `${mode}[${wishes}]`];
  if (threads !== null) parts.push(`${threads} thr.`);
  if (variants) parts.push(precision);
  return shortened(parts.join(", "));
}
