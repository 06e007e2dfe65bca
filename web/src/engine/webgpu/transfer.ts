// Numbers into slots and out of them. Allocates: never part of a frame.
import { halfToFloat } from "../floats";
import type { Gpu } from "./gpu";
import { asHalves } from "./kernels/weights";
import type { Slot } from "./slots";

/** Rows of copies between textures and buffers begin at multiples of this many bytes. */
const ROW = 256;

/** Where channel c of place (y, x) lies in a slot, in numbers. `pitch`: numbers of a row. */
function placeIn({ top, left, groups }: Slot, pitch: number) {
  return (y: number, x: number, c: number): number => (y + top) * pitch + (x + left) * groups * 4 + c;
}

function eachNumber({ shape }: Slot, visit: (y: number, x: number, c: number, at: number) => void): void {
  const [height, width, channels] = shape;
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) visit(y, x, c, at++);
}

/** Writes [h, w, c]; the ring and missing channels become zero. */
export function writeSlot(gpu: Gpu, slot: Slot, values: Float32Array): void {
  const { queue } = gpu.device;
  const numbers = new Float32Array(slot.pitch * slot.rows * 4);
  const place = placeIn(slot, slot.pitch * 4);
  eachNumber(slot, (y, x, c, at) => (numbers[place(y, x, c)] = values[at] ?? 0));
  const data = (slot.half ? asHalves(numbers) : numbers) as Float32Array<ArrayBuffer>;
  if (slot.buffer !== null) return queue.writeBuffer(slot.buffer, 0, data);
  const texture = slot.texture as GPUTexture;
  const bytesPerRow = slot.pitch * (slot.half ? 8 : 16);
  queue.writeTexture({ texture }, data, { bytesPerRow }, [slot.pitch, slot.rows]);
}

function asFloats(bytes: ArrayBuffer, half: boolean): Float32Array {
  return half ? Float32Array.from(new Uint16Array(bytes), halfToFloat) : new Float32Array(bytes);
}

function copyOut({ device }: Gpu, slot: Slot, to: GPUBuffer, bytesPerRow: number): void {
  const encoder = device.createCommandEncoder({ label: "read" });
  if (slot.buffer !== null) encoder.copyBufferToBuffer(slot.buffer, 0, to, 0, bytesPerRow * slot.rows);
  else
    encoder.copyTextureToBuffer({ texture: slot.texture as GPUTexture }, { buffer: to, bytesPerRow }, [
      slot.pitch,
      slot.rows,
    ]);
  device.queue.submit([encoder.finish()]);
}

/** [h, w, c] as it is once everything that was issued is finished. */
export async function readSlot(gpu: Gpu, slot: Slot): Promise<Float32Array> {
  const size = slot.half ? 2 : 4;
  const tight = slot.pitch * 4 * size;
  const bytesPerRow = slot.buffer === null ? Math.ceil(tight / ROW) * ROW : tight;
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = gpu.buffer("read", bytesPerRow * slot.rows, usage);
  try {
    copyOut(gpu, slot, staging, bytesPerRow);
    await gpu.until(staging.mapAsync(GPUMapMode.READ));
    const numbers = asFloats(staging.getMappedRange().slice(0), slot.half);
    const place = placeIn(slot, bytesPerRow / size);
    const values = new Float32Array(slot.shape[0] * slot.shape[1] * slot.shape[2]);
    eachNumber(slot, (y, x, c, at) => (values[at] = numbers[place(y, x, c)] ?? 0));
    return values;
  } finally {
    gpu.free(staging);
  }
}
