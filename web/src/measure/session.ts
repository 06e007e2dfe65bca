// A visit's sequence of blocks, one after the other; each run is handed on as it finishes.
import type { LoadedBundle } from "../engine/bundle";
import { runners } from "../runners";
import type { RunnerFactory } from "../runners/types";
import type { PageConfig, PlanEntry, RunReport } from "../wire/types";
import { Block } from "./block";
import type { BlockOptions, Phase } from "./block";
import { loadFrames } from "./frames";
import { readProtocol } from "./protocol";
import { measureRefresh } from "./refresh";
import { whenVisible } from "./stage";
import { wishesText } from "./wishes";

export type { Phase } from "./block";

export type MeasureEvent =
  | {
      readonly type: "block-start";
      readonly index: number;
      readonly count: number;
      readonly entry: PlanEntry;
    }
  | { readonly type: "phase"; readonly phase: Phase; readonly secondsLeft: number }
  | { readonly type: "frame"; readonly fps: number }
  | { readonly type: "waiting"; readonly reason: "hidden" }
  | { readonly type: "run"; readonly id: string; readonly report: RunReport }
  | { readonly type: "done" };

export interface SequenceOptions {
  readonly config: PageConfig;
  readonly sequence: readonly PlanEntry[];
  /** By the manifest's sha256. */
  readonly bundles: ReadonlyMap<string, LoadedBundle>;
  readonly host: HTMLElement;
  readonly signal: AbortSignal;
  /** performance.now() at consent; `started_ms` of the runs counts from there. */
  readonly visitStart: number;
  /** What the canvas is called for those who cannot see it. */
  readonly label?: string;
  readonly on: (event: MeasureEvent) => void;
  /** The modes; tests give their own. */
  readonly registry?: Readonly<Record<string, RunnerFactory>>;
}

export interface SequenceResult {
  /** Median refresh rate after the last condition (the device block has the one before the first). */
  readonly refreshAfterHz: number | null;
  readonly stopped: boolean;
}

const missing = (mode: string): RunnerFactory => ({
  mode,
  closing: "return",
  backEnd: mode,
  available: async () => ({ ok: false, reason: `This version of the page has no mode ${mode}.` }),
  fetchCode: () => Promise.resolve(),
  create: () => Promise.reject(new Error(`There is no mode ${mode}.`)),
});

/** An abort signal for the page going away; what is measured at that moment is posted as lost. */
function onLeaving(leave: () => void): () => void {
  // Captured, so that it comes before the outbox sends what it has.
  addEventListener("pagehide", leave, { capture: true });
  return () => removeEventListener("pagehide", leave, { capture: true });
}

/** Measures every entry of the sequence. A mode that fails is a report, never an exception. */
export async function measureSequence(options: SequenceOptions): Promise<SequenceResult> {
  const { sequence, signal, on } = options;
  const knobs = readProtocol(options.config.protocol);
  const frames = await loadFrames(signal);
  const used = new Set<string>();
  for (const [index, entry] of sequence.entries()) {
    if (document.hidden) {
      on({ type: "waiting", reason: "hidden" });
      await whenVisible(signal);
    }
    if (signal.aborted) break;
    on({ type: "block-start", index, count: sequence.length, entry });
    const condition = `${entry.model.sha256} ${entry.mode}[${wishesText(entry.variant)}]`;
    const left = await measureBlock(options, { entry, knobs, frames, firstUse: !used.has(condition) });
    used.add(condition);
    if (left || signal.aborted) return { refreshAfterHz: null, stopped: true };
  }
  const refreshAfterHz = signal.aborted ? null : await measureRefresh();
  on({ type: "done" });
  return { refreshAfterHz, stopped: signal.aborted };
}

type PerBlock = Pick<BlockOptions, "entry" | "knobs" | "frames" | "firstUse">;

/** One block and its event; resolves with whether the page was left meanwhile. */
async function measureBlock(options: SequenceOptions, perBlock: PerBlock): Promise<boolean> {
  const { bundles, host, visitStart, on } = options;
  const { entry } = perBlock;
  const bundle = bundles.get(entry.model.sha256);
  if (bundle === undefined) throw new Error(`The model ${entry.model.name} is not loaded.`);
  const inner = new AbortController();
  const pass = (): void => inner.abort();
  options.signal.addEventListener("abort", pass);
  const block = new Block({
    ...perBlock,
    bundle,
    factory: (options.registry ?? runners)[entry.mode] ?? missing(entry.mode),
    host,
    label: options.label ?? "",
    signal: inner.signal,
    visitStart,
    onPhase: (phase, secondsLeft) => on({ type: "phase", phase, secondsLeft }),
    onFps: (fps) => on({ type: "frame", fps }),
  });
  let left = false;
  const stopWatching = onLeaving(() => {
    if (left) return;
    left = true;
    on({ type: "run", id: block.id, report: block.report("lost", null) });
    inner.abort();
  });
  const report = await block.run();
  stopWatching();
  options.signal.removeEventListener("abort", pass);
  if (!left) on({ type: "run", id: block.id, report });
  return left;
}
