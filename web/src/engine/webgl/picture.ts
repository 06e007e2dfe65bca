// Pictures to the device: bytes as they are; everything else as the browser draws it, in the size that the network sees.
import type { Bytes, Source } from "../device";

const isBytes = (source: Source): source is Bytes => "data" in source;

function sizeOf(source: Source): [number, number] {
  if (typeof HTMLVideoElement !== "undefined" && source instanceof HTMLVideoElement)
    return [source.videoWidth, source.videoHeight];
  return [source.width, source.height];
}

export class PictureUpload {
  /** For pictures of another size; made when the first one comes. */
  private scratch: OffscreenCanvas | null = null;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly width: number,
    private readonly height: number,
  ) {}

  private scaled(source: Source): OffscreenCanvas {
    this.scratch ??= new OffscreenCanvas(this.width, this.height);
    const context = this.scratch.getContext("2d");
    if (context === null) throw new Error("This browser gives no 2D canvas.");
    let drawn: CanvasImageSource;
    if (isBytes(source)) {
      const whole = new OffscreenCanvas(source.width, source.height);
      whole
        .getContext("2d")
        ?.putImageData(new ImageData(new Uint8ClampedArray(source.data), source.width, source.height), 0, 0);
      drawn = whole;
    } else drawn = source;
    context.drawImage(drawn, 0, 0, this.width, this.height);
    return this.scratch;
  }

  /** Into the bound 2D texture. Row 0 of the picture is row 0 of the texture. */
  upload(source: Source): void {
    const { gl, width, height } = this;
    const [w, h] = sizeOf(source);
    const fits = w === width && h === height;
    const from = fits ? source : this.scaled(source);
    if (isBytes(from)) {
      const { buffer, byteOffset, byteLength } = from.data;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    } else
      gl.texSubImage2D(
        gl.TEXTURE_2D,
        0,
        0,
        0,
        width,
        height,
        gl.RGBA,
        gl.UNSIGNED_BYTE,
        from as TexImageSource,
      );
  }
}
