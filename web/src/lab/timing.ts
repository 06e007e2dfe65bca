// A quick look at the milliseconds of a frame. What measures is `measure/`: this knows no tick, no drift, no blocks.
import type { Frame, Runner } from "../runners/types";

const WARM_UP = { frames: 3, ms: 2_000 };
const LOOK = { least: 3, most: 60, ms: 1_500 };

export interface QuickLook {
  /** Median milliseconds from a picture's bytes to the closed frame, each frame by itself. */
  readonly ms: number;
  readonly frames: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

async function frameTime(runner: Runner, frame: Frame): Promise<number> {
  const started = performance.now();
  await runner.draw(frame);
  await runner.close();
  return performance.now() - started;
}

export async function quickLook(runner: Runner, frame: Frame, signal: AbortSignal): Promise<QuickLook> {
  const started = performance.now();
  for (let i = 0; i < WARM_UP.frames && performance.now() - started < WARM_UP.ms; i++)
    await frameTime(runner, frame);
  const until = performance.now() + LOOK.ms;
  const times: number[] = [];
  while (times.length < LOOK.least || (times.length < LOOK.most && performance.now() < until)) {
    signal.throwIfAborted();
    times.push(await frameTime(runner, frame));
  }
  return { ms: median(times), frames: times.length };
}
