// From the moments at which frames were finished to samples of k frames that lasted ms.
import type { Samples } from "../wire/types";

/** Collects one timed window. A sample is closed by the first frame that makes it long enough. */
export class Sampler {
  private readonly k: number[] = [];
  private readonly ms: number[] = [];
  private boundary = 0;
  private pending = 0;
  private lastAt = 0;
  private startedAt = 0;
  frames = 0;

  /** `shortestMs` from `shortestSample`: no sample is shorter, so none is 0. */
  constructor(private readonly shortestMs: number) {}

  start(at: number): void {
    this.startedAt = this.boundary = this.lastAt = at;
  }

  /** A frame was seen finished. */
  frame(at: number): void {
    this.frames += 1;
    this.pending += 1;
    this.lastAt = at;
    const ms = at - this.boundary;
    if (ms <= 0 || ms < this.shortestMs) return;
    this.k.push(this.pending);
    this.ms.push(ms);
    this.boundary = at;
    this.pending = 0;
  }

  /** Whether every frame is in a sample: the best moment to end a window. */
  get complete(): boolean {
    return this.pending === 0;
  }

  /** Milliseconds a frame, over the last `count` samples; for display only. */
  recentMs(count = 10): number {
    const sum = (values: number[]): number => values.slice(-count).reduce((total, value) => total + value, 0);
    return sum(this.ms) / sum(this.k);
  }

  /**
   * The window up to now. Frames behind the last full sample join it, so that no frame is lost. `endedAt` (default: the last frame)
   * is later where the window was cut while a frame was still being worked on: that wait belongs to it.
   */
  samples(endedAt = this.lastAt): Samples {
    const [k, ms] = [[...this.k], [...this.ms]];
    const rest = this.lastAt - this.boundary;
    if (this.pending > 0 && rest > 0) {
      const last = k.length - 1;
      if (last < 0) {
        k.push(this.pending);
        ms.push(rest);
      } else {
        k[last] = (k[last] ?? 0) + this.pending;
        ms[last] = (ms[last] ?? 0) + rest;
      }
    }
    return { k, ms, elapsed_ms: Math.max(0, endedAt - this.startedAt) };
  }
}
