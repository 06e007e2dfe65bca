// ort-webgpu: ONNX Runtime Web on WebGPU. Input and output stay in buffers on the GPU, and the commands of a picture are
// captured once and replayed, which the runtime does only where every node runs on the GPU: nothing can fall back.
import { blankFrame, PICTURE_SHAPE } from "../picture";
import { fetchForm } from "../runtimes";
import { ContextLostError } from "../types";
import type { CreateOptions, Frame, Runner } from "../types";
import { openDevice, rendererOf, watchDevice } from "../webgpu/device";
import { makeGpuFloats, makeGpuInput } from "../webgpu/input";
import { makeGpuPicture } from "../webgpu/picture";
import { loadOrt, nameOf, openSession } from "./runtime";

/** Two runs until everything is captured, one that shows that replaying works. */
const RUNS_AHEAD = 3;

/** The build that waits without rewinding its own stack, where the browser can do that for it. */
const build = (): string => ("Suspending" in WebAssembly ? "ort.jspi.min.mjs" : "ort.webgpu.min.mjs");

export async function fetchOrtWebgpu(): Promise<void> {
  await loadOrt(build(), 1);
}

export async function createOrtWebgpu({ bundle }: CreateOptions): Promise<Runner> {
  const [loaded, form] = await Promise.all([loadOrt(build(), 1), fetchForm(bundle, "network.onnx")]);
  const { device, info } = await openDevice();
  const { events, lost } = watchDevice(device);
  const session = await openSession(loaded, form, {
    executionProviders: [{ name: "webgpu", device, validationMode: "disabled" }],
    enableGraphCapture: true,
    preferredOutputLocation: "gpu-buffer",
  });
  const { shape, range } = bundle.manifest.output;
  const input = makeGpuInput(device);
  const output = makeGpuFloats(device, "output", shape[0] * shape[1] * shape[2]);
  const tensor = (buffer: GPUBuffer, dims: readonly number[]) =>
    loaded.ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
  const feeds = { [nameOf(session.inputNames)]: tensor(input.buffer, PICTURE_SHAPE) };
  const fetches = { [nameOf(session.outputNames)]: tensor(output, [1, ...shape]) };
  const picture = makeGpuPicture(device, shape, range);
  let [compiled, living] = [false, true];
  const ready = (): void => {
    if (lost()) throw new ContextLostError("The WebGPU device was lost.");
  };
  const draw = async (frame: Frame): Promise<void> => {
    ready();
    input.write(frame);
    await session.run(feeds, fetches);
    picture.draw(output);
  };
  return {
    mode: "ort-webgpu",
    canvas: picture.canvas,
    depth: 1, // a run may not begin while one is under way
    variant: { threads: null, precision: "float32", tuning: "graph-capture", library: loaded.library },
    renderer: () => (lost() ? null : rendererOf(info)),
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      for (let run = 0; run < RUNS_AHEAD; run++) await draw(blankFrame());
      await device.queue.onSubmittedWorkDone();
      compiled = true;
      return performance.now() - started;
    },
    draw,
    async close() {
      await device.queue.onSubmittedWorkDone();
      ready();
    },
    drawPattern: picture.drawPattern,
    readPicture: picture.readPicture,
    memory: () => ({ tensors: 0, textures: 0, bytes: 0 }), // it does not say
    alive: () => living && !lost(),
    listen: (listener) => events.add(listener),
    dispose() {
      if (!living) return;
      living = false;
      events.clear();
      picture.dispose();
      input.buffer.destroy();
      output.destroy();
      void session.release().finally(() => device.destroy());
    },
  };
}
