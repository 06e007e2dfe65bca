// One way to an adapter and a device, for what is measured and for asking whether there is one.
import { EngineError } from "../device";

/** What makes a difference here and is asked for wherever it is there. */
const FEATURES = ["subgroups", "timestamp-query"];
/** Networks may need more than the least that every device has. */
const LIMITS = ["maxStorageBufferBindingSize", "maxBufferSize", "maxTextureDimension2D"] as const;

const NO_WEBGPU = "This browser has no WebGPU here; use a recent one, over https or on localhost.";
const NO_ADAPTER = "WebGPU is there, but it finds no graphics adapter that it may use.";

/** An adapter, or the sentence that says why there is none. Software adapters count: they are a group of their own. */
export async function findAdapter(): Promise<GPUAdapter | string> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (gpu === undefined) return NO_WEBGPU;
  try {
    return (await gpu.requestAdapter({ powerPreference: "high-performance" })) ?? NO_ADAPTER;
  } catch (error) {
    return `WebGPU gives no adapter: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The words of the adapter about itself; empty where the browser hides them. */
export function describeAdapter(info: GPUAdapterInfo): { vendor: string; renderer: string } {
  const renderer = info.description || info.device || info.architecture;
  return { vendor: info.vendor, renderer: [info.vendor, renderer].filter(Boolean).join(" ") };
}

export interface Opened {
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
}

/** Throws `EngineError` "unsupported" without an adapter, "lost" where it went away meanwhile. */
export async function openDevice(): Promise<Opened> {
  const adapter = await findAdapter();
  if (typeof adapter === "string") throw new EngineError("unsupported", adapter);
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = FEATURES.filter((name) => adapter.features.has(name)) as GPUFeatureName[];
  try {
    return { adapter, device: await adapter.requestDevice({ requiredLimits, requiredFeatures }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError("lost", `The graphics adapter gave no device: ${reason}. Reload the page.`);
  }
}
