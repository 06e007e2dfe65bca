// direct-webgpu: the engine on WebGPU, from bytes to the visible canvas without a read-back.
import { createWebgpuSession, findAdapter } from "../../engine/webgpu";
import type { Availability, CreateOptions, Runner } from "../types";
import { createDirectRunner, sessionOptions } from "./base";

/** Whether there is an adapter; asking for one disturbs nothing. */
export async function directWebgpuAvailability(): Promise<Availability> {
  const found = await findAdapter();
  return typeof found === "string" ? { ok: false, reason: found } : { ok: true };
}

export async function createDirectWebgpu(options: CreateOptions): Promise<Runner> {
  if (options.variant?.threads != null)
    throw new Error("direct-webgpu has no threads to choose: leave threads away.");
  const mode = { mode: "direct-webgpu", depth: 2, create: createWebgpuSession };
  return createDirectRunner(mode, options.bundle, sessionOptions(options));
}
