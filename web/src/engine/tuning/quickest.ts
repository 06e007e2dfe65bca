// The autotune's way to search, the same for all back ends: a few representative layers are timed with other choices. A
// choice has to win clearly, so that a busy machine does not choose by chance, and what costs more time than is given is
// not tried.
import { EngineError } from "../device";

/** Milliseconds for all of it; a trial that has begun is ended. */
const BUDGET_MS = 800;
/** Another choice has to be this much quicker. */
const CLEARLY = 0.9;
/** What one measurement should last at least, for the clocks of browsers. */
const LEAST_MS = 6;
const MOST_REPEATS = 64;

/** Something that can be chosen. Questions are asked one after the other, each with the best choice so far. */
export interface Question<T> {
  /** Milliseconds of the same work with a choice. */
  readonly ms: (choice: T) => Promise<number>;
  readonly others: (best: T) => readonly T[];
}

/** Milliseconds of one of `repeats`, the better of two measurements. `work` resolves when all of it is finished. */
export async function msOf(work: (repeats: number) => Promise<void> | void): Promise<number> {
  const once = async (repeats: number): Promise<number> => {
    const started = performance.now();
    await work(repeats);
    return performance.now() - started;
  };
  let repeats = 1;
  let ms = await once(repeats);
  while (ms < LEAST_MS && repeats < MOST_REPEATS) ms = await once((repeats *= 4));
  // What lasts long is timed well enough, and the time for all of it is short.
  return ms > 10 * LEAST_MS ? ms / repeats : Math.min(ms, await once(repeats)) / repeats;
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
    let least = CLEARLY * (await ms(best));
    for (const other of others(best)) {
      if (spent()) break;
      const found = await orNever(ms(other));
      if (found < least) [best, least] = [other, found];
    }
  }
  return best;
}
