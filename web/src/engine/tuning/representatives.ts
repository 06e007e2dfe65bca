// The layers that stand for all others while something is tried.
import { kernelSize, multiplyAdds } from "../plan";
import type { ConvStep, Plan } from "../plan";

/** Layers with no more places than this cannot keep a device busy by their places alone. */
const FEW_PLACES = 64;

const sumLength = (step: ConvStep): number =>
  kernelSize(step).taken * Math.max(0, ...step.phases.map(({ taps }) => taps.length));

/** The largest of them; the first of several. */
function most(steps: readonly ConvStep[], size: (step: ConvStep) => number): ConvStep | null {
  return steps.reduce<ConvStep | null>(
    (best, step) => (best === null || size(step) > size(best) ? step : best),
    null,
  );
}

/** The convolution with most work, and the one with the longest sums at few places: that one waits for memory. */
export function representatives(plan: Plan): { wide: ConvStep | null; deep: ConvStep | null } {
  const convs = plan.steps.filter((step): step is ConvStep => step.kind === "conv" && !step.depthwise);
  const few = convs.filter(({ output: { shape } }) => shape[0] * shape[1] <= FEW_PLACES);
  return { wide: most(convs, multiplyAdds), deep: most(few, sumLength) };
}
