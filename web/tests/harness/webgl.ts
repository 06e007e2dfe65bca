// What the tests of the WebGL2 back end ask for: networks that were never published, and what is alive on a context.
import type { LoadedBundle } from "../../src/engine/bundle";
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
