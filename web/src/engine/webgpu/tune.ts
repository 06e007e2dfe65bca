// What the autotune can choose on WebGPU, and how one layer is timed with a choice.
import type { Model } from "../device";
import type { Precision } from "../golden";
import type { ConvStep, Plan, Value } from "../plan";
import { msOf, precisionOf, quickest, representatives } from "../tuning";
import type { Question } from "../tuning";
import type { Gpu } from "./gpu";
import { dispatchesOf } from "./kernels";
import { issue, makeReady } from "./pipelines";
import type { Ready } from "./pipelines";
import { makingOf } from "./program";
import { layoutsOf, makeSlot } from "./slots";
import type { Slot } from "./slots";
import type { Choice, Tuning } from "./tuning";

export interface TuneOptions {
  readonly model: Model;
  readonly plan: Plan;
  /** Where half precision is not chosen. */
  readonly precision: Precision;
  readonly mayHalve: boolean;
  readonly usual: Choice;
}

async function repeat(gpu: Gpu, work: readonly Ready[], times: number): Promise<void> {
  const encoder = gpu.device.createCommandEncoder({ label: "autotune" });
  const pass = encoder.beginComputePass();
  issue(pass, work, times);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.finished();
}

/** Slots for what a step reads and makes, when they are asked for. */
function slotsFor(gpu: Gpu, { plan, precision }: TuneOptions, choice: Choice): (value: Value) => Slot {
  const holding = { values: choice.tuning.values, half: precisionOf(choice, precision) === "float16" };
  const layouts = layoutsOf(plan, holding, gpu.device.limits);
  const made = new Map<Value, Slot>();
  return (value) => {
    const layout = layouts[value.id];
    if (!layout) throw new Error(`The plan makes no value ${value.name}.`);
    const slot = made.get(value) ?? makeSlot(gpu, value.name, layout);
    made.set(value, slot);
    return slot;
  };
}

/** Milliseconds of one step with a choice; what it reads is zeros. */
async function trial(gpu: Gpu, options: TuneOptions, step: ConvStep, choice: Choice): Promise<number> {
  const forget = gpu.mark();
  try {
    const { model } = options;
    const work = await gpu.checked(() => {
      const making = makingOf(gpu, model, choice.tuning, slotsFor(gpu, options, choice));
      return makeReady(gpu, dispatchesOf(step, making));
    });
    await gpu.checked(() => repeat(gpu, work, 1)); // Drivers may compile again when something first runs.
    return await msOf((times) => repeat(gpu, work, times));
  } finally {
    forget();
  }
}

/** Places of a row and groups of channels that one invocation may make. */
const BLOCKS = [[4, 2], [4, 1], [8, 1], [2, 2]] as const; // prettier-ignore
const SPLITS = [1, 4, 8];

/** What is tried, one question after the other, each with the best so far. */
function questions(gpu: Gpu, options: TuneOptions): Question<Choice>[] {
  const { wide, deep } = representatives(options.plan);
  const asked: Question<Choice>[] = [];
  const ask = (step: ConvStep | null, others: (best: Tuning) => readonly Partial<Tuning>[]): void => {
    if (step === null) return;
    asked.push({
      ms: (choice) => trial(gpu, options, step, choice),
      others: (best) =>
        others(best.tuning).map((changes) => ({ ...best, tuning: { ...best.tuning, ...changes } })),
    });
  };
  ask(wide, ({ values }) => [{ values: values === "texture" ? "buffer" : "texture" }]);
  ask(deep, (best) => SPLITS.filter((split) => split !== best.split).map((split) => ({ split })));
  ask(wide, (best) =>
    BLOCKS.filter(([pixels, groups]) => pixels !== best.pixels || groups !== best.groups).map(
      ([pixels, groups]) => ({ pixels, groups }),
    ),
  );
  ask(deep, ({ weights }) => (weights === "float32" ? [] : [{ weights: "float32" }]));
  ask(wide, ({ quad }) => (quad ? [{ quad: false }] : []));
  if (wide && options.mayHalve)
    asked.push({
      ms: (choice) => trial(gpu, options, wide, choice),
      others: (best) => [{ ...best, half: "yes" }],
    });
  return asked;
}

/** The quickest choices here, as far as the time allows. Leaves nothing on the device. Throws where it is lost. */
export const tune = (gpu: Gpu, options: TuneOptions): Promise<Choice> =>
  quickest(options.usual, questions(gpu, options));
