// Half precision is chosen by the golden output, never by hope: some GPUs compute wrongly in it, and some networks have
// values that it cannot hold.
import type { GoldenValues, SessionOptions } from "../device";
import { compareValues, passes } from "../golden";
import type { Precision } from "../golden";

/** "wrong": it was tried, its output was wrong, and float32 is taken instead. */
export type Half = "no" | "yes" | "wrong";

export interface WithHalf<T> {
  readonly tuning: T;
  readonly half: Half;
}

/** `otherwise`: what was asked for, or what the device has. */
export const precisionOf = <T>({ half }: WithHalf<T>, otherwise: Precision): Precision =>
  (({ no: otherwise, yes: "float16", wrong: "float32" }) as const)[half];

const WORD = /,half=(yes|wrong)$/;

/** Behind the back end's own words. */
export const printHalf = <T>({ tuning, half }: WithHalf<T>, print: (tuning: T) => string): string =>
  print(tuning) + (half === "no" ? "" : `,half=${half}`);

/** Reads what `printHalf` wrote; throws what `read` throws. */
export function readHalf<T>(text: string, read: (text: string) => T): WithHalf<T> {
  const half = (WORD.exec(text)?.[1] ?? "no") as Half;
  return { tuning: read(text.replace(WORD, "")), half };
}

/** Whether the autotune may try it: nothing else is asked for, and there is something to check it by. */
export const mayTryHalf = ({ precision, golden }: SessionOptions): boolean =>
  precision === undefined && golden != null;

/** Whether an output is right, for what half precision may differ. */
export const isRight = (
  made: Float32Array,
  golden: GoldenValues,
  range: readonly [number, number],
): boolean => passes(compareValues(made, golden.output, range), "float16");
