// What the three back ends have in common: a session runs one network on one device and shows its pictures on one canvas.
import type { LoadedBundle } from "./bundle";
import type { Precision } from "./golden";
import type { Plan } from "./plan";
import type { TuningMemory } from "./tuning/memory";

/** What runs: a bundle, or a model that was read from elsewhere. Its golden files are not looked at. */
export type Model = Pick<LoadedBundle, "manifest" | "sha256" | "tensor">;

export type BackEnd = "webgl" | "webgpu" | "wasm";

/** RGBA bytes, row 0 on top. */
export interface Bytes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Where a picture comes from. Other sizes than 256x256 are scaled to it by the browser. */
export type Source = Bytes | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | ImageBitmap;

/** How the tuning was found. */
export type Chosen = "forced" | "remembered" | "tuned" | "usual";

export interface Variant {
  /** Null where the GPU works. */
  readonly threads: number | null;
  /** Of the arithmetic. */
  readonly precision: Precision;
  /** Of the weights as the device holds them. */
  readonly weights: Precision | "int8";
  /** The choices that the autotune made or that were forced, short and parsable: the back end's own words. */
  readonly tuning: string;
  readonly chosen: Chosen;
}

/** What Keras made of one input: [h, w, c] in, [h, w, c] out. */
export interface GoldenValues {
  readonly input: Float32Array;
  readonly output: Float32Array;
}

export interface SessionOptions {
  /** Forced choices, as `Variant.tuning` says them; null or left out: the autotune's, or the ones remembered. */
  readonly tuning?: string | null;
  /** Left out: where it helps, so not on renderers in software, for which the usual choices were made. */
  readonly autotune?: "where it helps" | "always" | "never";
  /** Where the autotune's choices are kept; left out: nowhere. */
  readonly memory?: TuningMemory;
  /** Left out: float32; float16 where the device has no float targets, or where it is clearly quicker and `golden` is right. */
  readonly precision?: Precision;
  /** What half precision is checked by: where its output is wrong, float32 is taken, and the tuning says half=wrong. */
  readonly golden?: GoldenValues | null;
  /** Keeps all values apart, so that `readValue` finds them. For tests and for looking inside; costs memory. */
  readonly keepValues?: boolean;
}

/** Milliseconds of one step; the device says how they were taken. */
export interface StepTime {
  readonly name: string;
  readonly ms: number;
}

export interface Memory {
  /** Live textures, buffers, programs, pipelines, framebuffers, vertex arrays, samplers, queries, fences, workers. */
  readonly objects: number;
  readonly textures: number;
  /** Of textures, buffers or the WASM memory. */
  readonly bytes: number;
}

export type SessionEvent = "context_lost" | "context_restored" | "device_lost";

export interface Session {
  readonly backEnd: BackEnd;
  readonly plan: Plan;
  /** Complete after `prepare`. */
  readonly variant: Variant;
  /** Null where the browser hides it or the device is gone. */
  renderer(): { vendor: string; renderer: string } | null;
  /** Compiles, uploads, tunes. After it, nothing is compiled and nothing allocated. A second call does nothing. */
  prepare(): Promise<void>;
  /** Issues one picture, from its bytes to the canvas. Never waits for the device. */
  draw(source: Source): void;
  /** Resolves when everything that was issued before the call is finished; rejects with `EngineError` when the device is gone. */
  finished(): Promise<void>;
  /** Shows bytes of the output's size as they are, by the way that pictures take to the canvas. */
  show(bytes: Bytes): void;
  /** RGBA as shown, row 0 on top. In the same task as the end of `draw`. */
  readPicture(): Uint8ClampedArray;
  /** The network alone: input [h, w, c] in, output [h, w, c] out, nothing clipped. Does not touch the canvas. */
  compute(input: Float32Array): Promise<Float32Array>;
  /** The network's input as the device prepared it, [h, w, c], of a picture. */
  prepared(source: Source): Promise<Float32Array>;
  /** The value [h, w, c] of a step's output after the last `draw` or `compute`; needs `keepValues`. */
  readValue(name: string): Promise<Float32Array>;
  /** Times every step of a picture by itself. */
  profile(source: Source): Promise<StepTime[]>;
  memory(): Memory;
  alive(): boolean;
  listen(listener: (event: SessionEvent) => void): () => void;
  /** Leaves no live object. A second call does nothing. */
  destroy(): void;
}

export type Fault = "unsupported" | "compile" | "lost" | "memory" | "limit";

/** Something the engine cannot do here. The sentence names what, and says what to do where there is something. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  constructor(
    readonly fault: Fault,
    message: string,
    /** Of a shader that did not compile: line and text of each complaint. */
    readonly complaints: readonly { readonly line: number; readonly text: string }[] = [],
  ) {
    super(message);
  }
}
