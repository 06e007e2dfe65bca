// What the autotune found is remembered where whoever uses the engine says, so that a second visit does not tune again.
import type { BackEnd } from "../device";

/** Keeps short texts. The engine brings none: a page has its own place for what it remembers. */
export interface TuningMemory {
  read(key: string): string | null;
  write(key: string, text: string): void;
}

export interface TuningKey {
  readonly backEnd: BackEnd;
  /** Hash of the model. */
  readonly model: string;
  /** The device's name for itself, or what else tells devices apart. */
  readonly renderer: string;
  /** What was asked for; other wishes may have other best choices. */
  readonly asked: string;
}

/** Raised where the words of a tuning change their meaning, so that older ones are forgotten. */
const WORDS_VERSION = 1;

/** The browser with its version: another one compiles other programs of the same shaders. */
const browser = (): string => globalThis.navigator?.userAgent ?? "";

export const keyText = ({ backEnd, model, renderer, asked }: TuningKey): string =>
  JSON.stringify([WORDS_VERSION, backEnd, model, renderer, asked, browser()]);

/** What is remembered, if `read` understands it. A memory that fails or holds something else is no reason to stop. */
export function remembered<T>(
  memory: TuningMemory | undefined,
  key: TuningKey,
  read: (text: string) => T,
): T | null {
  try {
    const text = memory?.read(keyText(key)) ?? null;
    return text === null ? null : read(text);
  } catch {
    return null;
  }
}

export function remember(memory: TuningMemory | undefined, key: TuningKey, text: string): void {
  try {
    memory?.write(keyText(key), text);
  } catch {
    // It is tuned again next time.
  }
}
