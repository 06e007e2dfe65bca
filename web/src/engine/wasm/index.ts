// The engine on WebAssembly.
import { hasSimd } from "./features";

export { fetchWasmCode } from "./code";
export { createWasmSession } from "./session";
export type { WasmOptions } from "./session";

/** Null where it can run, else the reason. */
export function wasmAvailability(): string | null {
  if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, or it is switched off.";
  return hasSimd() ? null : "This browser's WebAssembly has no SIMD: a newer browser has it.";
}
