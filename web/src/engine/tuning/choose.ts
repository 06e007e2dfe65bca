// Where a session's choices come from: forced by whoever makes it, remembered, tuned, or the usual ones.
import type { Chosen, SessionOptions } from "../device";
import { remember, remembered } from "./memory";
import type { TuningKey } from "./memory";

/** What one back end can choose. */
export interface Choosing<T> {
  readonly key: TuningKey;
  readonly usual: T;
  /** Null where nothing was forced. */
  readonly forced: T | null;
  /** Whether timing a few layers can find anything out here. */
  readonly worthwhile: boolean;
  readonly print: (choice: T) => string;
  /** Throws for what `print` did not write. */
  readonly read: (text: string) => T;
  readonly tune: () => Promise<T>;
}

export interface Choice<T> {
  readonly choice: T;
  readonly how: Chosen;
}

/** Chooses, and remembers what was tuned. Throws what `tune` throws. */
export async function choose<T>(choosing: Choosing<T>, options: SessionOptions): Promise<Choice<T>> {
  const { key, usual, forced, worthwhile, print, read, tune } = choosing;
  if (forced !== null) return { choice: forced, how: "forced" };
  const { autotune = "where it helps", memory } = options;
  if (autotune === "never" || (autotune === "where it helps" && !worthwhile))
    return { choice: usual, how: "usual" };
  const known = remembered(memory, key, read);
  if (known !== null) return { choice: known, how: "remembered" };
  const choice = await tune();
  remember(memory, key, print(choice));
  return { choice, how: "tuned" };
}

/** Renderers in software: the usual choices were found on them, and other work on the same cores would be timed with them. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|microsoft basic render/i;

export const inSoftware = (renderer: string): boolean => SOFTWARE.test(renderer);
