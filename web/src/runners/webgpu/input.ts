// The picture on the GPU, for runtimes that take a buffer: written anew for each frame, in the queue's own order.
import { fillPicture, PICTURE_FLOATS } from "../picture";
import type { Frame } from "../types";

export interface GpuInput {
  readonly buffer: GPUBuffer;
  write(frame: Frame): void;
}

export function makeGpuInput(device: GPUDevice): GpuInput {
  const floats = new Float32Array(PICTURE_FLOATS);
  const buffer = makeGpuFloats(device, "input picture", PICTURE_FLOATS);
  return {
    buffer,
    write(frame) {
      fillPicture(floats, frame);
      device.queue.writeBuffer(buffer, 0, floats);
    },
  };
}

export function makeGpuFloats(device: GPUDevice, label: string, count: number): GPUBuffer {
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  return device.createBuffer({ label, size: 4 * count, usage: STORAGE | COPY_DST | COPY_SRC });
}
