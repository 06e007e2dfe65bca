// New pictures on the screen: a picture counts at the first animation frame that finds its work finished. An animation
// frame that finds nothing new counts no picture. Used by the displayed window and by free play.
import type { Frame, Runner } from "../runners/types";
import { drain } from "./backToBack";

export interface DisplayLoopOptions {
  readonly runner: Pick<Runner, "draw" | "close" | "depth">;
  readonly depth: number;
  /** The next input; null where there is nothing new to paint. */
  readonly next: () => Frame | null;
  /** Every animation frame; `picture` says whether a new picture became visible by it. Times in ms. */
  readonly onAnimationFrame: (at: number, picture: boolean) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Starts a frame in every animation frame as long as fewer than `depth` are unfinished. Work that took longer than one
 * animation frame is followed at once by the next, so that a slow GPU is never idle; quicker work waits, since a second
 * picture between two animation frames would never be seen.
 */
export class DisplayLoop {
  private readonly work = new Set<Promise<void>>();
  private unfinished = 0;
  private animationFrame = 0;
  private handle: number | null = null;
  private fresh = false;
  private stopped = false;

  constructor(private readonly options: DisplayLoopOptions) {}

  /** Whether nothing is being worked on or waiting to be seen. */
  get idle(): boolean {
    return this.unfinished === 0 && !this.fresh;
  }

  start(): void {
    this.handle = requestAnimationFrame(this.tick);
  }

  /** Ends the loop; resolves when nothing is in flight any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    await drain([...this.work]);
  }

  private readonly tick = (at: number): void => {
    if (this.stopped) return;
    this.handle = requestAnimationFrame(this.tick);
    this.animationFrame += 1;
    const picture = this.fresh;
    this.fresh = false;
    this.options.onAnimationFrame(at, picture);
    this.begin();
  };

  private begin(): void {
    const { runner, depth } = this.options;
    if (this.stopped || this.unfinished >= Math.min(depth, runner.depth)) return;
    const frame = this.options.next();
    if (frame === null) return;
    const work = this.paint(frame, this.animationFrame);
    this.work.add(work);
    void work.finally(() => this.work.delete(work));
  }

  private async paint(frame: Frame, begunIn: number): Promise<void> {
    const { runner, onError } = this.options;
    this.unfinished += 1;
    try {
      await runner.draw(frame);
      await runner.close();
      this.unfinished -= 1;
      this.fresh = true;
      if (this.animationFrame > begunIn) this.begin();
    } catch (error) {
      this.stopped = true;
      onError(error);
    }
  }
}
