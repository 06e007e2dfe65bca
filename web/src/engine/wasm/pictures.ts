// Pictures between the page and the memory: sources of any kind as 256x256 bytes, and bytes onto a canvas.
import { EngineError } from "../device";
import type { Bytes, Source } from "../device";
import { PICTURE } from "../preprocess";

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
export type Canvas = HTMLCanvasElement | OffscreenCanvas;

const [TALL, WIDE] = PICTURE;

function contextOf(canvas: Canvas, settings: CanvasRenderingContext2DSettings): Context {
  const context = canvas.getContext("2d", settings) as Context | null;
  if (context === null)
    throw new EngineError("unsupported", "The canvas has another kind of context already: give a fresh one.");
  return context;
}

const isBytes = (source: Source): source is Bytes => "data" in source;

/** Draws what has another size or is no bytes; makes its canvases when they are needed first, and keeps them. */
export class Scaler {
  private readonly contexts = new Map<string, Context>();

  private context(width: number, height: number): Context {
    const key = `${width}x${height}`;
    const known = this.contexts.get(key);
    if (known) return known;
    if (this.contexts.size > 4) this.contexts.clear();
    const made = contextOf(new OffscreenCanvas(width, height), { willReadFrequently: true });
    this.contexts.set(key, made);
    return made;
  }

  private drawn(source: Exclude<Source, Bytes>): Uint8ClampedArray {
    const context = this.context(WIDE, TALL);
    context.clearRect(0, 0, WIDE, TALL);
    context.drawImage(source, 0, 0, WIDE, TALL);
    return context.getImageData(0, 0, WIDE, TALL).data;
  }

  /** RGBA, 256x256. */
  bytes(source: Source): Uint8ClampedArray {
    if (!isBytes(source)) return this.drawn(source);
    const { width, height, data } = source;
    if (width === WIDE && height === TALL) return data;
    const context = this.context(width, height);
    context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
    return this.drawn(context.canvas as Canvas);
  }

  destroy(): void {
    this.contexts.clear();
  }
}

/** Where pictures appear. */
export interface Screen {
  show(bytes: Uint8Array | Uint8ClampedArray): void;
  read(): Uint8ClampedArray;
}

/** Without a canvas, pictures stay in memory: for tests and workers. */
export function screenOn(canvas: Canvas | null, width: number, height: number): Screen {
  if (canvas === null) {
    const kept = new Uint8ClampedArray(4 * width * height);
    return { show: (bytes) => kept.set(bytes), read: () => kept.slice() };
  }
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = contextOf(canvas, { alpha: false });
  // Shared memory cannot stand behind an ImageData, so the bytes are copied into one that stays.
  const image = context.createImageData(width, height);
  return {
    show(bytes) {
      image.data.set(bytes);
      context.putImageData(image, 0, 0);
    },
    read: () => context.getImageData(0, 0, width, height).data,
  };
}
