// The autotune's way to search, the same for all back ends: a few representative layers are timed with other choices. A
// choice has to win clearly, so that a busy machine does not choose by chance, and what costs more time than is given is
// not tried.
import { EngineError } from "../device";
import { nextTask } from "../poll";

/** Milliseconds for all of it; a trial that has begun is ended. */
const BUDGET_MS = 800;
/** Another choice has to be this much quicker. */
const CLEARLY = 0.9;
/** What one measurement should last at least, for the clocks of browsers. */
const LEAST_MS = 6;
const MOST_REPEATS = 64;
/** For all measurements of a trial. */
const ENOUGH_MS = 40;
/** Where the browser compiles what runs often once more, in the background. */
const WARM_MS = 25;

/** Something that can be chosen. Questions are asked one after the other, each with the best choice so far. */
export interface Question<T> {
  /** Milliseconds of the same work with a choice. */
  readonly ms: (choice: T) => Promise<number>;
  readonly others: (best: T) => readonly T[];
}

/** Milliseconds of one of `repeats`, the best of some measurements. `work` resolves when all of it is finished. */
export async function msOf(work: (repeats: number) => Promise<void> | void): Promise<number> {
  const begun = performance.now();
  const once = async (repeats: number): Promise<number> => {
    const started = performance.now();
    await work(repeats);
    return performance.now() - started;
  };
  let repeats = 1;
  let ms = await once(repeats);
  while (ms < LEAST_MS && repeats < MOST_REPEATS) ms = await once((repeats *= 4));
  // Whatever else the machine does only makes it longer.
  while (performance.now() - begun < ENOUGH_MS) ms = Math.min(ms, await once(repeats));
  return ms / repeats;
}

/** Runs `work` for a while, with pauses. */
export async function warmed(work: () => void): Promise<void> {
  const started = performance.now();
  do {
    work();
    await nextTask();
  } while (performance.now() - started < WARM_MS);
}

/** A choice that this device cannot have is no choice; one that is gone ends everything. */
async function orNever(trial: Promise<number>): Promise<number> {
  try {
    return await trial;
  } catch (error) {
    if (error instanceof EngineError && error.fault !== "lost") return Infinity;
    throw error;
  }
}

/** The quickest choices here, as far as the time allows. Throws what the trial of the usual choice throws. */
export async function quickest<T>(
  usual: T,
  questions: readonly Question<T>[],
  budgetMs: number = BUDGET_MS,
): Promise<T> {
  const started = performance.now();
  const spent = (): boolean => performance.now() - started > budgetMs;
  let best = usual;
  for (const { ms, others } of questions) {
    if (spent()) break;
    let least = await ms(best);
    for (const other of others(best)) {
      if (spent()) break;
      const found = await orNever(ms(other));
      if (found >= CLEARLY * least) continue;
      // The machine may have been busy just before, so the one that lost may try again.
      least = Math.min(least, await ms(best));
      if (found < CLEARLY * least) [best, least] = [other, found];
    }
  }
  return best;
}
