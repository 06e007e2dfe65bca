// The choices that depend on the device, as plain data and as the short text that is posted with a run.
import { EngineError } from "../device";
import { printHalf, readHalf } from "../tuning";
import type { WithHalf } from "../tuning";

export interface Tuning {
  /** Most pixels that one fragment makes: 1, 2, 4 or 8. */
  readonly pixels: number;
  /** Sums over more blocks of input channels than this are split into parts; 0: never. */
  readonly split: number;
  /** Kernels that the bundle holds in 8 bits stay so on the device. */
  readonly int8: boolean;
}

export const DEFAULT_TUNING: Tuning = { pixels: 8, split: 0, int8: true };

/** `mrt8,split0,int8` */
export const printTuning = ({ pixels, split, int8 }: Tuning): string =>
  `mrt${pixels},split${split},${int8 ? "int8" : "floats"}`;

/** Reads what `printTuning` wrote, and what a run says of it (the weights once more); choices that are left out are the default. Throws `EngineError` "unsupported". */
export function readTuning(text: string): Tuning {
  const tuning = { ...DEFAULT_TUNING };
  for (const word of text.split(",").filter(Boolean)) {
    const found = /^(?:mrt(1|2|4|8)|split(\d{1,3})|(int8|floats)|weights=[a-z0-9]+)$/.exec(word);
    if (found === null)
      throw new EngineError(
        "unsupported",
        `direct-webgl knows no tuning ${word}: say mrt8, split16, int8 or floats.`,
      );
    if (found[1] !== undefined) tuning.pixels = Number(found[1]);
    if (found[2] !== undefined) tuning.split = Number(found[2]);
    if (found[3] !== undefined) tuning.int8 = found[3] === "int8";
  }
  return tuning;
}

/** All that the autotune chooses. */
export type Choice = WithHalf<Tuning>;

/** `mrt8,split0,int8,half=wrong` */
export const printChoice = (choice: Choice): string => printHalf(choice, printTuning);
export const readChoice = (text: string): Choice => readHalf(text, readTuning);
