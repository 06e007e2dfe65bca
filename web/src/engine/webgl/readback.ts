// Values and pictures back from the GPU: for tests and checks, never while pictures are drawn.
import type { Stored } from "./placed";
import { fromTexels } from "./layout";
import type { Resources } from "./resources";

/** The numbers [h, w, c] of a slot. Waits for the GPU. */
export function readStored(
  gl: WebGL2RenderingContext,
  resources: Resources,
  { layout, texture }: Stored,
): Float32Array {
  const { width, height, layers } = layout;
  const texels = new Float32Array(width * height * layers * 4);
  for (let layer = 0; layer < layers; layer++) {
    const framebuffer = resources.framebuffer(texture, 1);
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture, 0, layer);
    gl.readBuffer(gl.COLOR_ATTACHMENT0);
    const size = width * height * 4;
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, texels.subarray(layer * size, (layer + 1) * size));
    resources.release(framebuffer);
  }
  return fromTexels(layout, texels);
}
