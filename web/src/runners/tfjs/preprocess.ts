// The preprocessing on the GPU. Every step is linear, so grey, resampling and scale become narrow matrix products, for grey
// networks [256, 768] x [768, 10], [256, 256] x [256, 10], [256, 10] x [10, 256], and one addition.
import { add, browser, cast, matMul, mul, pad, reshape, scalar, tensor2d } from "@tensorflow/tfjs-core";
import type { Rank, Tensor, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Manifest } from "../../engine/manifest";
import { PICTURE, planPreprocessing } from "../../engine/preprocess";
import type { PreprocessingPlan } from "../../engine/preprocess";
import { multiply } from "../../engine/resample";
import type { Matrix } from "../../engine/resample";
import type { Frame } from "../types";

export interface GpuPreprocessing {
  /** RGBA bytes to [1, h, w, channels]; to be called inside `tidy`. */
  run(frame: Frame): Tensor4D;
  dispose(): void;
}

/** Tensors that live as long as the network. */
interface Keeper {
  readonly kept: Tensor[];
  keep<T extends Tensor>(tensor: T): T;
}

function makeKeeper(): Keeper {
  const kept: Tensor[] = [];
  return { kept, keep: (tensor) => (kept.push(tensor), tensor) };
}

const [HEIGHT, WIDTH] = PICTURE;

/** Bytes without a copy; TensorFlow.js takes a plain `Uint8Array` straight to the texture. */
function pixels(frame: Frame): { width: number; height: number; data: Uint8Array } {
  const { buffer, byteOffset, byteLength } = frame.data;
  return { width: frame.width, height: frame.height, data: new Uint8Array(buffer, byteOffset, byteLength) };
}

const upload = (matrix: Matrix, gain = 1): Tensor2D =>
  tensor2d(
    Float32Array.from(matrix.values, (value) => value * gain),
    [matrix.rows, matrix.columns],
  );

/** Grey, the narrowing of the columns and the gain in one matrix [3 * width, narrow]: row 3 * x + channel. */
function greyColumns(grey: readonly number[], columns: Matrix, gain: number): Tensor2D {
  const { rows: narrow, columns: width, values } = columns;
  const weights = new Float32Array(3 * width * narrow);
  for (let x = 0; x < width; x++) {
    grey.forEach((share, channel) => {
      for (let n = 0; n < narrow; n++) {
        weights[(3 * x + channel) * narrow + n] = share * gain * (values[n * width + x] ?? 0);
      }
    });
  }
  return tensor2d(weights, [3 * width, narrow]);
}

type Step = (picture: Tensor3D) => Tensor;

/** [256, 256, 3] to [h, w]: one grey channel, times the gain. */
function greySteps(plan: PreprocessingPlan, grey: readonly number[], { keep }: Keeper): Step {
  const { rows, columns, gain } = plan;
  const mixed = columns.down
    ? keep(greyColumns(grey, columns.down, gain))
    : keep(tensor2d(grey.map((share) => share * gain), [3, 1])); // prettier-ignore
  const lines: [number, number] = columns.down ? [HEIGHT, 3 * WIDTH] : [HEIGHT * WIDTH, 3];
  const narrow = columns.down?.rows ?? WIDTH;
  const factor = rows.down && rows.up ? multiply(rows.up, rows.down) : (rows.down ?? rows.up);
  const tall = factor && keep(upload(factor));
  const wide = columns.up && keep(upload(columns.up));
  return (picture) => {
    const product = matMul(reshape<Rank.R2>(picture, lines), mixed);
    const level = columns.down ? product : reshape(product, [HEIGHT, narrow]);
    const high = tall ? matMul(tall, level) : level;
    return wide ? matMul(high, wide, false, true) : high;
  };
}

/** Rows of all channels by one matrix; columns as one product a row. */
function colourStep(
  matrix: Matrix,
  axis: "rows" | "columns",
  gain: number,
  { keep }: Keeper,
): (value: Tensor3D) => Tensor3D {
  const weights = keep(upload(matrix, gain));
  if (axis === "rows")
    return (value) => {
      const [height, width, channels] = value.shape;
      const made = matMul(weights, reshape(value, [height, width * channels]) as Tensor2D);
      return reshape(made, [matrix.rows, width, channels]);
    };
  const batch = keep(reshape(weights, [1, matrix.rows, matrix.columns]));
  return (value) => matMul(batch, value) as Tensor3D;
}

/** [256, 256, 3] to [h, w, 3], times the gain. Rows and columns are narrowed before they grow. */
function colourSteps({ rows, columns, gain }: PreprocessingPlan, keeper: Keeper): Step {
  const factors = [
    { matrix: rows.down, axis: "rows" as const },
    { matrix: columns.down, axis: "columns" as const },
    { matrix: rows.up, axis: "rows" as const },
    { matrix: columns.up, axis: "columns" as const },
  ];
  const steps = factors
    .flatMap(({ matrix, axis }) => (matrix ? [{ matrix, axis }] : []))
    .map(({ matrix, axis }, i) => colourStep(matrix, axis, i === 0 ? gain : 1, keeper));
  const scale = steps.length === 0 && gain !== 1 ? keeper.keep(scalar(gain)) : null;
  return (picture) => {
    const made = steps.reduce((value, step) => step(value), picture);
    return scale ? mul(made, scale) : made;
  };
}

export function makePreprocessing(manifest: Manifest): GpuPreprocessing {
  const [height, width, channels] = manifest.input.shape;
  const plan = planPreprocessing(manifest.preprocessing, HEIGHT, WIDTH);
  const keeper = makeKeeper();
  const steps = plan.grey ? greySteps(plan, plan.grey, keeper) : colourSteps(plan, keeper);
  const offset = plan.offset === 0 ? null : keeper.keep(scalar(plan.offset));
  const planes = plan.alpha === null ? channels : channels - 1;
  return {
    run(frame) {
      if (frame.width !== WIDTH || frame.height !== HEIGHT) {
        throw new Error(
          `A frame of ${frame.width} x ${frame.height} was given, models take ${WIDTH} x ${HEIGHT}.`,
        );
      }
      const picture: Tensor3D = browser.fromPixels(pixels(frame), 3);
      const made = steps(cast(picture, "float32"));
      const moved = reshape(offset ? add(made, offset) : made, [1, height, width, planes]) as Tensor4D;
      if (plan.alpha === null) return moved;
      return pad(moved, [[0, 0], [0, 0], [0, 0], [0, 1]], plan.alpha); // prettier-ignore
    },
    dispose: () => keeper.kept.forEach((value) => value.dispose()),
  };
}
