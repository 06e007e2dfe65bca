// The output tensor as toPixels wants it: a picture in 0..1.
import { add, clipByValue, mul, reshape, slice, tidy } from "@tensorflow/tfjs-core";
import type { Rank, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import type { Manifest } from "../../engine/manifest";
import type { Frame } from "../types";

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

export interface Computing {
  readonly bundle: LoadedBundle;
  run(frame: Frame): Tensor4D;
}

/** The output as a picture in 0..1, grey or RGB; to be disposed by the caller. */
export function makeColours(network: Computing): (frame: Frame) => Tensor3D {
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
