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

/** "relaxed+winograd+int8w" or any part of it, or "plain". Throws `EngineError` for words it does not know. */
export function readTuning(text: string, relaxedHere: boolean): Tuning {
  const words = text === "plain" ? [] : text.split("+");
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
