// The engine on WebAssembly.
export { createWasmSession } from "./session";
export type { WasmOptions } from "./session";
