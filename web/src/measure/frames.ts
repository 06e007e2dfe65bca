// The recorded input frames: the same bytes for every mode, browser and machine. Made by scripts/make-frames.ts.
import { fetchFile } from "../engine/files";
import type { BundleFile } from "../engine/manifest";
import type { Frame } from "../runners/types";
import { digest } from "./digest";

export const FRAME_SIZE = 256;

export const FRAMES_FILE: BundleFile = {
  path: "frames/strokes-1.bin",
  bytes: 524_288,
  sha256: "5888a51da7a1811df9808093f9776d2be91aff199de6c305f15e2a6ea5e081b5",
};

/** One grey byte a pixel to RGBA frames. */
export function expandGrey(bytes: Uint8Array, size = FRAME_SIZE): Frame[] {
  const area = size * size;
  return Array.from({ length: Math.floor(bytes.length / area) }, (_, index) => {
    const data = new Uint8ClampedArray(4 * area);
    for (let i = 0; i < area; i++) data.fill(bytes[index * area + i] ?? 0, 4 * i, 4 * i + 3);
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
    return { width: size, height: size, data };
  });
}

/** RGB bytes (a golden picture) to one frame. */
export function frameFromRgb(rgb: Uint8Array, width: number, height: number): Frame {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width, height, data };
}

let loaded: Frame[] | null = null;

/** All frames, in memory and verified, before anything is timed. Kept: a second call needs no network. */
export async function loadFrames(signal?: AbortSignal): Promise<readonly Frame[]> {
  if (loaded !== null) return loaded;
  const base = new URL(import.meta.env.BASE_URL, location.href).href;
  loaded = expandGrey(await fetchFile(base, FRAMES_FILE, { digest, signal, onBytes: () => undefined }));
  return loaded;
}

/** Gives the frames in turn, for ever. */
export function inTurn(frames: readonly Frame[]): () => Frame {
  let next = 0;
  return () => {
    const frame = frames[next++ % frames.length];
    if (frame === undefined) throw new RangeError("There are no input frames.");
    return frame;
  };
}
