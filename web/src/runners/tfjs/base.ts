// What both TensorFlow.js modes have in common: they differ only in how the output tensor reaches a canvas.
import { env, memory, version_core } from "@tensorflow/tfjs-core";
import { PICTURE } from "../../engine/preprocess";
import type { Frame, Runner, RunnerVariant } from "../types";
import type { Network } from "./network";
import { isLost } from "./shared";

/** A black picture of the size that all have. */
export function blankFrame(): Frame {
  const [height, width] = PICTURE;
  return { width, height, data: new Uint8ClampedArray(width * height * 4) };
}

const tfjsVariant = (): RunnerVariant => ({
  threads: null,
  precision: env().getBool("WEBGL_RENDER_FLOAT32_ENABLED") ? "float32" : "float16",
  tuning: null,
  library: `tfjs ${version_core}`,
});

type Common = Pick<Runner, "variant" | "renderer" | "compile" | "memory" | "alive" | "listen" | "dispose">;

/** `issue` computes a picture of nothing in particular; it is called to compile ahead. `free` gives back the rest. */
export function commonParts(network: Network, issue: () => void, free: () => void): Common {
  const { context } = network;
  let compiled = false;
  let disposed = false;
  const stops = new Set<() => void>();
  return {
    variant: tfjsVariant(),
    renderer: () => (isLost(context) ? null : context.renderer),
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      await network.compile(issue);
      compiled = true;
      return performance.now() - started;
    },
    memory() {
      const textures = context.backend.getTextureManager();
      return {
        tensors: memory().numTensors,
        textures: textures.getNumUsedTextures() + textures.getNumFreeTextures(),
        bytes: textures.numBytesAllocated,
      };
    },
    alive: () => !disposed && !isLost(context),
    listen(listener) {
      const remove = context.events.add(listener);
      const stop = (): void => {
        remove();
        stops.delete(stop);
      };
      stops.add(stop);
      return stop;
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const stop of stops) stop();
      free();
      network.release();
    },
  };
}
