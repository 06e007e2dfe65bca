// One picture, read back from its canvas: a WebGL canvas is empty again as soon as the page has shown it.

import type { LoadedBundle } from "../../engine/bundle";
import { acquireRunner } from "../../measure/pool";
import { runners } from "../../runners";
import type { Frame } from "../../runners/types";

/** RGBA bytes of what the mode paints for a frame. Nothing else may draw on the same runner meanwhile. */
export async function pictureOf(
  mode: string,
  bundle: LoadedBundle,
  frame: Frame,
): Promise<Uint8ClampedArray> {
  const factory = runners[mode];
  if (!factory) throw new Error(`there is no mode ${mode}`);
  const { runner } = await acquireRunner(factory, bundle);
  await runner.draw(frame);
  return runner.readPicture();
}

/** The bytes of a picture `width` wide as a PNG file; null where the browser cannot write one. */
export function toPng(rgba: Uint8ClampedArray, width: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = rgba.length / 4 / width;
  const image = new ImageData(new Uint8ClampedArray(rgba), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
