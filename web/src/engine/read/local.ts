// A model that somebody brought along, as a bundle that runners take: without golden triple, marked as local.
import { BundleError } from "../checks";
import { PICTURE_CHANNELS } from "../consistency";
import type { Shape3 } from "../checks";
import type { LoadedBundle } from "../bundle";
import type { PreprocessingOp } from "../steps";
import type { TensorEntry } from "../manifest";
import type { Network } from "./network";
import type { ValueRange } from "./ranges";

/** What no bundle may be called, and what runs of local models are filed under. */
const LOCAL_NAME = "local-model";
const LOCAL_VERSION = "0.0.0";

const FRAME_SIDE = 256;
const BYTES: ValueRange = [0, 255];
/** Rec. 601, as the study's own models see pictures. */
const GREY = [0.299, 0.587, 0.114] as const;

export interface LocalSettings {
  readonly inputRange: ValueRange;
  readonly outputRange: ValueRange;
  /** Show it what the study's network sees: so many grey cells a side, smoothly drawn large again. */
  readonly cells: number | null;
}

/** A frame of 256 x 256 bytes to the network's input: made smaller by area, larger smoothly. */
function resized([height, width]: Shape3): PreprocessingOp[] {
  const smaller = [Math.min(height, FRAME_SIDE), Math.min(width, FRAME_SIDE)] as const;
  const steps: PreprocessingOp[] = [];
  if (Math.min(...smaller) < FRAME_SIDE) steps.push({ op: "area", size: smaller });
  if (Math.max(height, width) > FRAME_SIDE) steps.push({ op: "bicubic", size: [height, width], a: -0.5 });
  return steps;
}

function preprocessingFor(shape: Shape3, { inputRange, cells }: LocalSettings): PreprocessingOp[] {
  const channels = shape[2];
  const coarse: PreprocessingOp[] = [
    { op: "area", size: [cells ?? 1, cells ?? 1] },
    { op: "bicubic", size: [shape[0], shape[1]], a: -0.5 },
  ];
  return [
    ...(channels === 1 ? [{ op: "grey", weights: GREY } as const] : []),
    ...(cells === null ? resized(shape) : coarse),
    ...(channels === 4 ? [{ op: "alpha" } as const] : []),
    { op: "scale", from: BYTES, to: inputRange },
  ];
}

/** Refuses what gives no picture. */
export function checkPicture(network: Network): Shape3 {
  const shape = network.nodes.find((node) => node.name === network.output)?.shape ?? network.inputShape;
  if (!PICTURE_CHANNELS.includes(shape[2]))
    throw new BundleError(
      `the network gives ${shape.join("x")}; a picture has 1, 3 or 4 channels, so save a model whose output is the picture`,
    );
  return shape;
}

/** A bundle of a network in memory. `sha256`: the hash of what its files say and hold. */
export function localBundle(
  network: Network,
  { title, sha256 }: { readonly title: string; readonly sha256: string },
  settings: LocalSettings,
): LoadedBundle {
  const tensors = [...network.tensors].map(([name, { shape }]): TensorEntry => {
    return { name, shape, dtype: "float32", scale: null, channel_axis: 0, taps: null, parts: [] };
  });
  return {
    manifest: {
      schema: 1,
      name: LOCAL_NAME,
      version: LOCAL_VERSION,
      title,
      input: { name: network.input, shape: network.inputShape, range: settings.inputRange },
      output: { name: network.output, shape: checkPicture(network), range: settings.outputRange },
      preprocessing: preprocessingFor(network.inputShape, settings),
      graph: network.nodes,
      tensors,
      shards: [],
      precision: "float32",
      golden: null,
      files: [],
    },
    sha256,
    golden: null,
    local: true,
    tensor: (name) => network.tensors.get(name)?.values.slice() ?? new Float32Array(),
    loadMs: 0,
    networkBytes: 0,
  };
}
