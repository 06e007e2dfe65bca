// tfjs-wasm: TensorFlow.js on WebAssembly with SIMD, and threads where the page is isolated; shown by toPixels.
import { browser, engine, version_core } from "@tensorflow/tfjs-core";
import { makeListeners } from "../../engine/listeners";
import { makeCanvas2d } from "../canvas2d";
import type { CreateOptions, Runner, RunnerEvent } from "../types";
import { blankFrame } from "./base";
import { makeColours } from "./colours";
import { openNetwork } from "./plainNetwork";
import { openWasm } from "./wasmModule";

export async function createTfjsWasm({ bundle, variant }: CreateOptions): Promise<Runner> {
  const { backend, threads } = await openWasm(variant?.threads ?? null);
  const events = makeListeners<RunnerEvent>();
  const network = await openNetwork("wasm", backend, bundle, () => events.emit("fell_back"));
  const [height, width] = bundle.manifest.output.shape;
  const { canvas, drawPattern, readPicture } = makeCanvas2d(width, height);
  const colours = makeColours(network);
  let [compiled, living] = [false, true];
  return {
    mode: "tfjs-wasm",
    canvas,
    depth: 1,
    variant: { threads, precision: "float32", tuning: null, library: `tfjs ${version_core}` },
    renderer: () => null,
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      colours(blankFrame()).dispose(); // lays the weights out as XNNPACK wants them
      compiled = true;
      return performance.now() - started;
    },
    async draw(frame) {
      const picture = colours(frame);
      try {
        await browser.toPixels(picture, canvas);
      } finally {
        picture.dispose();
      }
    },
    // "return": toPixels has come back, so the picture is on its canvas.
    close: async () => undefined,
    drawPattern,
    readPicture,
    memory: () => ({ tensors: engine().state.numTensors, textures: 0, bytes: engine().state.numBytes }),
    alive: () => living,
    listen: (listener) => events.add(listener),
    dispose() {
      if (!living) return;
      living = false;
      network.dispose();
      events.clear();
      canvas.remove();
    },
  };
}
