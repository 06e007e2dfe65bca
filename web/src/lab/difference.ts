// How far two pictures are apart, in levels of 0 to 255.

export interface PictureDifference {
  /** Largest of any value. */
  readonly levels: number;
  /** Share of the values (three a pixel) that are the same. */
  readonly equal: number;
  /** The largest difference of each pixel's three values. */
  readonly pixels: Uint8Array;
}

/** Compares RGBA bytes of the same size; alpha does not count. */
export function pictureDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): PictureDifference {
  if (a.length !== b.length) throw new RangeError("The pictures have different sizes.");
  const pixels = new Uint8Array(a.length / 4);
  let same = 0;
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    for (let at = 4 * pixel; at < 4 * pixel + 3; at++) {
      const distance = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
      if (distance === 0) same += 1;
      pixels[pixel] = Math.max(pixels[pixel] ?? 0, distance);
    }
  }
  return {
    levels: pixels.reduce((most, x) => Math.max(most, x), 0),
    equal: same / (3 * pixels.length),
    pixels,
  };
}

/** Where the scale of heat maps ends that have to show up to `levels`: the same steps every time, so that they can be compared. */
export function scaleTop(levels: number): number {
  return [1, 2, 4, 8, 16, 32, 64, 128].find((top) => top >= levels) ?? 255;
}
