// What the tests of the WebGL2 back end ask for: networks that were never published, and what is alive on a context.
import type { LoadedBundle } from "../../src/engine/bundle";
import { EngineError } from "../../src/engine/device";
import type { Model, Session } from "../../src/engine/device";
import type { Manifest } from "../../src/engine/manifest";
import { createWebglSession } from "../../src/engine/webgl";
import type { Surface, WebglOptions } from "../../src/engine/webgl";

/** A network as the tests send it: parts of a manifest, and its tensors as numbers. */
export interface SentNetwork {
  readonly manifest: Pick<Manifest, "input" | "output" | "preprocessing" | "graph">;
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >;
}

export function modelOf({ manifest, tensors }: SentNetwork): Model {
  const entries = Object.entries(tensors).map(([name, { shape }]) => ({
    ...{ name, shape, dtype: "float32", scale: null, channel_axis: 0, taps: null, parts: [] },
  }));
  return {
    manifest: { ...manifest, tensors: entries } as unknown as LoadedBundle["manifest"],
    sha256: "sent",
    tensor: (name) => Float32Array.from(tensors[name]?.values ?? []),
  };
}

let shared: WebGL2RenderingContext | null = null;

/** One context for many sessions, which leave it as they found it. */
function sharedContext(): WebGL2RenderingContext {
  shared ??= new OffscreenCanvas(1, 1).getContext("webgl2");
  if (shared === null) throw new Error("no WebGL2 here");
  return shared;
}

/** A session on the shared context; the caller destroys it. */
export async function sessionOf(
  model: Model,
  options: WebglOptions = {},
  surface?: Surface,
): Promise<Session> {
  const session = await createWebglSession(model, surface ?? { gl: sharedContext() }, options);
  await session.prepare();
  return session;
}

/** The network's output for its input, and how many objects were left afterwards. */
export async function computed(
  sent: SentNetwork,
  input: readonly number[],
  options: WebglOptions = {},
): Promise<{ made: number[]; left: number; error: number }> {
  const session = await sessionOf(modelOf(sent), options);
  const made = await session.compute(Float32Array.from(input));
  session.destroy();
  return { made: Array.from(made), left: session.memory().objects, error: sharedContext().getError() };
}

/** What contexts were asked for, by method, and how many objects are alive on them. */
export interface Calls {
  readonly made: Record<string, number>;
  alive: number;
}

type Method = (this: WebGL2RenderingContext, ...rest: unknown[]) => unknown;

/** Counts from now on, on all contexts of the page. */
export function countCalls(): Calls {
  const calls: Calls = { made: {}, alive: 0 };
  const context = WebGL2RenderingContext.prototype as unknown as Record<string, Method>;
  const names = Object.entries(Object.getOwnPropertyDescriptors(context));
  for (const [name, { value }] of names) {
    if (typeof value !== "function" || name === "constructor") continue;
    const own = value as Method;
    context[name] = function (...rest) {
      calls.made[name] = (calls.made[name] ?? 0) + 1;
      const made = own.apply(this, rest);
      if (/^(create|fenceSync)/.test(name) && made !== null) calls.alive += 1;
      if (/^delete/.test(name) && rest[0] != null) calls.alive -= 1;
      return made;
    };
  }
  return calls;
}

/** Changes the source of shaders from now on. */
export function spoilShaders(change: (source: string) => string): void {
  const own = WebGL2RenderingContext.prototype.shaderSource;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, source) {
    own.call(this, shader, change(source));
  };
}

/** What waits for a promise sees of an `EngineError`. */
export async function failing(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof EngineError
      ? { fault: error.fault, message: error.message, complaints: error.complaints }
      : String(error);
  }
}

export { createWebglSession };
