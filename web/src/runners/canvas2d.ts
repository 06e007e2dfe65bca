// A 2D canvas that pictures are put on by the modes that compute on the processor, or read back.
import { makeCanvas } from "../engine/webgl/context";
import type { Frame, Runner } from "./types";

export interface Canvas2d extends Pick<Runner, "canvas" | "drawPattern" | "readPicture"> {
  /** RGBA as it is; the caller may change it and draw it again. */
  readonly image: ImageData;
  put(): void;
}

export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser gives no 2D canvas.");
  return context;
}

export function makeCanvas2d(width: number, height: number): Canvas2d {
  const canvas = makeCanvas(width, height);
  const context = context2d(canvas);
  const image = new ImageData(width, height);
  return {
    canvas,
    image,
    put: () => context.putImageData(image, 0, 0),
    drawPattern({ data, width: w, height: h }: Frame) {
      context.putImageData(new ImageData(new Uint8ClampedArray(data), w, h), 0, 0);
    },
    readPicture: () => context.getImageData(0, 0, width, height).data,
  };
}
