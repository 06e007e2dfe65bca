// ort-wasm: ONNX Runtime Web on WebAssembly with SIMD, and threads where the page is isolated; put on a 2D canvas.
import { makeListeners } from "../../engine/listeners";
import { makeCanvas2d } from "../canvas2d";
import { blankFrame, fillPicture, PICTURE_FLOATS, PICTURE_SHAPE } from "../picture";
import { fetchForm } from "../runtimes";
import type { CreateOptions, Frame, Runner, RunnerEvent } from "../types";
import { loadOrt, nameOf, openSession } from "./runtime";

const BUILD = "ort.wasm.min.mjs";

/** One thread where the page is not isolated: the browser shares no memory then. */
function threadsHere(wanted: number | null | undefined): number {
  return globalThis.crossOriginIsolated === true ? (wanted ?? navigator.hardwareConcurrency) : 1;
}

export async function fetchOrtWasm(): Promise<void> {
  await loadOrt(BUILD, threadsHere(null));
}

/** Floats [h, w, channels] in `range` to RGBA; the array clips and rounds. */
function fillImage(
  image: Uint8ClampedArray,
  values: Float32Array,
  channels: number,
  range: readonly [number, number],
): void {
  const gain = 255 / (range[1] - range[0]);
  const offset = -range[0] * gain;
  const step = channels === 1 ? 0 : 1;
  for (let from = 0, to = 0; from < values.length; from += channels, to += 4) {
    image[to] = (values[from] ?? 0) * gain + offset;
    image[to + 1] = (values[from + step] ?? 0) * gain + offset;
    image[to + 2] = (values[from + 2 * step] ?? 0) * gain + offset;
    image[to + 3] = 255;
  }
}

export async function createOrtWasm({ bundle, variant }: CreateOptions): Promise<Runner> {
  const threads = threadsHere(variant?.threads);
  const [loaded, form] = await Promise.all([loadOrt(BUILD, threads), fetchForm(bundle, "network.onnx")]);
  const session = await openSession(loaded, form, { executionProviders: ["wasm"] });
  const [input, output] = [nameOf(session.inputNames), nameOf(session.outputNames)];
  const floats = new Float32Array(PICTURE_FLOATS);
  const feeds = { [input]: new loaded.ort.Tensor("float32", floats, PICTURE_SHAPE) };
  const { shape, range } = bundle.manifest.output;
  const [height, width, channels] = shape;
  const { canvas, image, put, drawPattern, readPicture } = makeCanvas2d(width, height);
  const events = makeListeners<RunnerEvent>();
  let [compiled, living] = [false, true];
  const draw = async (frame: Frame): Promise<void> => {
    fillPicture(floats, frame);
    const made = (await session.run(feeds))[output];
    if (made === undefined) throw new Error("ONNX Runtime gave no output.");
    fillImage(image.data, made.data, channels, range);
    made.dispose();
    put();
  };
  return {
    mode: "ort-wasm",
    canvas,
    depth: 1,
    variant: { threads, precision: "float32", tuning: null, library: loaded.library },
    renderer: () => null,
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      await draw(blankFrame());
      compiled = true;
      return performance.now() - started;
    },
    draw,
    close: async () => undefined,
    drawPattern,
    readPicture,
    memory: () => ({ tensors: 0, textures: 0, bytes: 0 }), // it does not say
    alive: () => living,
    listen: (listener) => events.add(listener),
    dispose() {
      if (!living) return;
      living = false;
      void session.release();
      events.clear();
      canvas.remove();
    },
  };
}
