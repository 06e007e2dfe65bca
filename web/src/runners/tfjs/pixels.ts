// tfjs-pixels: tf.browser.toPixels, as most pages with TensorFlow.js do it: the output is read back and put on a 2D canvas.
import { add, browser, clipByValue, mul, reshape, slice, tidy } from "@tensorflow/tfjs-core";
import type { Rank, Tensor3D } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import type { Manifest } from "../../engine/manifest";
import { makeCanvas } from "../../engine/webgl/context";
import { ContextLostError } from "../types";
import type { Frame, Runner } from "../types";
import { blankFrame, commonParts } from "./base";
import { acquireNetwork } from "./network";
import type { Network } from "./network";

// toPixels refuses anything outside 0..1, and some GPUs' tanh is a rounding error above 1. Clipping is one more program a
// frame; drawing the range together by a millionth costs nothing and is 1/4000 of an 8-bit level.
const INSIDE = 1 - 1e-6;

/** What the network's last activation cannot leave; infinite where it has none that keeps it. */
function outputBounds({ graph, output }: Manifest): readonly [number, number] {
  const last = graph.find((node) => node.name === output.name);
  const activation = last !== undefined && "activation" in last ? last.activation : null;
  if (activation?.type === "tanh") return [-1, 1];
  if (activation?.type === "sigmoid") return [0, 1];
  if (activation?.type === "clip") return [activation.low, activation.high];
  return [-Infinity, Infinity];
}

/** The output as a picture in 0..1, grey or RGB; to be disposed by the caller. */
function makeCompute(network: Network): (frame: Frame) => Tensor3D {
  const { manifest } = network.bundle;
  const { shape, range } = manifest.output;
  const [height, width, channels] = shape;
  const gain = INSIDE / (range[1] - range[0]);
  const offset = 0.5 - (gain * (range[0] + range[1])) / 2;
  const [low, high] = outputBounds(manifest);
  const stays = low >= range[0] && high <= range[1];
  return (frame) =>
    tidy(() => {
      const whole = reshape<Rank.R3>(network.run(frame), [...shape]);
      // A canvas would take a fourth channel for how much of the page shines through.
      const colours = channels === 4 ? slice(whole, [0, 0, 0], [height, width, 3]) : whole;
      const picture: Tensor3D = add(mul(colours, gain), offset);
      return stays ? picture : clipByValue(picture, 0, 1);
    });
}

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

function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser gives no 2D canvas.");
  return context;
}

export async function createTfjsPixels(bundle: LoadedBundle): Promise<Runner> {
  const network = await acquireNetwork(bundle);
  const [height, width] = bundle.manifest.output.shape;
  const canvas = makeCanvas(width, height);
  const compute = makeCompute(network);
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
    drawPattern({ data, width: w, height: h }) {
      context2d(canvas).putImageData(new ImageData(new Uint8ClampedArray(data), w, h), 0, 0);
    },
    readPicture: () => context2d(canvas).getImageData(0, 0, width, height).data,
  };
}
