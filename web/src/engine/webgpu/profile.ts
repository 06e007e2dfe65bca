// Milliseconds of single steps.
import type { StepTime } from "../device";
import type { Gpu } from "./gpu";
import { issue } from "./pipelines";
import type { Ready } from "./pipelines";

/** A step is repeated until it lasts this long: browsers give times in tenths of a millisecond. */
const LONG_ENOUGH_MS = 4;
const MOST_REPEATS = 256;

/** Milliseconds of `repeats` times the work, by whatever clock there is. */
type Clock = (work: readonly Ready[], repeats: number) => Promise<number>;

/** From issuing to the answer that it is done, less what an empty answer takes. */
async function wallClock(gpu: Gpu): Promise<Clock> {
  const timed: Clock = async (work, repeats) => {
    const started = performance.now();
    const encoder = gpu.device.createCommandEncoder({ label: "profile" });
    const pass = encoder.beginComputePass();
    issue(pass, work, repeats);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.finished();
    return performance.now() - started;
  };
  const empty = Math.min(await timed([], 0), await timed([], 0), await timed([], 0));
  return async (work, repeats) => Math.max(0, (await timed(work, repeats)) - empty);
}

/** By the device's own clock. */
function deviceClock(gpu: Gpu, queries: GPUQuerySet, found: GPUBuffer, read: GPUBuffer): Clock {
  const { device } = gpu;
  return async (work, repeats) => {
    const encoder = device.createCommandEncoder({ label: "profile" });
    const timestampWrites = { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass({ timestampWrites });
    issue(pass, work, repeats);
    pass.end();
    encoder.resolveQuerySet(queries, 0, 2, found, 0);
    encoder.copyBufferToBuffer(found, 0, read, 0, 16);
    device.queue.submit([encoder.finish()]);
    await gpu.until(read.mapAsync(GPUMapMode.READ));
    const [start = 0n, end = 0n] = new BigUint64Array(read.getMappedRange().slice(0));
    read.unmap();
    return Number(end - start) / 1e6;
  };
}

async function withClock<T>(gpu: Gpu, use: (clock: Clock) => Promise<T>): Promise<T> {
  if (!gpu.device.features.has("timestamp-query")) return use(await wallClock(gpu));
  const queries = gpu.device.createQuerySet({ type: "timestamp", count: 2 });
  const found = gpu.buffer("times", 16, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
  const read = gpu.buffer("times", 16, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  try {
    return await use(deviceClock(gpu, queries, found, read));
  } finally {
    queries.destroy();
    gpu.free(found);
    gpu.free(read);
  }
}

async function timeStep(clock: Clock, work: readonly Ready[]): Promise<number> {
  for (let repeats = 1; ; repeats *= 2) {
    const ms = await clock(work, repeats);
    if (ms >= LONG_ENOUGH_MS || repeats >= MOST_REPEATS) return ms / repeats;
  }
}

/** Every group of dispatches by itself. */
export function profileSteps(
  gpu: Gpu,
  steps: readonly { readonly name: string; readonly work: readonly Ready[] }[],
): Promise<StepTime[]> {
  return withClock(gpu, async (clock) => {
    const times: StepTime[] = [];
    for (const { name, work } of steps) times.push({ name, ms: await timeStep(clock, work) });
    return times;
  });
}
