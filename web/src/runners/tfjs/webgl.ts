// tfjs-webgl: the output tensor's texture is drawn by one shader on the canvas of the same context; nothing is read back.
import { env, pad, reshape, tidy } from "@tensorflow/tfjs-core";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { makeByteTexture, makeDisplay, readCanvas } from "../../engine/webgl/display";
import { closeFence } from "../../engine/webgl/fence";
import { lostAsLost } from "../lost";
import type { Frame, Runner } from "../types";
import { blankFrame, commonParts } from "./base";
import { acquireNetwork } from "./network";
import type { Network } from "./network";
import { sizeCanvas } from "./shared";
import type { SharedContext } from "./shared";

/** TensorFlow.js sets all of this before each of its programs, but for what it remembers as still set. */
function restoreState({ gl, gpgpu }: SharedContext): void {
  gl.bindVertexArray(null);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gpgpu.framebuffer);
  gl.useProgram(gpgpu.program);
}

/** Only four channels line up with a texture's texels: those that are missing are padded on. */
function asTexels(picture: Tensor3D): Tensor3D {
  const missing = 4 - picture.shape[2];
  return missing === 0 ? picture : pad(picture, [[0, 0], [0, 0], [0, missing]]); // prettier-ignore
}

/** Issues one picture. */
function makeDraw(network: Network, show: (texture: WebGLTexture) => void): (frame: Frame) => void {
  const { shape } = network.bundle.manifest.output;
  const [height, width] = shape;
  return (frame) =>
    tidy(() => {
      const texels = asTexels(reshape(network.run(frame), [...shape]));
      const { texture, tensorRef } = texels.dataToGPU({ customTexShape: [height, width] });
      if (texture && !env().getBool("ENGINE_COMPILE_ONLY")) show(texture);
      tensorRef.dispose();
    });
}

export async function createTfjsWebgl(bundle: LoadedBundle): Promise<Runner> {
  const network = await acquireNetwork(bundle);
  const { context } = network;
  const { gl } = context;
  const { shape, range } = bundle.manifest.output;
  const [height, width, channels] = shape;
  const display = makeDisplay(gl);
  const show = (texture: WebGLTexture, from: readonly [number, number], grey: boolean): void => {
    // Another model that shares the canvas may have had it in another size.
    sizeCanvas(context, width, height);
    display.draw(texture, from, grey);
    restoreState(context);
  };
  sizeCanvas(context, width, height);
  const draw = makeDraw(network, (texture) => show(texture, range, channels === 1));
  return {
    ...commonParts(network, () => draw(blankFrame()), display.dispose),
    mode: "tfjs-webgl",
    canvas: context.canvas,
    depth: 2,
    draw,
    close: () => lostAsLost(closeFence(gl)),
    drawPattern(pattern) {
      const texture = makeByteTexture(gl, pattern.width, pattern.height, new Uint8Array(pattern.data));
      show(texture, [0, 1], false);
      gl.deleteTexture(texture);
    },
    readPicture() {
      const shown = readCanvas(gl);
      restoreState(context);
      return shown;
    },
  };
}
