// The picture of each mode against the right one, and the milliseconds of each layer. One mode after the other: none
// disturbs the next.
import type { LoadedBundle } from "../engine/bundle";
import { makePlan, multiplyAdds, planRows } from "../engine/plan";
import { asShown, referencePicture } from "../engine/reference";
import { pictureDifference } from "../lab/difference";
import { downloadBundle } from "../measure/bundles";
import { goldenFrame } from "../measure/goldenCheck";
import { fetchForm } from "../runners/runtimes";
import type { Frame, Runner } from "../runners/types";
import { median, ready } from "./task";
import type { AskedMode, Task } from "./task";

const PROFILES = 3;
/** Some seconds of plain TypeScript. */
const MOST_MULTIPLY_ADDS = 1e9;

/** The right picture by its maker: bytes as a canvas should show them. */
type Yardsticks = Record<string, Uint8ClampedArray>;

/** Keras' own floats, where the server can ask Keras. */
async function kerasFloats(bundle: LoadedBundle): Promise<Float32Array | null> {
  try {
    const bytes = await fetchForm(bundle, "golden.float32");
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  } catch {
    return null;
  }
}

async function yardsticks(bundle: LoadedBundle, frame: Frame): Promise<Yardsticks> {
  const { shape, range } = bundle.manifest.output;
  const found: Yardsticks = {};
  const floats = await kerasFloats(bundle);
  if (floats !== null) found["keras_float32"] = asShown(floats, shape[2], range);
  if (bundle.golden !== null) found["golden"] = asShown(bundle.golden.output, shape[2], range);
  const { steps } = makePlan(bundle.manifest, { by: "read" });
  const work = steps.reduce((sum, step) => sum + (step.kind === "conv" ? multiplyAdds(step) : 0), 0);
  if (work <= MOST_MULTIPLY_ADDS) found["reference"] = referencePicture(bundle, frame).data;
  return found;
}

function differences(shown: Uint8ClampedArray, right: Yardsticks): Record<string, unknown> {
  const entries = Object.entries(right).map(([by, data]) => {
    const { levels, equal } = pictureDifference(shown, data);
    return [by, { levels, equal }];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The median of some profiles, step by step; null for what is not the engine's own. */
async function layers({ session }: Runner, frame: Frame): Promise<unknown> {
  if (session === undefined) return null;
  const taken = new Map<string, number[]>();
  for (let i = 0; i < PROFILES; i++) {
    for (const { name, ms } of await session.profile(frame))
      taken.set(name, [...(taken.get(name) ?? []), ms]);
  }
  return [...taken].map(([name, ms]) => ({ name, ms: median(ms) }));
}

async function lookAt(asked: AskedMode, bundle: LoadedBundle, right: Yardsticks): Promise<unknown> {
  let runner: Runner | null = null;
  try {
    runner = await ready(asked, bundle);
    const frame = goldenFrame(bundle);
    await runner.draw(frame);
    const shown = runner.readPicture(); // Same task: a WebGL canvas is empty again afterwards.
    await runner.close();
    const found = differences(shown, right);
    const { variant } = runner;
    const renderer = runner.renderer()?.renderer ?? null;
    const own = await layers(runner, frame);
    return {
      mode: asked.name,
      reason: null,
      renderer,
      variant: { ...variant },
      differences: found,
      layers: own,
    };
  } catch (error) {
    return { mode: asked.name, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    runner?.dispose();
    runner?.canvas.remove();
  }
}

/** Every mode's differences from each yardstick, the engine's layers, and what the layers are. */
export async function look({ model, modes }: Task): Promise<unknown> {
  const bundle = await downloadBundle(model);
  const right = await yardsticks(bundle, goldenFrame(bundle));
  const rows = [];
  for (const asked of modes) rows.push(await lookAt(asked, bundle, right));
  return { rows, plan: planRows(makePlan(bundle.manifest, { by: "read" })) };
}
