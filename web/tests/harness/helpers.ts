// What the browser tests ask for again and again.
import { tidy } from "@tensorflow/tfjs-core";
import { loadBundle } from "../../src/engine/bundle";
import type { LoadedBundle } from "../../src/engine/bundle";
import { downloadBundle } from "../../src/measure/bundles";
import { digest } from "../../src/measure/digest";
import { checkGolden, goldenFrame, knownPattern } from "../../src/measure/goldenCheck";
import { acquireRunner } from "../../src/measure/pool";
import { measureSequence } from "../../src/measure/session";
import type { MeasureEvent, SequenceOptions } from "../../src/measure/session";
import { runners } from "../../src/runners";
import type { Runner } from "../../src/runners/types";
import type { PageConfig, PageModel, PlanEntry, RunReport } from "../../src/wire/types";

export const host = (): HTMLElement => document.querySelector("#host") ?? document.body;

const VERSIONS = ["1.1.0", "1.0.0"];

/** A study's model in its newest version that this repository brings, its identity read from the server's manifest. */
export async function modelAt(name: string): Promise<PageModel> {
  for (const version of VERSIONS) {
    const url = `/models/${name}/${version}/manifest.json`;
    const answer = await fetch(url);
    if (!answer.ok) continue;
    const sha256 = await digest(new Uint8Array(await answer.arrayBuffer()));
    return { ref: { name, version, sha256 }, title: name, description: "", bytes: 0, url };
  }
  throw new Error(`There is no ${name} in any of ${VERSIONS.join(", ")}.`);
}

export async function blocks(): Promise<LoadedBundle> {
  return downloadBundle(await modelAt("test-blocks"));
}

export async function runnerOf(mode: string, bundle: LoadedBundle): Promise<Runner> {
  const factory = runners[mode];
  if (factory === undefined) throw new Error(`no mode ${mode}`);
  const { runner } = await acquireRunner(factory, bundle);
  host().replaceChildren(runner.canvas);
  return runner;
}

/** The golden check of a mode, with a runner that is thrown away afterwards. */
export async function golden(
  mode: string,
  bundle: LoadedBundle,
): Promise<Awaited<ReturnType<typeof checkGolden>>> {
  const factory = runners[mode];
  if (factory === undefined) throw new Error(`no mode ${mode}`);
  const runner = await factory.create({ bundle });
  try {
    await runner.compile(); // As in a measured block: programs are built before anything is computed.
    await drawMany([runner], bundle, 2); // Later frames find textures that hold what earlier ones left.
    return await checkGolden(runner, bundle);
  } finally {
    runner.dispose();
  }
}

/** A bundle that is kept nowhere, loaded as often as it is asked for. */
export async function uncached(name: string): Promise<LoadedBundle> {
  return loadBundle((await modelAt(name)).url);
}

/** What the network gives for the golden picture, before anything is shown. */
export async function floats(bundle: LoadedBundle): Promise<number[]> {
  const { acquireNetwork } = await import("../../src/runners/tfjs/network");
  const network = await acquireNetwork(bundle);
  // Later frames find textures that hold what earlier ones left, and must not see it.
  const frames = [knownPattern(256, 256), goldenFrame(bundle), knownPattern(256, 256), goldenFrame(bundle)];
  let made: number[] = [];
  for (const frame of frames) {
    const output = tidy(() => network.run(frame));
    made = Array.from(await output.data());
    output.dispose();
  }
  network.release();
  return made;
}

/** The same network but for the slope of its leaky activations. */
export function withSlope(bundle: LoadedBundle, alpha: number): LoadedBundle {
  const graph = bundle.manifest.graph.map((node) =>
    "activation" in node && node.activation.type === "leaky_relu"
      ? { ...node, activation: { ...node.activation, alpha } }
      : node,
  );
  return { ...bundle, sha256: `slope-${alpha}`, manifest: { ...bundle.manifest, graph } };
}

/** Draws `count` frames one after the other, the modes in turn; all pictures are finished at the end. */
export async function drawMany(alive: readonly Runner[], bundle: LoadedBundle, count: number): Promise<void> {
  const frame = goldenFrame(bundle);
  for (let i = 0; i < count; i++) {
    const runner = alive[i % alive.length];
    await runner?.draw(frame);
    await runner?.close();
  }
}

export interface Measured {
  readonly runs: readonly RunReport[];
  readonly events: readonly MeasureEvent[];
  readonly result: Awaited<ReturnType<typeof measureSequence>>;
}

const QUICK = {
  capability_s: 0.5,
  displayed_s: 0.5,
  warmup_min_s: 0,
  warmup_min_frames: 1,
  warmup_max_s: 0.5,
  block_max_s: 20,
  min_frames: 3,
};

/** Measures test-blocks in the given modes with short windows. `onEvent` may interfere. */
export async function measure(
  modes: readonly string[],
  protocol: Partial<PageConfig["protocol"]> = {},
  onEvent: (event: MeasureEvent, abort: AbortController) => void = () => undefined,
  more: Partial<SequenceOptions> = {},
  variant: PlanEntry["variant"] | null = null,
): Promise<Measured> {
  const model = await modelAt("test-blocks");
  const bundle = await downloadBundle(model);
  const abort = new AbortController();
  const runs: RunReport[] = [];
  const events: MeasureEvent[] = [];
  const result = await measureSequence({
    config: { protocol: { ...QUICK, ...protocol } } as PageConfig,
    sequence: modes.map((mode, block): PlanEntry => ({
      block,
      model: model.ref,
      mode,
      ...(variant && { variant }),
    })),
    bundles: new Map([[model.ref.sha256, bundle]]),
    host: host(),
    signal: abort.signal,
    visitStart: performance.now(),
    label: "Painted picture",
    on: (event) => {
      if (event.type === "run") runs.push(event.report);
      events.push(event);
      onEvent(event, abort);
    },
    ...more,
  });
  return { runs, events, result };
}
