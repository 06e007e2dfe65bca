// tfjs-pixels: tf.browser.toPixels, as most pages with TensorFlow.js do it: the output is read back and put on a 2D canvas.
import { browser } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import { makeCanvas2d } from "../canvas2d";
import { ContextLostError } from "../types";
import type { Runner } from "../types";
import { blankFrame, commonParts } from "./base";
import { makeColours } from "./colours";
import { acquireNetwork } from "./network";
import type { Network } from "./network";

/** Rejects when the context is lost: TensorFlow.js would wait for ever for a read-back that cannot come. */
async function unlessLost<T>(network: Network, work: Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const lost = new Promise<never>((_, reject) => {
    stop = network.context.events.add((event) => {
      if (event === "context_lost") reject(new ContextLostError("The graphics context was lost."));
    });
  });
  try {
    return await Promise.race([work, lost]);
  } finally {
    stop();
  }
}

export async function createTfjsPixels(bundle: LoadedBundle): Promise<Runner> {
  const network = await acquireNetwork(bundle);
  const [height, width] = bundle.manifest.output.shape;
  const { canvas, drawPattern, readPicture } = makeCanvas2d(width, height);
  const compute = makeColours(network);
  return {
    ...commonParts(
      network,
      () => compute(blankFrame()).dispose(),
      () => canvas.remove(),
    ),
    mode: "tfjs-pixels",
    canvas,
    depth: 1,
    async draw(frame) {
      const picture = compute(frame);
      try {
        await unlessLost(network, browser.toPixels(picture, canvas));
      } finally {
        picture.dispose();
      }
    },
    // "return": toPixels has come back, so the picture is on its canvas.
    close: async () => undefined,
    drawPattern,
    readPicture,
  };
}
