// The phases of a convolution as one dispatch sees them: the same taps, shifted.
import type { ConvStep, Pair, Phase, Tap } from "../../plan";

/** Phases that differ only in where their window begins, so that one shader computes all of them. */
export interface Pattern {
  /** By row, then by column; the first one at (0, 0). */
  readonly taps: readonly Pair[];
  readonly phases: readonly {
    readonly phase: Phase;
    /** What to add to the distances of `taps`. */
    readonly base: Pair;
  }[];
}

const inOrder = (taps: readonly Tap[]): Tap[] => [...taps].sort((a, b) => a.dy - b.dy || a.dx - b.dx);

/** All phases of a step, sorted into as few patterns as there are. */
export function patternsOf(step: ConvStep): Pattern[] {
  const found = new Map<string, { taps: Pair[]; phases: Pattern["phases"][number][] }>();
  for (const phase of step.phases) {
    const taps = inOrder(phase.taps);
    const base: Pair = [taps[0]?.dy ?? 0, taps[0]?.dx ?? 0];
    const shifted = taps.map(({ dy, dx }): Pair => [dy - base[0], dx - base[1]]);
    const key = JSON.stringify(shifted);
    const pattern = found.get(key) ?? { taps: shifted, phases: [] };
    pattern.phases.push({ phase: { ...phase, taps }, base });
    found.set(key, pattern);
  }
  return [...found.values()];
}
