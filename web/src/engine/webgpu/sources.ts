// Pictures from wherever they come into one texture of 256x256.
import type { Bytes, Source } from "../device";
import { PICTURE } from "../preprocess";
import type { Gpu } from "./gpu";

const [HEIGHT, WIDTH] = PICTURE;

export interface Upload {
  readonly view: GPUTextureView;
  put(source: Source): void;
}

const isBytes = (source: Source): source is Bytes => "data" in source;

function sizeOf(source: Exclude<Source, Bytes>): [number, number] {
  if ("videoWidth" in source) return [source.videoHeight, source.videoWidth];
  return [source.height, source.width];
}

/** Bytes as something that can be drawn. */
function asCanvas({ width, height, data }: Bytes): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

/** Other sizes are scaled by the browser, which needs a canvas; made when the first such picture comes. */
function makeScaler(): (source: Exclude<Source, Bytes>) => OffscreenCanvas {
  let canvas: OffscreenCanvas | null = null;
  return (source) => {
    canvas ??= new OffscreenCanvas(WIDTH, HEIGHT);
    canvas.getContext("2d")?.drawImage(source, 0, 0, WIDTH, HEIGHT);
    return canvas;
  };
}

/** The texture and how pictures get into it. */
export function makeUpload(gpu: Gpu): Upload {
  // Copies from canvases and videos want a texture that could be drawn to.
  const usage =
    GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT;
  const texture = gpu.texture("source", [WIDTH, HEIGHT], "rgba8unorm", usage);
  const { queue } = gpu.device;
  const target = { texture };
  const rows = { bytesPerRow: WIDTH * 4 };
  const size = [WIDTH, HEIGHT];
  const scaled = makeScaler();
  const copy = (source: Exclude<Source, Bytes>): void => {
    const [height, width] = sizeOf(source);
    const fits = height === HEIGHT && width === WIDTH;
    queue.copyExternalImageToTexture({ source: fits ? source : scaled(source) }, target, size);
  };
  return {
    view: texture.createView(),
    put(source) {
      if (!isBytes(source)) return copy(source);
      if (source.width !== WIDTH || source.height !== HEIGHT) return copy(asCanvas(source));
      queue.writeTexture(target, source.data as Uint8ClampedArray<ArrayBuffer>, rows, size);
    },
  };
}
