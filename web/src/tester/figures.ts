// The tester's own figures, for the last page only. The server makes its own from the same samples; the definitions
// are those of /help/measuring: median over frames, frames a second = frames / elapsed time.

import type { RunReport, Samples } from "../wire/types";

export interface ConditionFigures {
  model: string;
  mode: string;
  /** One value a block, milliseconds a frame. */
  capabilityMs: number[];
  /** One value a block, new pictures a second. */
  displayedFps: number[];
  /** "ok" as soon as one block was; else what became of the last one. */
  outcome: string;
}

/** Median milliseconds a frame where a sample of k frames counts k times; null without samples. */
export function medianFrameMs(samples: Samples): number | null {
  const frames = samples.k.map((k, i) => ({ k, ms: (samples.ms[i] ?? 0) / k })).sort((a, b) => a.ms - b.ms);
  const total = frames.reduce((sum, frame) => sum + frame.k, 0);
  if (total === 0) return null;
  const at = (rank: number): number => {
    let upTo = 0;
    for (const frame of frames) {
      upTo += frame.k;
      if (upTo > rank) return frame.ms;
    }
    return frames.at(-1)?.ms ?? 0;
  };
  return (at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2;
}

/** New pictures a second over the window; null for a window of no length. */
export function shownPerSecond(samples: Samples): number | null {
  if (samples.elapsed_ms <= 0) return null;
  return (samples.k.reduce((sum, k) => sum + k, 0) / samples.elapsed_ms) * 1000;
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return (low + high) / 2;
}

function addRun(figures: ConditionFigures, run: RunReport): void {
  if (figures.outcome !== "ok") figures.outcome = run.outcome;
  if (run.outcome !== "ok") return;
  const capability = run.capability ? medianFrameMs(run.capability) : null;
  const displayed = run.displayed ? shownPerSecond(run.displayed) : null;
  if (capability !== null) figures.capabilityMs.push(capability);
  if (displayed !== null) figures.displayedFps.push(displayed);
}

/** Measured runs (never play) by condition, in the order in which the conditions first came. */
export function conditionFigures(runs: readonly RunReport[]): ConditionFigures[] {
  const byCondition = new Map<string, ConditionFigures>();
  for (const run of runs) {
    if (run.kind !== "measured") continue;
    const key = `${run.model.name} ${run.model.version} ${run.mode}`;
    let figures = byCondition.get(key);
    if (!figures) {
      figures = { model: run.model.name, mode: run.mode, capabilityMs: [], displayedFps: [], outcome: "" };
      byCondition.set(key, figures);
    }
    addRun(figures, run);
  }
  return [...byCondition.values()];
}
