// What measuring and play know of an output mode: one interface, so that a mode is one file and one line in the registry.
import type { LoadedBundle } from "../engine/bundle";
import type { Session } from "../engine/device";
import type { Precision } from "../engine/golden";

/** A picture in memory: RGBA bytes, row 0 on top. The timed region of a frame starts here. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** How a frame is closed, i.e. known to be finished: see /help/measuring. */
export type Closing = "return" | "fence" | "work_done";

/** How the mode runs here; figures are never pooled over threads or precision. */
export interface RunnerVariant {
  readonly threads: number | null;
  readonly precision: Precision;
  readonly tuning: string | null;
  readonly library: string;
}

/**
 * What a study asks of a mode beyond its name: `direct-wasm[threads=1]`. A runner that cannot do it throws, or shows another
 * variant, which measuring refuses: a figure never stands under a wish that was not met.
 */
export interface VariantWishes {
  readonly threads?: number | null;
  readonly precision?: Precision | null;
  /** The mode's own words, as its variant says them. */
  readonly tuning?: string | null;
}

export interface CreateOptions {
  readonly bundle: LoadedBundle;
  readonly variant?: VariantWishes | null;
}

export interface RunnerMemory {
  readonly tensors: number;
  readonly textures: number;
  /** Bytes on the GPU, in use or kept for reuse. */
  readonly bytes: number;
}

export type RunnerEvent = "context_lost" | "context_restored" | "fell_back" | "disjoint" | "device_lost";

export interface Runner {
  readonly mode: string;
  /** Where the picture appears. Runners that share a context may share it; whoever shows it puts it into the page. */
  readonly canvas: HTMLCanvasElement;
  /** Complete after `compile`. */
  readonly variant: RunnerVariant;
  /** Of the engine's own modes, for looking inside: the plan, milliseconds of each step. */
  readonly session?: Session;
  /** Most frames that may be drawn and not yet closed. */
  readonly depth: number;
  /** Of the run's own context, unmasked where the browser allows; null where there is none or it is lost. */
  renderer(): { vendor: string; renderer: string } | null;
  /** Compiles and uploads what can be made ready without a picture; milliseconds. A second call is a no-op of 0 ms. */
  compile(): Promise<number>;
  /** Bytes to picture on the canvas. Returns (or resolves) when everything was issued; `close` says when it is finished. */
  draw(frame: Frame): Promise<void> | void;
  /** Resolves when all that was drawn before the call is finished; rejects when the context was lost. */
  close(): Promise<void>;
  /** Shows bytes as they are, by the way that pictures take to this canvas: the known pattern of the read-back check. */
  drawPattern(pattern: Frame): void;
  /** RGBA as shown, row 0 on top. Call it in the same task as the end of `draw`. */
  readPicture(): Uint8ClampedArray;
  memory(): RunnerMemory;
  /** False once the context is lost or `dispose` was called. */
  alive(): boolean;
  listen(listener: (event: RunnerEvent) => void): () => void;
  /** Leaves nothing: no tensor, texture, program, listener, timer; the last runner on a context gives that back too. */
  dispose(): void;
}

export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface RunnerFactory {
  readonly mode: string;
  /** For comparison only: never offered in free play, never chosen by `auto`. */
  readonly rival?: true;
  readonly closing: Closing;
  /** Modes with the same back end share compiled programs: only the first of them starts cold. */
  readonly backEnd: string;
  available(): Promise<Availability>;
  /** Fetches what `create` needs from the server, so that a line cut during measuring costs nothing. */
  fetchCode(): Promise<void>;
  create(options: CreateOptions): Promise<Runner>;
}

/** The run's context went away. What was measured until then is kept; the next block makes a fresh context. */
export class ContextLostError extends Error {
  override readonly name = "ContextLostError";
}
