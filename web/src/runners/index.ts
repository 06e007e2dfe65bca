// The registry of output modes: one line per mode. Code is fetched with the models, or when a mode is first used.
import type { RunnerFactory } from "./types";
import { webglAvailability } from "./available";
import { rivals } from "./rivals";

export const runners: Readonly<Record<string, RunnerFactory>> = {
  "tfjs-pixels": {
    mode: "tfjs-pixels",
    closing: "return",
    backEnd: "tfjs-webgl",
    available: webglAvailability,
    fetchCode: async () => void (await import("./tfjs/pixels")),
    create: async (options) => (await import("./tfjs/pixels")).createTfjsPixels(options.bundle),
  },
  "tfjs-webgl": {
    mode: "tfjs-webgl",
    closing: "fence",
    backEnd: "tfjs-webgl",
    available: webglAvailability,
    fetchCode: async () => void (await import("./tfjs/webgl")),
    create: async (options) => (await import("./tfjs/webgl")).createTfjsWebgl(options.bundle),
  },
  "direct-webgl": {
    mode: "direct-webgl",
    closing: "fence",
    backEnd: "direct-webgl",
    available: webglAvailability,
    fetchCode: async () => void (await import("./direct/webgl")),
    create: async (options) => (await import("./direct/webgl")).createDirectWebgl(options),
  },
  "direct-webgpu": {
    mode: "direct-webgpu",
    closing: "work_done",
    backEnd: "direct-webgpu",
    available: async () => (await import("./direct/webgpu")).directWebgpuAvailability(),
    fetchCode: async () => void (await import("./direct/webgpu")),
    create: async (options) => (await import("./direct/webgpu")).createDirectWebgpu(options),
  },
  "direct-wasm": {
    mode: "direct-wasm",
    closing: "return",
    backEnd: "direct-wasm",
    available: async () => (await import("./direct/wasm")).directWasmAvailability(),
    fetchCode: async () => (await import("./direct/wasm")).fetchWasmCode(),
    create: async (options) => (await import("./direct/wasm")).createDirectWasm(options),
  },
  ...rivals,
};
