// The preprocessing on the GPU. Every step is linear, so grey, area average, bicubic and scale become three narrow matrix
// products and one addition: [256, 768] x [768, 10], [256, 256] x [256, 10], [256, 10] x [10, 256], + offset.
import { add, browser, cast, matMul, reshape, scalar, tensor2d } from "@tensorflow/tfjs-core";
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Manifest } from "../../engine/manifest";
import { planPreprocessing } from "../../engine/preprocess";
import type { PreprocessingPlan } from "../../engine/preprocess";
import type { Matrix } from "../../engine/resample";
import type { Frame } from "../types";

export interface GpuPreprocessing {
  /** RGBA bytes to [1, h, w, 1]; to be called inside `tidy`. */
  run(frame: Frame): Tensor4D;
  dispose(): void;
}

const upload = (matrix: Matrix): Tensor2D =>
  tensor2d(Float32Array.from(matrix.values), [matrix.rows, matrix.columns]);

/** Grey, the narrowing of the columns and the gain in one matrix [3 * width, narrow]: row 3 * x + channel. */
function greyColumns(plan: PreprocessingPlan): Tensor2D {
  const { rows: narrow, columns: width, values } = plan.columnsDown;
  const weights = new Float32Array(3 * width * narrow);
  for (let x = 0; x < width; x++) {
    plan.grey.forEach((share, channel) => {
      for (let n = 0; n < narrow; n++) {
        weights[(3 * x + channel) * narrow + n] = share * plan.gain * (values[n * width + x] ?? 0);
      }
    });
  }
  return tensor2d(weights, [3 * width, narrow]);
}

/** Bytes without a copy; TensorFlow.js takes a plain `Uint8Array` straight to the texture. */
function pixels(frame: Frame): { width: number; height: number; data: Uint8Array } {
  const { buffer, byteOffset, byteLength } = frame.data;
  return { width: frame.width, height: frame.height, data: new Uint8Array(buffer, byteOffset, byteLength) };
}

export function makePreprocessing(manifest: Manifest): GpuPreprocessing {
  const [height, width, channels] = manifest.input.shape;
  if (channels !== 1) throw new Error(`The input has ${channels} channels; only grey inputs are supported.`);
  const plan = planPreprocessing(manifest.preprocessing, height, width);
  const columns = greyColumns(plan);
  const rows = upload(plan.rows);
  const widen = upload(plan.columnsUp);
  const offset = scalar(plan.offset);
  const kept: Tensor[] = [columns, rows, widen, offset];
  return {
    run(frame) {
      if (frame.width !== width || frame.height !== height) {
        throw new Error(
          `A frame of ${frame.width} x ${frame.height} was given, the model takes ${width} x ${height}.`,
        );
      }
      const picture: Tensor3D = browser.fromPixels(pixels(frame), 3);
      const lines = reshape(cast(picture, "float32"), [height, 3 * width]);
      const narrow = matMul(rows, matMul(lines, columns));
      const wide = add(matMul(narrow, widen, false, true), offset);
      return reshape(wide, [1, height, width, 1]);
    },
    dispose: () => kept.forEach((tensor) => tensor.dispose()),
  };
}
