// The picture as shown against the golden output, in units of an output range of [-1, 1] (so the peak is 2).
import { refuse } from "./checks";

export interface Difference {
  /** Largest absolute error. */
  readonly maxAbsError: number;
  /** Peak signal to noise ratio in decibels, peak 2; at most 200, also where nothing differs. */
  readonly psnrDb: number;
}

export type Precision = "float32" | "float16";

/** What passes, by the precision the runner computes in (not that of the stored weights). */
export const THRESHOLDS: Record<Precision, Difference> = {
  float32: { maxAbsError: 0.02, psnrDb: 40 },
  float16: { maxAbsError: 0.06, psnrDb: 35 },
};

const HIGHEST_DB = 200;

/**
 * Compares RGBA bytes as shown (row 0 on top) with the golden output [h, w, channels]: one channel is shown as grey, a
 * fourth is not shown. A shown byte b stands for range[0] + b / 255 * (range[1] - range[0]); what lies beyond the range is
 * shown as its end.
 */
export function compareShown(
  shown: Uint8ClampedArray | Uint8Array,
  golden: Float32Array,
  range: readonly [number, number],
  channels = 3,
): Difference {
  const pixels = golden.length / channels;
  if (shown.length !== pixels * 4) refuse("picture", `has ${shown.length} bytes, expected ${pixels * 4}`);
  const unit = 2 / (range[1] - range[0]);
  let largest = 0;
  let squares = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const is = ((shown[4 * pixel + channel] ?? 0) * 2) / 255;
      const value = golden[channels * pixel + (channels === 1 ? 0 : channel)] ?? 0;
      const should = Math.min(2, Math.max(0, (value - range[0]) * unit));
      // A NaN anywhere must fail the check, and Math.max would pass it on only by luck.
      const error = Number.isFinite(value) ? Math.abs(is - should) : 2;
      largest = Math.max(largest, error);
      squares += error * error;
    }
  }
  const mean = squares / (3 * pixels);
  return {
    maxAbsError: largest,
    psnrDb: mean > 0 ? Math.min(HIGHEST_DB, 10 * Math.log10(4 / mean)) : HIGHEST_DB,
  };
}

export function passes(difference: Difference, precision: Precision): boolean {
  const { maxAbsError, psnrDb } = THRESHOLDS[precision];
  return difference.maxAbsError <= maxAbsError && difference.psnrDb >= psnrDb;
}
