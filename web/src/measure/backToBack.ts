// Frames one after the other as fast as they can: the warm-up and the capability window.
import type { Frame, Runner } from "../runners/types";

export interface BackToBack {
  readonly runner: Pick<Runner, "draw" | "close">;
  readonly next: () => Frame;
  /** Frames that may be drawn and not yet seen finished. */
  readonly depth: number;
  readonly signal: AbortSignal;
  /** At this moment the window ends, whatever was finished. */
  readonly deadline: number;
  /** Called with the moment at which each frame was seen finished; returns whether the window is over. */
  readonly onFrame: (at: number) => boolean;
}

/** How long what is still being worked on may take after a window is over. */
const DRAIN_MS = 30_000;

const quiet = (): undefined => undefined;

/** Resolves with whether `work` came first; rejects when it failed. No timer is left behind. */
export async function within(work: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = quiet as () => void;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
    stop = () => resolve(false);
    signal?.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Waits for what is still in flight. Throws when it does not finish: such a runner cannot be used again. */
export async function drain(work: readonly Promise<unknown>[]): Promise<void> {
  if (!(await within(Promise.allSettled(work), DRAIN_MS))) {
    throw new Error(`A frame did not finish within ${DRAIN_MS / 1000} s after its window.`);
  }
}

/**
 * Runs until `onFrame` says so, the deadline passes or the signal is aborted. Frames that are still in flight then are
 * waited for but not counted: the window ends with a frame, so neither their time nor their number is in it.
 */
export async function runBackToBack(options: BackToBack): Promise<void> {
  const { runner, next, depth, signal, deadline, onFrame } = options;
  const inFlight: Promise<void>[] = [];
  const issue = async (): Promise<void> => {
    await runner.draw(next());
    const closing = runner.close();
    void closing.catch(quiet); // It is awaited in its turn; until then a rejection is not "unhandled".
    inFlight.push(closing);
  };
  for (let over = signal.aborted; !over;) {
    while (inFlight.length < depth) await issue();
    const oldest = inFlight[0] ?? Promise.resolve();
    if (!(await within(oldest, deadline - performance.now(), signal))) break;
    void inFlight.shift();
    over = onFrame(performance.now()) || signal.aborted || performance.now() >= deadline;
  }
  await drain(inFlight);
}
