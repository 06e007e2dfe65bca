// What forms of a model with the preprocessing inside take: the bytes of a picture as floats.
import { PICTURE } from "../engine/preprocess";
import type { Frame } from "./types";

const [HEIGHT, WIDTH] = PICTURE;

/** RGBA. */
export const PICTURE_SHAPE = [HEIGHT, WIDTH, 4] as const;
export const PICTURE_FLOATS = HEIGHT * WIDTH * 4;

/** Writes the bytes of a frame into `floats`, 0 to 255. */
export function fillPicture(floats: Float32Array, frame: Frame): void {
  if (frame.width !== WIDTH || frame.height !== HEIGHT)
    throw new Error(
      `A frame of ${frame.width} x ${frame.height} was given, models take ${WIDTH} x ${HEIGHT}.`,
    );
  floats.set(frame.data);
}

export function blankFrame(): Frame {
  return { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(PICTURE_FLOATS) };
}
