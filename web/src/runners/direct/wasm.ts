// direct-wasm: the engine on WebAssembly; what `draw` issued is finished when it returns.
export { fetchWasmCode } from "../../engine/wasm";
import { createWasmSession, wasmAvailability } from "../../engine/wasm";
import type { Availability, CreateOptions, Runner } from "../types";
import { createDirectRunner, sessionOptions } from "./base";

export async function directWasmAvailability(): Promise<Availability> {
  const reason = wasmAvailability();
  return reason === null ? { ok: true } : { ok: false, reason };
}

/** A thread count that this page cannot have is refused by the engine. */
export async function createDirectWasm(options: CreateOptions): Promise<Runner> {
  const threads = options.variant?.threads ?? null;
  const mode = {
    mode: "direct-wasm",
    depth: 1,
    create: (...[model, canvas, given]: Parameters<typeof createWasmSession>) =>
      createWasmSession(model, canvas, { ...given, threads }),
  };
  return createDirectRunner(mode, options.bundle, sessionOptions(options));
}
