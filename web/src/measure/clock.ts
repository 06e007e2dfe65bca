// How fine the clock is, what closing an empty frame costs, and how long a sample must be for both not to matter.
import type { Runner } from "../runners/types";

const TICKS_PER_SAMPLE = 50;
const CLOSES_PER_SAMPLE = 20;
/** Long enough for the coarsest clock there is (100 ms), short enough not to be felt. */
const LONGEST_LOOK_MS = 400;

/** The smallest step of `now` seen over some changes, in milliseconds. Blocks the thread for 0.1 to 400 ms. */
export function smallestStep(now: () => number, changes = 25): number {
  const started = now();
  let [before, least] = [started, LONGEST_LOOK_MS];
  for (let seen = 0; seen < changes && before - started < LONGEST_LOOK_MS;) {
    const at = now();
    if (at <= before) continue;
    // The first step began before we looked.
    if (seen > 0) least = Math.min(least, at - before);
    before = at;
    seen += 1;
  }
  return least;
}

/** Resolution of performance.now() here and now: 0.005 to 100 ms, depending on browser, isolation and privacy settings. */
export function measureTick(): number {
  return smallestStep(() => performance.now());
}

/** Milliseconds to close a frame in which nothing was drawn: the mean of `rounds`. */
export async function measureClose(runner: Pick<Runner, "close">, rounds = 25): Promise<number> {
  for (let i = 0; i < 3; i++) await runner.close();
  const started = performance.now();
  for (let i = 0; i < rounds; i++) await runner.close();
  return (performance.now() - started) / rounds;
}

/** A sample must last so long that neither the clock's step nor the closing bends it by more than a few per cent. */
export function shortestSample(tickMs: number, closeMs: number): number {
  return Math.max(TICKS_PER_SAMPLE * tickMs, CLOSES_PER_SAMPLE * closeMs);
}
