// The picture as a canvas shows it.
import type { Bytes, Model } from "../device";
import { preprocess } from "../preprocess";
import { runReference } from "./run";

/**
 * An output [h, w, channels] as RGBA bytes: its range becomes 0..255, what lies beyond is clipped; one channel is shown as
 * grey, a fourth is not shown. What is no number is shown as magenta, so that nobody takes it for a picture.
 */
export function asShown(
  output: Float32Array,
  channels: number,
  [low, high]: readonly [number, number],
): Uint8ClampedArray {
  const shown = new Uint8ClampedArray((output.length / channels) * 4).fill(255);
  for (let pixel = 0; pixel < output.length / channels; pixel++) {
    const colours = [0, 1, 2].map((c) => output[pixel * channels + (channels === 1 ? 0 : c)] ?? NaN);
    const broken = colours.some((value) => Number.isNaN(value));
    const bytes = colours.map((value) =>
      Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * 255),
    );
    shown.set(broken ? [255, 0, 255] : bytes, 4 * pixel);
  }
  return shown;
}

/** What a model makes of a picture of 256x256, from its bytes to the bytes on the canvas. */
export function referencePicture(model: Model, picture: Bytes): Bytes {
  const { preprocessing, output } = model.manifest;
  const input = preprocess(picture.data, picture.height, picture.width, preprocessing, 4);
  const [height, width, channels] = output.shape;
  const made = runReference(model, input).get(output.name) ?? new Float32Array();
  return { width, height, data: asShown(made, channels, output.range) };
}
