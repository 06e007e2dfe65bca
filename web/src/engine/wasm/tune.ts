// What the autotune can choose on WebAssembly, and how layers and whole pictures are timed with a choice. Relaxed SIMD is
// taken wherever it is there: it is the same work in fewer instructions.
import type { Model } from "../device";
import type { ConvStep, Plan } from "../plan";
import { msOf, quickest, representatives, warmed } from "../tuning";
import type { Question } from "../tuning";
import { buildOf, codeOf } from "./code";
import type { Load } from "./code";
import { lowerAlone } from "./lower";
import { roomsFor, startMachine } from "./machine";
import type { Machine } from "./machine";
import { STEP_BYTES } from "./program";
import type { Tuning } from "./tuning";
import { suitsWinograd } from "./winograd";

interface Trying {
  readonly model: Model;
  readonly plan: Plan;
  readonly load?: Load | undefined;
}

/** Milliseconds of one step on one thread; what it reads is zeros. */
async function trial({ model, plan, load }: Trying, step: ConvStep, tuning: Tuning): Promise<number> {
  const { arena, program } = lowerAlone(model, plan, step, { tuning, threads: 1, keepValues: false });
  const table = program.table();
  const end = table + program.instructions.length * STEP_BYTES;
  const rooms = roomsFor(arena, 1, program.scratch);
  const machine = await startMachine(await codeOf(buildOf(tuning.relaxed, 1), load), arena, rooms);
  const once = (): void => machine.run(table, end);
  try {
    await warmed(once);
    return await msOf((times) => {
      for (let i = 0; i < times; i++) once();
    });
  } finally {
    machine.destroy();
  }
}

/** The quickest kernels here. Leaves nothing. */
export function tuneKernels(trying: Trying, usual: Tuning): Promise<Tuning> {
  const { wide, deep } = representatives(trying.plan);
  const asked: Question<Tuning>[] = [];
  const ask = (step: ConvStep, changes: Partial<Tuning>): void =>
    void asked.push({
      ms: (tuning) => trial(trying, step, tuning),
      others: (best) => [{ ...best, ...changes }],
    });
  if (wide && suitsWinograd(wide)) ask(wide, { winograd: false });
  if (deep && trying.model.manifest.precision === "int8") ask(deep, { bytes: false });
  return quickest(usual, asked);
}

/** Half the time of all kernels is enough to meet each other a few times. */
const BUDGET_MS = 300;

/**
 * How many of the machine's threads are quickest: processors with few quick cores lose by the others. The machine has that
 * many when this resolves. `draw` computes one picture.
 */
export async function tuneThreads(machine: Machine, most: number, draw: () => void): Promise<number> {
  let now = most;
  const become = async (threads: number): Promise<void> => {
    if (threads !== now) await machine.resize(threads);
    now = threads;
  };
  const question: Question<number> = {
    async ms(threads) {
      await become(threads);
      await warmed(draw);
      return msOf((times) => {
        for (let i = 0; i < times; i++) draw();
      });
    },
    others: (best) => (best > 2 ? [Math.floor(best / 2), 1] : [1]),
  };
  const best = await quickest(most, [question], BUDGET_MS);
  await become(best);
  return best;
}
