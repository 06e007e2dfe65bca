// When to try again: soon at first, then ever more rarely, and at once when the browser says that it is online.

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Pause before attempt `number` + 1, in ms: doubling, at most a minute, spread so that not all browsers come at once. */
export function pauseBefore(number: number, random = Math.random()): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** number) * (0.5 + random / 2);
}

export class Retry {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(private readonly action: () => void) {
    globalThis.addEventListener?.("online", this.now);
  }

  /** After a failure; `atLeastMs` where the server said how long to wait. */
  later(atLeastMs = 0): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.action, Math.max(atLeastMs, pauseBefore(this.failures)));
    this.failures += 1;
  }

  /** After a success. */
  reset(): void {
    clearTimeout(this.timer);
    this.failures = 0;
  }

  readonly now = (): void => {
    this.reset();
    this.action();
  };

  stop(): void {
    clearTimeout(this.timer);
    globalThis.removeEventListener?.("online", this.now);
  }
}
