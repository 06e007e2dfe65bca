// The rivals: what others would use instead of the engine. A study has them only where it names them; their code, and the
// runtimes that come with them, are fetched only then.
import { runtimeAvailability } from "./runtimes";
import type { Runtime } from "./runtimes";
import type { Availability, RunnerFactory } from "./types";
import { webgpuAvailability } from "./webgpu/device";

/** A module that only a processor with SIMD takes: it has one such instruction. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11]; // prettier-ignore

async function simdAvailability(): Promise<Availability> {
  return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(SIMD))
    ? { ok: true }
    : { ok: false, reason: "This browser's WebAssembly has no SIMD." };
}

/** Both must be there: what the browser gives, and the runtime on the server. */
const withRuntime =
  (runtime: Runtime, here: () => Promise<Availability>) => async (): Promise<Availability> => {
    const given = await here();
    return given.ok ? runtimeAvailability(runtime) : given;
  };

export const rivals: Readonly<Record<string, RunnerFactory>> = {
  "tfjs-webgpu": {
    mode: "tfjs-webgpu",
    rival: true,
    closing: "work_done",
    backEnd: "tfjs-webgpu",
    available: webgpuAvailability,
    fetchCode: async () => void (await import("./tfjs/webgpu")),
    create: async (options) => (await import("./tfjs/webgpu")).createTfjsWebgpu(options.bundle),
  },
  "tfjs-wasm": {
    mode: "tfjs-wasm",
    rival: true,
    closing: "return",
    backEnd: "tfjs-wasm",
    available: simdAvailability,
    fetchCode: async () => void (await import("./tfjs/wasm")),
    create: async (options) => (await import("./tfjs/wasm")).createTfjsWasm(options),
  },
  "ort-wasm": {
    mode: "ort-wasm",
    rival: true,
    closing: "return",
    backEnd: "ort-wasm",
    available: withRuntime("onnxruntime-web", simdAvailability),
    fetchCode: async () => (await import("./ort/wasm")).fetchOrtWasm(),
    create: async (options) => (await import("./ort/wasm")).createOrtWasm(options),
  },
  "ort-webgpu": {
    mode: "ort-webgpu",
    rival: true,
    closing: "work_done",
    backEnd: "ort-webgpu",
    available: withRuntime("onnxruntime-web", webgpuAvailability),
    fetchCode: async () => (await import("./ort/webgpu")).fetchOrtWebgpu(),
    create: async (options) => (await import("./ort/webgpu")).createOrtWebgpu(options),
  },
  "litert-webgpu": {
    mode: "litert-webgpu",
    rival: true,
    closing: "work_done",
    backEnd: "litert-webgpu",
    available: withRuntime("@litertjs/core", webgpuAvailability),
    fetchCode: async () => (await import("./litert/webgpu")).fetchLitert(),
    create: async (options) => (await import("./litert/webgpu")).createLitertWebgpu(options),
  },
};
