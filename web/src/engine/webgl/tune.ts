// The autotune: a few representative layers are timed with other choices. A choice has to win clearly, so that a busy
// machine does not choose by chance, and what costs more time than is given is not tried.
import type { Model } from "../device";
import type { Precision } from "../golden";
import { multiplyAdds } from "../plan";
import type { ConvStep, Plan } from "../plan";
import { chunksOf, kernelScale } from "./convWeights";
import { Drawer } from "./draws";
import { closeFence } from "./fence";
import type { Limits } from "./limits";
import { Placed } from "./placed";
import type { Draw } from "./placed";
import { buildPrograms, shaderOf } from "./programs";
import { Resources } from "./resources";
import { Lowering, lowerStep } from "./steps";
import { DEFAULT_TUNING } from "./tuning";
import type { Tuning } from "./tuning";

/** Milliseconds for all of it; a trial that has begun is ended. */
const BUDGET_MS = 800;
/** Another choice has to be this much quicker. */
const CLEARLY = 0.9;
/** What one measurement should last at least, for the clocks of browsers. */
const LEAST_MS = 6;
const MOST_DRAWS = 64;

/** Renderers in software: the defaults were chosen on them, and other work on the same cores would be timed with them. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|microsoft basic render/i;

/** Whether timing a few layers can find anything out here. */
export const worthTuning = (renderer: string): boolean => !SOFTWARE.test(renderer);

export interface TuneOptions {
  readonly model: Model;
  readonly plan: Plan;
  readonly limits: Limits;
  readonly precision: Precision;
}

/** The convolution with most work, and the one with the longest sums at few places: on GPUs that one waits for memory. */
function representatives(plan: Plan): { wide: ConvStep | null; deep: ConvStep | null } {
  const convs = plan.steps.filter((step): step is ConvStep => step.kind === "conv" && !step.depthwise);
  const most = (all: readonly ConvStep[], size: (step: ConvStep) => number): ConvStep | null =>
    all.reduce<ConvStep | null>(
      (best, step) => (best === null || size(step) > size(best) ? step : best),
      null,
    );
  const few = convs.filter(({ output: { shape } }) => shape[0] * shape[1] <= 64);
  return { wide: most(convs, multiplyAdds), deep: most(few, (step) => chunksOf(step).length) };
}

async function measured(gl: WebGL2RenderingContext, drawer: Drawer, draws: readonly Draw[]): Promise<number> {
  await closeFence(gl);
  for (let count = 1; ; count *= 4) {
    const started = performance.now();
    for (let i = 0; i < count; i++) for (const draw of draws) drawer.issue(draw);
    await closeFence(gl);
    const ms = performance.now() - started;
    if (ms >= LEAST_MS || count >= MOST_DRAWS) return ms / count;
  }
}

/** Milliseconds of one step with a choice; what it reads is zeros. */
async function trial(
  gl: WebGL2RenderingContext,
  options: TuneOptions,
  step: ConvStep,
  tuning: Tuning,
): Promise<number> {
  const { model, limits, precision } = options;
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
    for (const draw of draws) drawer.issue(draw); // The first draw compiles again, in many drivers.
    const times = [await measured(gl, drawer, draws), await measured(gl, drawer, draws)];
    return Math.min(...times);
  } finally {
    resources.clear();
  }
}

type Variation = (tuning: Tuning) => Tuning[];

/** What is tried, one choice after the other, each with the best so far. */
function variations(
  model: Model,
  { wide, deep }: ReturnType<typeof representatives>,
): { step: ConvStep; vary: Variation }[] {
  const tries: { step: ConvStep; vary: Variation }[] = [];
  if (wide) tries.push({ step: wide, vary: (tuning) => [{ ...tuning, pixels: 4 }] });
  if (deep && chunksOf(deep).length >= 32)
    tries.push({ step: deep, vary: (tuning) => [16, 64].map((split) => ({ ...tuning, split })) });
  if (wide && kernelScale(model, wide) !== null)
    tries.push({ step: wide, vary: (tuning) => [{ ...tuning, int8: false }] });
  return tries;
}

/** The quickest choices here, as far as the time allows. Leaves nothing on the GPU. Throws where the context is lost. */
export async function tune(gl: WebGL2RenderingContext, options: TuneOptions): Promise<Tuning> {
  const started = performance.now();
  const spent = (): boolean => performance.now() - started > BUDGET_MS;
  let best = DEFAULT_TUNING;
  for (const { step, vary } of variations(options.model, representatives(options.plan))) {
    if (spent()) break;
    let least = CLEARLY * (await trial(gl, options, step, best));
    for (const other of vary(best)) {
      if (spent()) break;
      const ms = await trial(gl, options, step, other);
      if (ms < least) [best, least] = [other, ms];
    }
  }
  return best;
}
