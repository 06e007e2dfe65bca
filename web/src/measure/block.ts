// One block: a condition measured once, from availability to the last picture. Every way out ends in a report.
import type { LoadedBundle } from "../engine/bundle";
import { ContextLostError } from "../runners/types";
import type { Frame, Runner, RunnerFactory } from "../runners/types";
import type { Environment, Golden, Load, PlanEntry, RunReport, Samples, Variant } from "../wire/types";
import { measureClose, measureTick, shortestSample } from "./clock";
import { recordEvents } from "./events";
import type { EventRecorder } from "./events";
import { inTurn } from "./frames";
import { checkGolden, goldenFrame } from "./goldenCheck";
import { uuid } from "./ids";
import { acquireRunner, discardRunner } from "./pool";
import type { Acquired } from "./pool";
import type { Knobs } from "./protocol";
import { showCanvas } from "./stage";
import { unmetWish } from "./wishes";
import { capabilityWindow, depthOf, displayedWindow, warmUp } from "./windows";
import type { TimedWindow, WindowContext } from "./windows";

export type Phase = "load" | "golden" | "warmup" | "capability" | "displayed";
type Outcome = RunReport["outcome"];

export interface BlockOptions {
  readonly entry: PlanEntry;
  readonly bundle: LoadedBundle;
  readonly factory: RunnerFactory;
  readonly knobs: Knobs;
  readonly frames: readonly Frame[];
  readonly host: HTMLElement;
  readonly label: string;
  readonly signal: AbortSignal;
  readonly visitStart: number;
  /** First block of this condition in the visit: load, compile and first picture are posted with it. */
  readonly firstUse: boolean;
  readonly onPhase: (phase: Phase, secondsLeft: number) => void;
  readonly onFps: (fps: number) => void;
}

/** Ends a block early with an outcome of its own. */
class Ended extends Error {
  constructor(
    readonly outcome: Outcome,
    readonly reason: string | null,
  ) {
    super(reason ?? outcome);
  }
}

const UNKNOWN: Variant = { threads: null, precision: "unknown", tuning: null, library: "unknown" };
const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 900) || "It failed without a reason.";

/** A block while it runs: `run` measures, `report` can be asked at any moment for what there is. */
export class Block {
  readonly id = uuid();
  private readonly startedAt = performance.now();
  private readonly recorder: EventRecorder = recordEvents();
  private variant: Variant = UNKNOWN;
  private load: Load | null = null;
  private golden: Golden | null = null;
  private environment: Environment | null = null;
  private readonly windows: Partial<Record<"warmup" | "capability" | "displayed", TimedWindow>> = {};
  private runner: Runner | null = null;

  constructor(private readonly options: BlockOptions) {}

  /** Measures; resolves with the report whatever happens. */
  async run(): Promise<RunReport> {
    try {
      await this.measure();
      this.checkStopped();
      return this.report("ok", null);
    } catch (error) {
      if (error instanceof Ended) return this.report(error.outcome, error.reason);
      if (error instanceof ContextLostError && !this.lost()) this.recorder.note("context_lost");
      if (this.runner !== null) discardRunner(this.runner);
      return this.report("failed", sentence(error));
    } finally {
      this.recorder.stop();
    }
  }

  /** Whether the browser has told of it by now: a call may fail before. */
  private lost(): boolean {
    return this.recorder.events.some(({ type }) => type === "context_lost" || type === "device_lost");
  }

  /** What there is by now, under an outcome. */
  report(outcome: Outcome, reason: string | null): RunReport {
    const { entry, visitStart } = this.options;
    const samples = (name: keyof typeof this.windows): Samples | null =>
      this.windows[name]?.samples() ?? null;
    return {
      schema: 1,
      model: entry.model,
      mode: entry.mode,
      kind: "measured",
      block: entry.block,
      started_ms: Math.max(0, this.startedAt - visitStart),
      outcome,
      reason,
      variant: this.variant,
      load: this.load,
      golden: this.golden,
      environment: this.environment,
      warmup: samples("warmup"),
      capability: samples("capability"),
      displayed: samples("displayed"),
      events: [...this.recorder.events],
    };
  }

  private checkStopped(): void {
    if (this.options.signal.aborted) throw new Ended("stopped", null);
  }

  private async measure(): Promise<void> {
    const runner = await this.prepare();
    await this.correctFirst(runner);
    const environment = await this.observe(runner);
    const context: WindowContext = {
      runner,
      next: inTurn(this.options.frames),
      knobs: this.options.knobs,
      signal: this.options.signal,
      shortestSampleMs: shortestSample(environment.tick_ms, environment.close_ms),
      onProgress: () => undefined,
    };
    await this.timed("warmup", warmUp, context);
    await this.timed("capability", capabilityWindow, context);
    this.checkQuickEnough("capability");
    await this.timed("displayed", displayedWindow, context);
    this.checkQuickEnough("displayed");
  }

  /** The runner, on the page, compiled; with what that cost at first use. */
  private async prepare(): Promise<Runner> {
    const { entry, factory, bundle, host, label, onPhase } = this.options;
    onPhase("load", this.secondsAfter("load"));
    const available = await factory.available();
    if (!available.ok) throw new Ended("unavailable", available.reason);
    const acquired = await acquireRunner(factory, bundle, entry.variant);
    const { runner } = acquired;
    this.runner = runner;
    this.variant = { ...runner.variant };
    this.recorder.watch(runner);
    showCanvas(host, runner, label);
    await this.firstUse(acquired);
    this.asAsked(runner);
    this.checkStopped();
    return runner;
  }

  /** Compiling may tune, so only now the variant is known. A wish that is not met is no slower run, but none. */
  private asAsked(runner: Runner): void {
    this.variant = { ...runner.variant };
    const unmet = unmetWish(this.options.entry.variant, runner.variant);
    if (unmet === null) return;
    discardRunner(runner);
    throw new Ended("unavailable", unmet);
  }

  private async firstUse({ runner, createMs, cold }: Acquired): Promise<void> {
    const { bundle, firstUse } = this.options;
    const compileMs = await runner.compile();
    if (!firstUse) return;
    const started = performance.now();
    await runner.draw(goldenFrame(bundle));
    await runner.close();
    this.load = {
      bytes: bundle.networkBytes,
      ms: bundle.loadMs,
      compile_ms: createMs + compileMs,
      first_picture_ms: performance.now() - started,
      cold,
    };
  }

  private async correctFirst(runner: Runner): Promise<void> {
    const { bundle, onPhase } = this.options;
    onPhase("golden", this.secondsAfter("golden"));
    this.golden = await checkGolden(runner, bundle);
    if (this.golden.status === "fail") {
      const error = this.golden.max_abs_error?.toFixed(3);
      const how = runner.variant.precision === "float16" ? ", in half precision," : "";
      throw new Ended(
        "wrong_output",
        `The picture${how} differs from the right one by up to ${error} (range -1 to 1).`,
      );
    }
    this.checkStopped();
  }

  /** What could bend the figures, measured anew before each run. */
  private async observe(runner: Runner): Promise<Environment> {
    const { factory, knobs } = this.options;
    this.environment = {
      tick_ms: measureTick(),
      closing: factory.closing,
      close_ms: await measureClose(runner),
      in_flight: depthOf(runner, knobs),
      isolated: globalThis.crossOriginIsolated === true,
      visible: !document.hidden,
      focused: document.hasFocus(),
      canvas_width: runner.canvas.width,
      canvas_height: runner.canvas.height,
      vendor: runner.renderer()?.vendor ?? null,
      renderer: runner.renderer()?.renderer ?? null,
    };
    return this.environment;
  }

  private async timed(
    name: "warmup" | "capability" | "displayed",
    open: (context: WindowContext) => TimedWindow,
    context: WindowContext,
  ): Promise<void> {
    const { onPhase, onFps } = this.options;
    const after = this.secondsAfter(name);
    let told = 0;
    const onProgress = (secondsLeft: number, fps: number | null): void => {
      if (performance.now() - told < 250) return;
      told = performance.now();
      onPhase(name, Math.max(0, secondsLeft) + after);
      if (fps !== null) onFps(fps);
    };
    onPhase(name, this.secondsOf(name) + after);
    const window = open({ ...context, onProgress });
    this.windows[name] = window;
    await window.done;
    this.checkStopped();
  }

  private checkQuickEnough(name: "capability" | "displayed"): void {
    const window = this.windows[name];
    if (window === undefined || window.frames() >= this.options.knobs.min_frames) return;
    // A hidden tab gets no animation frames: that says nothing about the GPU.
    if (this.recorder.events.some((event) => event.type === "hidden"))
      throw new Ended("stopped", "The tab was hidden.");
    const seconds = (window.samples().elapsed_ms / 1000).toFixed(1);
    throw new Ended("too_slow", `${window.frames()} frames in ${seconds} s (${name}).`);
  }

  private secondsOf(phase: Phase): number {
    const { warmup_min_s, capability_s, displayed_s } = this.options.knobs;
    return { load: 1, golden: 1, warmup: warmup_min_s, capability: capability_s, displayed: displayed_s }[
      phase
    ];
  }

  /** Seconds that the phases after this one need at least. */
  private secondsAfter(phase: Phase): number {
    const order: readonly Phase[] = ["load", "golden", "warmup", "capability", "displayed"];
    return order.slice(order.indexOf(phase) + 1).reduce((sum, later) => sum + this.secondsOf(later), 0);
  }
}
