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

/** Differences of `count` pairs of values, both in units of [0, 2]. */
function compare(count: number, is: (i: number) => number, should: (i: number) => number): Difference {
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(is(i) - should(i));
    // A NaN anywhere must fail the check, and Math.max would pass it on only by luck.
    const error = Number.isFinite(difference) ? difference : 2;
    largest = Math.max(largest, error);
    squares += error * error;
  }
  const mean = squares / count;
  return {
    maxAbsError: largest,
    psnrDb: mean > 0 ? Math.min(HIGHEST_DB, 10 * Math.log10(4 / mean)) : HIGHEST_DB,
  };
}

/** What lies beyond the range is shown as its end; what is no number stays so. */
function inUnits([low, high]: readonly [number, number]): (value: number) => number {
  const unit = 2 / (high - low);
  return (value) => (Number.isFinite(value) ? Math.min(2, Math.max(0, (value - low) * unit)) : NaN);
}

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
  const units = inUnits(range);
  const valueAt = (i: number): number => channels * Math.floor(i / 3) + (channels === 1 ? 0 : i % 3);
  return compare(
    3 * pixels,
    (i) => ((shown[4 * Math.floor(i / 3) + (i % 3)] ?? 0) * 2) / 255,
    (i) => units(golden[valueAt(i)] ?? 0),
  );
}

/** Compares an output with the golden one, both [h, w, channels], before anything is shown. */
export function compareValues(
  made: Float32Array,
  golden: Float32Array,
  range: readonly [number, number],
): Difference {
  if (made.length !== golden.length) refuse("output", `has ${made.length} values, expected ${golden.length}`);
  const units = inUnits(range);
  return compare(
    golden.length,
    (i) => units(made[i] ?? NaN),
    (i) => units(golden[i] ?? NaN),
  );
}

export function passes(difference: Difference, precision: Precision): boolean {
  const { maxAbsError, psnrDb } = THRESHOLDS[precision];
  return difference.maxAbsError <= maxAbsError && difference.psnrDb >= psnrDb;
}
