// The three timed parts of a block. Each writes into a sampler that can be read at any moment, so that a block that is cut
// off still has what was measured.
import type { Frame, Runner } from "../runners/types";
import type { Samples } from "../wire/types";
import { runBackToBack } from "./backToBack";
import { DisplayLoop } from "./displayLoop";
import type { Knobs } from "./protocol";
import { Sampler } from "./sampler";
import { isSteady } from "./steady";

export interface WindowContext {
  readonly runner: Runner;
  readonly next: () => Frame;
  readonly knobs: Knobs;
  readonly signal: AbortSignal;
  readonly shortestSampleMs: number;
  /** For the page: seconds that this window still needs, and how quick frames are. */
  readonly onProgress: (secondsLeft: number, fps: number | null) => void;
}

/** A window while it runs: `samples()` at any moment, `done` when it is over. */
export interface TimedWindow {
  readonly samples: () => Samples;
  readonly frames: () => number;
  readonly done: Promise<void>;
}

const fpsOf = (ms: number): number | null => (ms > 0 ? 1000 / ms : null);
export const depthOf = (runner: Runner, knobs: Knobs): number => Math.min(runner.depth, knobs.in_flight);

/** Until frames take as long as the ones before: `warmup_min_s` and `warmup_min_frames`, at most `warmup_max_s`. */
export function warmUp(context: WindowContext): TimedWindow {
  const { knobs, runner, next, signal, shortestSampleMs, onProgress } = context;
  const sampler = new Sampler(shortestSampleMs);
  const started = performance.now();
  const times: number[] = [];
  let before = started;
  sampler.start(started);
  const onFrame = (at: number): boolean => {
    sampler.frame(at);
    times.push(at - before);
    before = at;
    onProgress(knobs.warmup_min_s - (at - started) / 1000, fpsOf(sampler.recentMs()));
    const enough = at - started >= knobs.warmup_min_s * 1000 && sampler.frames >= knobs.warmup_min_frames;
    return enough && isSteady(times);
  };
  const deadline = started + knobs.warmup_max_s * 1000;
  const done = runBackToBack({ runner, next, depth: depthOf(runner, knobs), signal, deadline, onFrame });
  return { samples: () => sampler.samples(), frames: () => sampler.frames, done };
}

/** Milliseconds a frame when frames follow each other as fast as they can. */
export function capabilityWindow(context: WindowContext): TimedWindow {
  const { knobs, runner, next, signal, shortestSampleMs, onProgress } = context;
  const sampler = new Sampler(shortestSampleMs);
  const started = performance.now();
  let endedAt: number | undefined;
  sampler.start(started);
  const onFrame = (at: number): boolean => {
    sampler.frame(at);
    onProgress(knobs.capability_s - (at - started) / 1000, fpsOf(sampler.recentMs()));
    const long = at - started >= knobs.capability_s * 1000;
    return long && sampler.frames >= knobs.min_frames && sampler.complete;
  };
  const deadline = started + knobs.block_max_s * 1000;
  const cut = async (): Promise<void> => {
    await runBackToBack({ runner, next, depth: depthOf(runner, knobs), signal, deadline, onFrame });
    // Cut with too few frames: the unfinished one was worked on until the deadline, and that proves the bound.
    if (sampler.frames < knobs.min_frames) endedAt = Math.min(deadline, performance.now());
  };
  return { samples: () => sampler.samples(endedAt), frames: () => sampler.frames, done: cut() };
}

/** New pictures a second: see DisplayLoop. The window begins and ends with a picture, so its samples fill it. */
export function displayedWindow(context: WindowContext): TimedWindow {
  const { knobs, runner, next, signal, onProgress } = context;
  const sampler = new Sampler(0);
  const opened = performance.now();
  let begun: number | null = null;
  let animationFrames = 0;
  let endedAt: number | undefined;
  const done = new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearInterval(guard);
      signal.removeEventListener("abort", end);
      loop.stop().then(resolve, reject);
    };
    const onAnimationFrame = (at: number, picture: boolean): void => {
      if (begun !== null) animationFrames += 1;
      if (!picture) return;
      if (begun === null) {
        begun = at;
        sampler.start(at);
        return;
      }
      sampler.frame(at);
      onProgress(knobs.displayed_s - (at - begun) / 1000, fpsOf(sampler.recentMs()));
      if (at - begun >= knobs.displayed_s * 1000 && sampler.frames >= knobs.min_frames) end();
    };
    const onError = (error: unknown): void => {
      clearInterval(guard);
      signal.removeEventListener("abort", end);
      reject(error as Error);
    };
    // A hidden tab has no animation frames, so the bound needs a timer of its own.
    const guard = setInterval(() => {
      if (performance.now() - opened < knobs.block_max_s * 1000) return;
      endedAt = performance.now();
      end();
    }, 250);
    const loop = new DisplayLoop({ runner, depth: depthOf(runner, knobs), next, onAnimationFrame, onError });
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    else loop.start();
  });
  const samples = (): Samples => {
    const window = sampler.samples(endedAt);
    return {
      ...window,
      elapsed_ms: begun === null ? 0 : window.elapsed_ms,
      animation_frames: animationFrames,
    };
  };
  return { samples, frames: () => sampler.frames, done };
}
