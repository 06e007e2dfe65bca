// The rivals: what others would use instead of the engine. A study has them only where it names them; their code, and the
// runtimes that come with them, are fetched only then.
import type { Availability, RunnerFactory } from "./types";
import { webgpuAvailability } from "./webgpu/device";

/** A module that only a processor with SIMD takes: it has one such instruction. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11]; // prettier-ignore

async function simdAvailability(): Promise<Availability> {
  return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(SIMD))
    ? { ok: true }
    : { ok: false, reason: "This browser's WebAssembly has no SIMD." };
}

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
};
