// Pictures from outside into the drawing: a file, or the webcam while it runs. Nothing of them leaves the page.

import { type Grey, SIDE, fromRgba } from "./grey";

/** The largest square in the middle of a picture of any shape: left, top and side in its own pixels. */
export function middleSquare(width: number, height: number): { left: number; top: number; side: number } {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

function scratchContext(): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no 2D canvas");
  return context;
}

function drawSquare(
  context: CanvasRenderingContext2D,
  source: CanvasImageSource,
  width: number,
  height: number,
): Uint8ClampedArray {
  const { left, top, side } = middleSquare(width, height);
  context.drawImage(source, left, top, side, side, 0, 0, SIDE, SIDE);
  return context.getImageData(0, 0, SIDE, SIDE).data;
}

async function decode(file: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The middle square of an image file as RGBA bytes of 256 x 256. Rejects where the browser cannot open it. */
export async function readImageFile(file: Blob): Promise<Uint8ClampedArray> {
  const image = await decode(file);
  if (image.naturalWidth === 0) throw new Error("an empty picture");
  const context = scratchContext();
  context.fillStyle = "#808080";
  context.fillRect(0, 0, SIDE, SIDE);
  return drawSquare(context, image, image.naturalWidth, image.naturalHeight);
}

/** Paints it over the drawing. */
export async function openImageFile(file: Blob, out: Grey): Promise<void> {
  fromRgba(await readImageFile(file), out);
}

/** A running webcam, mirrored as people expect of a mirror. */
export interface Webcam {
  /** Copies the newest picture into `out`; false while there is none yet. */
  read(out: Grey): boolean;
  stop(): void;
}

/** Whether this page could ask at all: browsers offer the webcam on secure pages only. */
export function webcamOffered(): boolean {
  return Boolean(window.isSecureContext && navigator.mediaDevices?.getUserMedia);
}

/** Asks for the webcam. Rejects with the browser's DOMException: NotAllowedError, NotFoundError, NotReadableError. */
export async function startWebcam(): Promise<Webcam> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
    audio: false,
  });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const context = scratchContext();
  context.setTransform(-1, 0, 0, 1, SIDE, 0);
  return {
    read(out) {
      if (video.videoWidth === 0) return false;
      fromRgba(drawSquare(context, video, video.videoWidth, video.videoHeight), out);
      return true;
    },
    stop() {
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    },
  };
}
