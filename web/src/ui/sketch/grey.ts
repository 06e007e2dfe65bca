// The drawing: 256 x 256 greys, 0 dark to 1 light, row by row. Pure; the page's canvas only shows it.

export const SIDE = 256;
export const MIDDLE = 0.5;

export type Grey = Float32Array;

export function newGrey(tone: number = MIDDLE): Grey {
  return new Float32Array(SIDE * SIDE).fill(tone);
}

export function clampTone(tone: number): number {
  return tone < 0 ? 0 : tone > 1 ? 1 : tone;
}

/** Writes the greys as RGBA bytes (opaque) into `out`, which has 256 * 256 * 4 entries. */
export function toRgba(grey: Grey, out: Uint8ClampedArray): void {
  for (let i = 0, o = 0; i < grey.length; i++, o += 4) {
    const value = (grey[i] ?? 0) * 255;
    out[o] = value;
    out[o + 1] = value;
    out[o + 2] = value;
    out[o + 3] = 255;
  }
}

/** RGBA bytes to greys with the weights of Rec. 601, as the network's own preprocessing has them. */
export function fromRgba(data: Uint8ClampedArray, out: Grey): void {
  for (let i = 0, o = 0; i < out.length; i++, o += 4) {
    const sum = 0.299 * (data[o] ?? 0) + 0.587 * (data[o + 1] ?? 0) + 0.114 * (data[o + 2] ?? 0);
    out[i] = sum / 255;
  }
}

/** Greys as bytes: what the undo history and the saved visit keep, at a quarter of the size. */
export function toBytes(grey: Grey): Uint8Array {
  return Uint8Array.from(grey, (tone) => Math.round(clampTone(tone) * 255));
}

export function fromBytes(bytes: Uint8Array, out: Grey): void {
  for (let i = 0; i < out.length; i++) out[i] = (bytes[i] ?? 0) / 255;
}
