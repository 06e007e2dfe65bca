// A network on the shared back end: preprocessing and graph. Both TensorFlow.js modes of a model share one, so that its
// weights lie on the GPU once.
import { GraphModel } from "@tensorflow/tfjs-converter";
import { env } from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { ContextLostError } from "../types";
import type { Frame } from "../types";
import { activate } from "./active";
import { makePreprocessing } from "./preprocess";
import type { GpuPreprocessing } from "./preprocess";
import { acquireContext, isLost, releaseContext } from "./shared";
import type { SharedContext } from "./shared";
import { bundleHandler } from "./topology";
import { valueName } from "./graphDef";

export interface Network {
  readonly context: SharedContext;
  readonly bundle: LoadedBundle;
  /** Bytes to output [1, h, w, c] in the manifest's range; to be called inside `tidy`. */
  run(frame: Frame): Tensor4D;
  /** Compiles the programs of `use` ahead, in parallel where the driver can. Nothing is computed. */
  compile(use: () => void): Promise<void>;
  release(): void;
}

interface Entry {
  readonly context: SharedContext;
  readonly model: GraphModel;
  readonly preprocessing: GpuPreprocessing;
  users: number;
  /** Whether the weights are on the GPU. */
  uploaded: boolean;
}

const entries = new Map<string, Promise<Entry>>();

async function load(bundle: LoadedBundle, key: string): Promise<Entry> {
  const [height, width] = bundle.manifest.output.shape;
  const context = await acquireContext(width, height);
  try {
    const model = new GraphModel(bundleHandler(bundle));
    await model.load();
    return { context, model, preprocessing: makePreprocessing(bundle.manifest), users: 0, uploaded: false };
  } catch (error) {
    entries.delete(key);
    releaseContext(context);
    throw error;
  }
}

function release(entry: Entry, key: string, own: Promise<Entry>): void {
  entry.users -= 1;
  if (entry.users > 0) return;
  // After a lost context another entry may stand under the same key.
  if (entries.get(key) === own) entries.delete(key);
  entry.model.dispose();
  entry.preprocessing.dispose();
  releaseContext(entry.context);
}

/** TensorFlow.js' switch: programs are built but not run, so that the driver can build several at once. */
async function compileAhead(context: SharedContext, use: () => void): Promise<void> {
  env().set("ENGINE_COMPILE_ONLY", true);
  try {
    use();
    await context.backend.checkCompileCompletionAsync();
    context.backend.getUniformLocations();
  } finally {
    env().set("ENGINE_COMPILE_ONLY", false);
  }
}

/**
 * Uploading weights leaves temporary textures as large as the weights; TensorFlow.js would keep them for reuse, and
 * nothing ever fits them again. During the first run they are deleted; later frames reuse theirs as usual.
 */
function withoutHoarding<T>(work: () => T): T {
  env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", 0);
  try {
    return work();
  } finally {
    env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", -1);
  }
}

/** A lost context computes nothing, and an op on a back end that no runner opened would be a silent fall-back. */
function guardBackend(context: SharedContext): void {
  if (context.lost || context.gl.isContextLost())
    throw new ContextLostError("The graphics context was lost.");
  activate(context.name, () => context.events.emit("fell_back"));
}

async function isUsable(pending: Promise<Entry>): Promise<boolean> {
  const entry = await pending.catch(() => null);
  return entry !== null && !isLost(entry.context);
}

/** Loads the bundle to the GPU, or shares the one that is there. */
export async function acquireNetwork(bundle: LoadedBundle): Promise<Network> {
  const key = bundle.sha256;
  const found = entries.get(key);
  const pending = found !== undefined && (await isUsable(found)) ? found : load(bundle, key);
  entries.set(key, pending);
  const entry = await pending;
  entry.users += 1;
  const { context, model, preprocessing } = entry;
  const { input, output } = bundle.manifest;
  const [inputName, outputName] = [valueName(input.name), valueName(output.name)];
  let released = false;
  return {
    context,
    bundle,
    run(frame) {
      guardBackend(context);
      const execute = (): Tensor4D => {
        return model.execute({ [inputName]: preprocessing.run(frame) }, outputName) as Tensor4D;
      };
      if (entry.uploaded) return execute();
      const output = withoutHoarding(execute);
      entry.uploaded = !env().getBool("ENGINE_COMPILE_ONLY");
      return output;
    },
    async compile(use) {
      guardBackend(context);
      await compileAhead(context, use);
    },
    release() {
      if (released) return;
      released = true;
      release(entry, key, pending);
    },
  };
}
