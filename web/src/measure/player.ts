// Free play: paints whatever the source gives, as often as the screen can show it, and posts what was displayed.
import type { LoadedBundle } from "../engine/bundle";
import { runners } from "../runners";
import type { Frame, Runner, RunnerFactory } from "../runners/types";
import type { RunReport } from "../wire/types";
import { DisplayLoop } from "./displayLoop";
import { recordEvents } from "./events";
import type { EventRecorder } from "./events";
import { uuid } from "./ids";
import { acquireRunner, discardRunner } from "./pool";
import { Sampler } from "./sampler";
import { showCanvas } from "./stage";

const RUN_MS = 10_000;
const IN_FLIGHT = 2;

export interface PlayerOptions {
  readonly bundle: LoadedBundle;
  readonly mode: string;
  readonly host: HTMLElement;
  /** Asked once per picture; null where there is nothing new to paint. */
  readonly source: () => Frame | null;
  readonly visitStart: number;
  readonly label?: string;
  readonly on: (event: { fps: number }) => void;
  readonly onRun: (id: string, report: RunReport) => void;
  readonly onError?: (message: string) => void;
  readonly registry?: Readonly<Record<string, RunnerFactory>>;
}

export interface Player {
  /** Rejects with a sentence when the mode cannot run here. */
  start(): Promise<void>;
  stop(): void;
  dispose(): void;
  /** Resolves when nothing that was begun before `stop` is under way any more: only then may its runner go. */
  settled(): Promise<void>;
}

/** Ten seconds of play: the displayed pictures, without the pauses in which nothing new was asked for. */
class PlayRun {
  readonly startedAt = performance.now();
  private readonly sampler = new Sampler(0);
  private readonly recorder: EventRecorder = recordEvents();
  private elapsed = 0;
  private before: number | null = null;
  private animationFrames = 0;

  constructor(
    private readonly runner: Runner,
    private readonly options: PlayerOptions,
  ) {
    this.recorder.watch(runner);
    this.sampler.start(0);
  }

  get pictures(): number {
    return this.sampler.frames;
  }

  /** A pause: the time until the next picture is nobody's frame time. */
  pause(): void {
    this.before = null;
  }

  animationFrame(at: number, picture: boolean): void {
    if (this.before !== null) this.animationFrames += 1;
    if (!picture) return;
    if (this.before !== null && at > this.before) {
      this.elapsed += at - this.before;
      this.sampler.frame(this.elapsed);
    }
    this.before = at;
  }

  finish(outcome: "ok" | "failed", reason: string | null): RunReport {
    this.recorder.stop();
    const { bundle, mode, visitStart } = this.options;
    const { name, version } = bundle.manifest;
    return {
      schema: 1,
      model: { name, version, sha256: bundle.sha256 },
      mode,
      kind: "play",
      ...(bundle.local === true ? { local: true } : {}),
      block: 0,
      started_ms: Math.max(0, this.startedAt - visitStart),
      outcome,
      reason,
      variant: { ...this.runner.variant },
      load: null,
      golden: bundle.golden === null ? { status: "not_checked", max_abs_error: null, psnr_db: null } : null,
      environment: null,
      warmup: null,
      capability: null,
      displayed: { ...this.sampler.samples(), animation_frames: this.animationFrames },
      events: [...this.recorder.events],
    };
  }
}

/** Pictures within the last second, for the display beside the picture. */
class RateMeter {
  private times: number[] = [];
  private told = 0;

  constructor(private readonly tell: (fps: number) => void) {}

  picture(at: number): void {
    // The picture before always counts, so that a machine with less than one picture a second has a rate too.
    this.times = [...this.times.filter((time, i, all) => at - time < 1_000 || i === all.length - 1), at];
    const first = this.times[0] ?? at;
    if (this.times.length < 2 || at - this.told < 250) return;
    this.told = at;
    this.tell(((this.times.length - 1) * 1000) / (at - first));
  }

  pause(): void {
    this.times = [];
  }
}

class LivePlayer implements Player {
  private loop: DisplayLoop | null = null;
  private run: PlayRun | null = null;
  private runner: Runner | null = null;
  private readonly meter: RateMeter;
  private wanted = false;
  private draining: Promise<void> = Promise.resolve();

  constructor(private readonly options: PlayerOptions) {
    this.meter = new RateMeter((fps) => options.on({ fps }));
  }

  async start(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    const runner = await this.prepare();
    if (!this.wanted) return;
    this.runner = runner;
    this.run = new PlayRun(runner, this.options);
    this.loop = new DisplayLoop({
      runner,
      depth: IN_FLIGHT,
      next: () => this.next(),
      onAnimationFrame: (at, picture) => this.animationFrame(at, picture),
      onError: (error) => this.fail(error),
    });
    addEventListener("pagehide", this.leave, { capture: true });
    this.loop.start();
  }

  stop(): void {
    this.wanted = false;
    removeEventListener("pagehide", this.leave, { capture: true });
    if (this.loop !== null) this.draining = this.loop.stop().catch(() => undefined);
    this.loop = null;
    this.post("ok", null);
    this.run = null;
  }

  dispose(): void {
    this.stop();
    this.runner = null;
  }

  settled(): Promise<void> {
    return this.draining;
  }

  private async prepare(): Promise<Runner> {
    const { mode, bundle, host, label, registry } = this.options;
    const factory = (registry ?? runners)[mode];
    if (factory === undefined) throw new Error(`This version of the page has no mode ${mode}.`);
    const available = await factory.available();
    if (!available.ok) throw new Error(available.reason);
    const { runner } = await acquireRunner(factory, bundle);
    if (this.wanted) showCanvas(host, runner, label ?? "");
    await runner.compile();
    return runner;
  }

  private next(): Frame | null {
    const frame = this.options.source();
    if (frame === null && this.loop?.idle === true) {
      this.run?.pause();
      this.meter.pause();
    }
    return frame;
  }

  private animationFrame(at: number, picture: boolean): void {
    this.run?.animationFrame(at, picture);
    if (picture) this.meter.picture(at);
    if (this.run !== null && performance.now() - this.run.startedAt >= RUN_MS) this.renew();
  }

  private renew(): void {
    this.post("ok", null);
    if (this.runner !== null) this.run = new PlayRun(this.runner, this.options);
  }

  private readonly leave = (): void => this.stop();

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.post("failed", message.slice(0, 900));
    this.run = null;
    if (this.runner !== null) discardRunner(this.runner);
    this.stop();
    this.options.onError?.(message);
  }

  /** Nothing is posted where nothing was displayed, but for a failure. */
  private post(outcome: "ok" | "failed", reason: string | null): void {
    if (this.run === null) return;
    const { pictures } = this.run;
    const report = this.run.finish(outcome, reason);
    if (pictures > 0 || outcome === "failed") this.options.onRun(uuid(), report);
  }
}

/** A player for one model and mode. It starts nothing until `start`. */
export function createPlayer(options: PlayerOptions): Player {
  return new LivePlayer(options);
}
