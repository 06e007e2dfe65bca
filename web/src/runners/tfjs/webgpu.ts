// tfjs-webgpu: TensorFlow.js on WebGPU; the output tensor's buffer is drawn on a WebGPU canvas of the same device.
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { engine, env, tidy, version_core } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { ContextLostError } from "../types";
import type { Frame, Runner } from "../types";
import { openDevice, rendererOf, watchDevice } from "../webgpu/device";
import { makeGpuPicture } from "../webgpu/picture";
import { blankFrame } from "./base";
import { openNetwork } from "./plainNetwork";

/** TensorFlow.js' switch: pipelines are built without waiting for each, and nothing is computed. */
async function compileAhead(backend: WebGPUBackend, use: () => void): Promise<void> {
  env().set("WEBGPU_ENGINE_COMPILE_ONLY", true);
  try {
    use();
    await backend.checkCompileCompletionAsync();
  } finally {
    env().set("WEBGPU_ENGINE_COMPILE_ONLY", false);
  }
}

export async function createTfjsWebgpu(bundle: LoadedBundle): Promise<Runner> {
  const { device, info } = await openDevice();
  // A tensor forwarded to the processor would be a silent change of back end.
  env().set("WEBGPU_CPU_FORWARD", false);
  const backend = new WebGPUBackend(device, info);
  const { events, lost } = watchDevice(device);
  const network = await openNetwork("webgpu", backend, bundle, () => events.emit("fell_back"));
  const { shape, range } = bundle.manifest.output;
  const picture = makeGpuPicture(device, shape, range);
  let [compiled, living] = [false, true];
  const ready = (): void => {
    if (lost()) throw new ContextLostError("The WebGPU device was lost.");
  };
  const compute = (frame: Frame, show: boolean): void =>
    tidy(() => {
      const output = network.run(frame);
      if (!show) return;
      backend.endComputePassEncoder();
      backend.submitQueue();
      const resource = backend.tensorMap.get(output.dataId).resource;
      if (!(resource instanceof GPUBuffer)) throw new Error("TensorFlow.js left no output on the GPU.");
      picture.draw(resource);
    });
  return {
    mode: "tfjs-webgpu",
    canvas: picture.canvas,
    depth: 2,
    variant: { threads: null, precision: "float32", tuning: null, library: `tfjs ${version_core}` },
    renderer: () => (lost() ? null : rendererOf(info)),
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      await compileAhead(backend, () => compute(blankFrame(), false));
      compiled = true;
      return performance.now() - started;
    },
    draw(frame) {
      ready();
      compute(frame, true);
    },
    async close() {
      await device.queue.onSubmittedWorkDone();
      ready();
    },
    drawPattern: picture.drawPattern,
    readPicture: picture.readPicture,
    memory() {
      const { numTensors } = engine().state;
      return { tensors: numTensors, textures: 0, bytes: backend.bufferManager.numBytesAllocated };
    },
    alive: () => living && !lost(),
    listen: (listener) => events.add(listener),
    dispose() {
      if (!living) return;
      living = false;
      events.clear();
      network.dispose();
      picture.dispose();
      device.destroy();
    },
  };
}
