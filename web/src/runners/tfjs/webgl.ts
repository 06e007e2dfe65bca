// tfjs-webgl: the output tensor's texture is drawn by one shader on the canvas of the same context; nothing is read back.
import { env, pad, reshape, tidy } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { makeByteTexture, makeDisplay, readCanvas } from "../display";
import { closeFence } from "../fence";
import type { Frame, Runner } from "../types";
import { blankFrame, commonParts } from "./base";
import { acquireNetwork } from "./network";
import type { Network } from "./network";
import type { SharedContext } from "./shared";

/** TensorFlow.js sets all of this before each of its programs, but for what it remembers as still set. */
function restoreState({ gl, gpgpu }: SharedContext): void {
  gl.bindVertexArray(null);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gpgpu.framebuffer);
  gl.useProgram(gpgpu.program);
}

/** Issues one picture. Only four channels line up with a texture's texels, so a fourth is padded on. */
function makeDraw(network: Network, show: (texture: WebGLTexture) => void): (frame: Frame) => void {
  const [height, width, channels] = network.bundle.manifest.output.shape;
  return (frame) =>
    tidy(() => {
      const picture = reshape(network.run(frame), [height, width, channels]);
      const texels = pad(picture, [
        [0, 0],
        [0, 0],
        [0, 4 - channels],
      ]);
      const { texture, tensorRef } = texels.dataToGPU({ customTexShape: [height, width] });
      if (texture && !env().getBool("ENGINE_COMPILE_ONLY")) show(texture);
      tensorRef.dispose();
    });
}

export async function createTfjsWebgl(bundle: LoadedBundle): Promise<Runner> {
  const network = await acquireNetwork(bundle);
  const { context } = network;
  const { gl } = context;
  const display = makeDisplay(gl);
  const show = (texture: WebGLTexture, range: readonly [number, number]): void => {
    display.draw(texture, range);
    restoreState(context);
  };
  const draw = makeDraw(network, (texture) => show(texture, bundle.manifest.output.range));
  return {
    ...commonParts(network, () => draw(blankFrame(bundle)), display.dispose),
    mode: "tfjs-webgl",
    canvas: context.canvas,
    depth: 2,
    draw,
    close: () => closeFence(gl),
    drawPattern(pattern) {
      const texture = makeByteTexture(gl, pattern.width, pattern.height, new Uint8Array(pattern.data));
      show(texture, [0, 1]);
      gl.deleteTexture(texture);
    },
    readPicture() {
      const shown = readCanvas(gl);
      restoreState(context);
      return shown;
    },
  };
}
