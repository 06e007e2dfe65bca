// One way to a WebGPU device for the rivals: as TensorFlow.js asks for its own, all limits that the adapter has.
import { makeListeners } from "../../engine/listeners";
import type { Listeners } from "../../engine/listeners";
import type { Availability, RunnerEvent } from "../types";

export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
}

const ADAPTER: GPURequestAdapterOptions = { powerPreference: "high-performance" };
const LIMITS = [
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
] as const;

/** Whether there is an adapter at all; asking for one disturbs nothing. */
export async function webgpuAvailability(): Promise<Availability> {
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined)
    return { ok: false, reason: isSecureContext ? "This browser has no WebGPU." : "WebGPU needs https." };
  const adapter = await gpu.requestAdapter(ADAPTER).catch(() => null);
  return adapter === null
    ? { ok: false, reason: "This browser gives no WebGPU adapter here." }
    : { ok: true };
}

export async function openDevice(): Promise<OpenedDevice> {
  const adapter = await navigator.gpu.requestAdapter(ADAPTER);
  if (adapter === null) throw new Error("This browser gives no WebGPU adapter here.");
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const wanted: GPUFeatureName[] = ["timestamp-query", "shader-f16"];
  const requiredFeatures = wanted.filter((name) => adapter.features.has(name));
  return { device: await adapter.requestDevice({ requiredLimits, requiredFeatures }), info: adapter.info };
}

/** As the engine's own runs name it, so that the server can compare either with the probe. */
export { describeAdapter as rendererOf } from "../../engine/webgpu/adapter";

export interface Watched {
  readonly events: Listeners<RunnerEvent>;
  lost(): boolean;
}

/** `dispose` of a runner destroys its device too, which is no loss: it clears the listeners before. */
export function watchDevice(device: GPUDevice): Watched {
  const events = makeListeners<RunnerEvent>();
  let gone = false;
  void device.lost.then(() => {
    gone = true;
    events.emit("device_lost");
  });
  return { events, lost: () => gone };
}
