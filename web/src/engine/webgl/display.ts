// Draws a picture of values over the whole visible canvas: the last step of the modes that never read anything back.
import { HEAD } from "./address";
import { makeProgram } from "./program";
import FRAGMENT from "./shaders/display.frag?raw";
import VERTEX from "./shaders/triangle.vert?raw";

export { VERTEX };

/** Reads a plain texture; texelFetch needs no filtering, which float textures often have none of. */
const PLAIN = `uniform sampler2D picture;
ivec2 pictureSize() { return textureSize(picture, 0); }
vec4 valueAt(ivec2 at) { return texelFetch(picture, at, 0); }
`;

/** The shader that shows pixels; `reading` declares `ivec2 pictureSize()` and `vec4 valueAt(ivec2 column_and_row)`. */
export const displaySource = (reading: string = PLAIN): string => HEAD + reading + FRAGMENT;

export interface Display {
  /**
   * Draws `texture` [h, w] with values in `range` to the canvas, 1:1: RGB, or `grey` from its first channel alone. Values
   * beyond the range are clipped. Leaves the default framebuffer bound.
   */
  draw(texture: WebGLTexture, range: readonly [number, number], grey: boolean): void;
  dispose(): void;
}

/** For plain textures, on a canvas that is as large as they are. */
export function makeDisplay(gl: WebGL2RenderingContext): Display {
  const program = makeProgram(gl, VERTEX, displaySource());
  const picture = gl.getUniformLocation(program, "picture");
  const limits = gl.getUniformLocation(program, "range");
  const single = gl.getUniformLocation(program, "grey");
  const vertices = gl.createVertexArray();
  return {
    draw(texture, range, grey) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
      gl.scissor(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
      gl.useProgram(program);
      gl.bindVertexArray(vertices);
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(picture, 0);
      gl.uniform2f(limits, range[0], range[1]);
      gl.uniform1i(single, grey ? 1 : 0);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      gl.bindTexture(gl.TEXTURE_2D, null);
    },
    dispose() {
      gl.deleteVertexArray(vertices);
      gl.deleteProgram(program);
    },
  };
}

/** A texture of plain bytes, for patterns; the caller deletes it. */
export function makeByteTexture(
  gl: WebGL2RenderingContext,
  width: number,
  height: number,
  bytes: Uint8Array,
): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  gl.bindTexture(gl.TEXTURE_2D, null);
  return texture;
}

/** The canvas as shown, RGBA, row 0 on top (readPixels starts at the bottom). */
export function readCanvas(gl: WebGL2RenderingContext): Uint8ClampedArray {
  const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
  const upward = new Uint8Array(width * height * 4);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upward);
  const shown = new Uint8ClampedArray(upward.length);
  const row = width * 4;
  for (let y = 0; y < height; y++)
    shown.set(upward.subarray((height - 1 - y) * row, (height - y) * row), y * row);
  return shown;
}
