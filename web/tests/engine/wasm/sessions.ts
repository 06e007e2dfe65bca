// Sessions under Node: the compiled kernels come from the disk.
import { readFile } from "node:fs/promises";
import type { Model, Session } from "../../../src/engine/device";
import { createWasmSession } from "../../../src/engine/wasm";
import type { WasmOptions } from "../../../src/engine/wasm";

export const load = async (address: URL): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(address));

export async function sessionOf(model: Model, options: WasmOptions = {}): Promise<Session> {
  const session = await createWasmSession(model, null, { load, ...options });
  await session.prepare();
  return session;
}

/** Every way to compute: both builds, with and without what saves multiplications or memory. */
export const TUNINGS = ["plain", "relaxed", "winograd", "relaxed+winograd+int8w", "int8w"] as const;
