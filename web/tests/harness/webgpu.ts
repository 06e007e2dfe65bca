// What the tests of the WebGPU back end ask for: networks that were never published, and what is made and alive.
import type { SessionOptions, Session } from "../../src/engine/device";
import { createWebgpuSession, findAdapter } from "../../src/engine/webgpu";
import { modelOf } from "./webgl";
import type { SentNetwork } from "./webgl";

/** Why there is no adapter here; empty where there is one. */
export async function missing(): Promise<string> {
  const found = await findAdapter();
  return typeof found === "string" ? found : "";
}

export { createWebgpuSession };

export async function sessionOf(sent: SentNetwork, options: SessionOptions = {}): Promise<Session> {
  const session = await createWebgpuSession(modelOf(sent), new OffscreenCanvas(1, 1), options);
  await session.prepare();
  return session;
}

/** The network's output for its input, and how many objects were left afterwards. */
export async function computed(
  sent: SentNetwork,
  input: readonly number[],
  options: SessionOptions = {},
): Promise<{ made: number[]; left: number }> {
  const session = await sessionOf(sent, options);
  const made = await session.compute(Float32Array.from(input));
  session.destroy();
  return { made: Array.from(made), left: session.memory().objects };
}

/** What devices were asked for, by name, and what of it is alive: buffers and textures until they are destroyed. */
export interface Counts {
  readonly made: Record<string, number>;
  readonly alive: Set<object>;
}

/** Counts calls of devices, queues, encoders and buffers from now on, by name. */
export function countCalls(): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { prototype } of [GPUDevice, GPUQueue, GPUCommandEncoder, GPUBuffer, GPUTexture]) {
    const kind = prototype as unknown as Record<string, Method>;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(kind))) {
      if (typeof value !== "function" || name === "constructor") continue;
      kind[name] = function (...rest) {
        calls[name] = (calls[name] ?? 0) + 1;
        return (value as Method).apply(this, rest);
      };
    }
  }
  return calls;
}

type Method = (this: object, ...rest: unknown[]) => unknown;

/** Counts from now on, on all devices of the page. */
export function countObjects(): Counts {
  const counts: Counts = { made: {}, alive: new Set() };
  const device = GPUDevice.prototype as unknown as Record<string, Method>;
  for (const name of Object.getOwnPropertyNames(device).filter((key) => key.startsWith("create"))) {
    const create = device[name] as Method;
    device[name] = function (...rest) {
      const made = create.apply(this, rest);
      counts.made[name] = (counts.made[name] ?? 0) + 1;
      if (made instanceof GPUBuffer || made instanceof GPUTexture) counts.alive.add(made);
      return made;
    };
  }
  for (const { prototype } of [GPUBuffer, GPUTexture]) {
    const kind = prototype as unknown as { destroy: Method };
    const destroy = kind.destroy;
    kind.destroy = function () {
      counts.alive.delete(this);
      return destroy.call(this);
    };
  }
  return counts;
}

/** Keeps the devices that are opened from now on, so that a test can take them away. */
export function keepDevices(): GPUDevice[] {
  const kept: GPUDevice[] = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...rest) {
    const device = await request.apply(this, rest);
    kept.push(device);
    return device;
  };
  return kept;
}

/** Devices opened from now on say that they have no more than this. */
export function limitDevices(limits: Partial<Record<keyof GPUSupportedLimits, number>>): void {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...rest) {
    const device = await request.apply(this, rest);
    const less = new Proxy(device.limits, {
      get: (all, name) => limits[name as keyof GPUSupportedLimits] ?? Reflect.get(all, name, all),
    });
    Object.defineProperty(device, "limits", { value: less });
    return device;
  };
}
