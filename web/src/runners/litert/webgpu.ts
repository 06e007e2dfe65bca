// litert-webgpu: LiteRT.js on WebGPU; input and output stay in buffers on the GPU.
import { blankFrame, PICTURE_SHAPE } from "../picture";
import { fetchForm, loadModule, runtimeAddress, versionOf } from "../runtimes";
import { ContextLostError } from "../types";
import type { CreateOptions, Frame, Runner } from "../types";
import { openDevice, rendererOf, watchDevice } from "../webgpu/device";
import type { OpenedDevice, Watched } from "../webgpu/device";
import { makeGpuInput } from "../webgpu/input";
import { makeGpuPicture } from "../webgpu/picture";

interface Tensor {
  toGpuBuffer(): GPUBuffer;
  delete(): void;
}

interface CompiledModel {
  readonly isFullyAccelerated: boolean;
  run(input: Tensor): Promise<Tensor[]>;
  delete(): void;
}

/** LiteRT.js, as far as it is used here. */
interface LiteRt {
  loadLiteRt(folder: string, options: { jspi: boolean }): Promise<unknown>;
  setWebGpuDevice(device: GPUDevice): void;
  loadAndCompile(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<CompiledModel>;
  readonly Tensor: new (buffer: GPUBuffer, shape: readonly number[], type: "float32") => Tensor;
}

interface Opened extends OpenedDevice, Watched {
  readonly litert: LiteRt;
  readonly library: string;
}

let opened: Promise<Opened> | null = null;

export async function fetchLitert(): Promise<void> {
  await loadModule<LiteRt>(`${await runtimeAddress("@litertjs/core")}dist/index.js`);
}

/** The runtime has one device for as long as the page lives, so all its runners share it. */
async function open(): Promise<Opened> {
  const address = await runtimeAddress("@litertjs/core");
  const litert = await loadModule<LiteRt>(`${address}dist/index.js`);
  await litert.loadLiteRt(`${address}wasm/`, { jspi: "Suspending" in WebAssembly });
  const device = await openDevice();
  litert.setWebGpuDevice(device.device);
  return { litert, library: `litertjs ${versionOf(address)}`, ...device, ...watchDevice(device.device) };
}

export async function createLitertWebgpu({ bundle, variant }: CreateOptions): Promise<Runner> {
  opened ??= open().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  const [{ litert, library, device, info, events, lost }, form] = await Promise.all([
    opened,
    fetchForm(bundle, "network.tflite"),
  ]);
  const precision = variant?.precision ?? "float32";
  const model = await litert.loadAndCompile(form, {
    accelerator: "webgpu",
    gpuOptions: { precision: precision === "float16" ? "fp16" : "fp32" },
  });
  if (!model.isFullyAccelerated) {
    model.delete();
    throw new Error("LiteRT.js fell back to the processor for a part of this network.");
  }
  const { shape, range } = bundle.manifest.output;
  const input = makeGpuInput(device);
  const given = new litert.Tensor(input.buffer, [1, ...PICTURE_SHAPE], "float32");
  const picture = makeGpuPicture(device, shape, range);
  let [compiled, living] = [false, true];
  const ready = (): void => {
    if (lost()) throw new ContextLostError("The WebGPU device was lost.");
  };
  const draw = async (frame: Frame): Promise<void> => {
    ready();
    input.write(frame);
    const [made] = await model.run(given);
    if (made === undefined) throw new Error("LiteRT.js gave no output.");
    picture.draw(made.toGpuBuffer());
    made.delete();
  };
  return {
    mode: "litert-webgpu",
    canvas: picture.canvas,
    depth: 1, // a run may not begin while one is under way
    variant: { threads: null, precision, tuning: null, library },
    renderer: () => (lost() ? null : rendererOf(info)),
    async compile() {
      if (compiled) return 0;
      const started = performance.now();
      await draw(blankFrame());
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
      given.delete();
      model.delete();
      picture.dispose();
      input.buffer.destroy();
    },
  };
}
