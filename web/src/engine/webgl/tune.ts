// What the autotune can choose on WebGL2, and how one layer is timed with a choice.
import type { Model } from "../device";
import type { Precision } from "../golden";
import type { ConvStep, Plan } from "../plan";
import { msOf, precisionOf, quickest, representatives } from "../tuning";
import type { Question } from "../tuning";
import { chunksOf, kernelScale } from "./convWeights";
import { Drawer } from "./draws";
import { closeFence } from "./fence";
import type { Limits } from "./limits";
import { Placed } from "./placed";
import type { Draw } from "./placed";
import { buildPrograms, shaderOf } from "./programs";
import { Resources } from "./resources";
import { Lowering, lowerStep } from "./steps";
import type { Choice, Tuning } from "./tuning";

export interface TuneOptions {
  readonly model: Model;
  readonly plan: Plan;
  readonly limits: Limits;
  /** Where half precision is not chosen. */
  readonly precision: Precision;
  readonly mayHalve: boolean;
  readonly usual: Choice;
}

/** The device is done with all of them when this resolves. */
async function repeat(
  gl: WebGL2RenderingContext,
  drawer: Drawer,
  draws: readonly Draw[],
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) for (const draw of draws) drawer.issue(draw);
  await closeFence(gl);
}

/** Milliseconds of one step with a choice; what it reads is zeros. */
async function trial(
  gl: WebGL2RenderingContext,
  options: TuneOptions,
  step: ConvStep,
  choice: Choice,
): Promise<number> {
  const { model, limits } = options;
  const { tuning } = choice;
  const precision = precisionOf(choice, options.precision);
  const resources = new Resources(gl);
  try {
    const lowering = new Lowering(model, limits, tuning);
    const group = [1, Math.min(tuning.pixels, limits.attachments)] as const;
    for (const value of new Set(step.inputs)) lowering.place(value, { group });
    lowerStep(lowering, step);
    const programs = await buildPrograms(gl, resources, lowering.passes.map(shaderOf));
    const lasting = new Set(lowering.slots.all);
    const placed = new Placed(gl, resources, lowering, { precision, lasting, apart: true });
    const drawer = new Drawer(gl);
    drawer.prepare(resources.vertexArray());
    const draws = placed.draws(lowering.passes, programs);
    await repeat(gl, drawer, draws, 1); // The first draw compiles again, in many drivers.
    return await msOf((times) => repeat(gl, drawer, draws, times));
  } finally {
    resources.clear();
  }
}

/** What is tried, one question after the other, each with the best so far. */
function questions(gl: WebGL2RenderingContext, options: TuneOptions): Question<Choice>[] {
  const { wide, deep } = representatives(options.plan);
  const asked: Question<Choice>[] = [];
  const ask = (step: ConvStep, others: (best: Choice) => readonly Choice[]): void =>
    void asked.push({ ms: (choice) => trial(gl, options, step, choice), others });
  const tuned = (choice: Choice, changes: Partial<Tuning>): Choice => ({
    ...choice,
    tuning: { ...choice.tuning, ...changes },
  });
  if (wide) ask(wide, (best) => [tuned(best, { pixels: 4 })]);
  if (deep && chunksOf(deep).length >= 32)
    ask(deep, (best) => [16, 64].map((split) => tuned(best, { split })));
  if (wide && kernelScale(options.model, wide) !== null) ask(wide, (best) => [tuned(best, { int8: false })]);
  if (wide && options.mayHalve) ask(wide, (best) => [{ ...best, half: "yes" }]);
  return asked;
}

/** The quickest choices here, as far as the time allows. Leaves nothing on the GPU. Throws where the context is lost. */
export const tune = (gl: WebGL2RenderingContext, options: TuneOptions): Promise<Choice> =>
  quickest(options.usual, questions(gl, options));
