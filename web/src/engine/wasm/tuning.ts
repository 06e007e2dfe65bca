// The choices of this back end, and the words that stand for them in `Variant.tuning`.
import { EngineError } from "../device";

export interface Tuning {
  /** Relaxed SIMD: multiply and add in one instruction. */
  readonly relaxed: boolean;
  /** 2x2 taps by 9 multiplications instead of 16. */
  readonly winograd: boolean;
  /** Weights of layers with few places stay bytes in memory. */
  readonly bytes: boolean;
}

const WORDS = {
  relaxed: "relaxed",
  winograd: "winograd",
  bytes: "int8w",
} as const satisfies Record<keyof Tuning, string>;

export function tuningText(tuning: Tuning): string {
  const words = (Object.keys(WORDS) as (keyof Tuning)[])
    .filter((key) => tuning[key])
    .map((key) => WORDS[key]);
  return words.join("+") || "plain";
}

/** "relaxed+winograd+int8w" or any part of it, or "plain"; what a run adds of the weights is no news. Throws `EngineError` for words it does not know. */
export function readTuning(text: string, relaxedHere: boolean): Tuning {
  const own = text.replace(/,weights=[a-z0-9]+$/, "");
  const words = own === "plain" ? [] : own.split("+");
  const known: readonly string[] = Object.values(WORDS);
  const strange = words.find((word) => !known.includes(word));
  if (strange !== undefined)
    throw new EngineError(
      "unsupported",
      `tuning has the word ${strange}; it may have ${known.join(", ")}, or be plain.`,
    );
  const has = (key: keyof Tuning): boolean => words.includes(WORDS[key]);
  if (has("relaxed") && !relaxedHere)
    throw new EngineError(
      "unsupported",
      "This browser's WebAssembly has no relaxed SIMD: leave that word out.",
    );
  return { relaxed: has("relaxed"), winograd: has("winograd"), bytes: has("bytes") };
}

export const usualTuning = (relaxedHere: boolean): Tuning => ({
  relaxed: relaxedHere,
  winograd: true,
  bytes: true,
});

/** All that the autotune chooses. */
export interface Choice {
  readonly tuning: Tuning;
  readonly threads: number;
}

/** `relaxed+winograd+int8w,threads=4`; a variant has the threads elsewhere. */
export const printChoice = ({ tuning, threads }: Choice): string =>
  `${tuningText(tuning)},threads=${threads}`;

/** Reads what `printChoice` wrote, for at most so many threads. Throws for anything else. */
export function readChoice(text: string, relaxedHere: boolean, most: number): Choice {
  const [words = "", count = ""] = text.split(",threads=");
  const threads = Number(count);
  if (!Number.isInteger(threads) || threads < 1 || threads > most)
    throw new EngineError("unsupported", `There are 1 to ${most} threads here, not ${count}.`);
  return { tuning: readTuning(words, relaxedHere), threads };
}
