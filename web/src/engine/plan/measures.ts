// What a plan costs, in figures that do not depend on the machine.
import { kernelSize } from "./kernels";
import type { ConvStep, Plan, Step } from "./types";

/** Places of a phase at which a tap meets data, along one axis. */
function meets(places: number, stride: number, distance: number, size: number): number {
  const first = Math.max(0, Math.ceil(-distance / stride));
  const last = Math.min(places - 1, Math.floor((size - 1 - distance) / stride));
  return Math.max(0, last - first + 1);
}

/** Multiply-adds of one picture that meet data. */
export function multiplyAdds(step: ConvStep): number {
  const { taken, made } = kernelSize(step);
  const [height = 0, width = 0] = step.inputs[0]?.shape ?? [];
  const hits = step.phases.flatMap((phase) =>
    phase.taps.map(
      ({ dy, dx }) =>
        meets(phase.places[0], step.stride[0], dy, height) *
        meets(phase.places[1], step.stride[1], dx, width),
    ),
  );
  return hits.reduce((sum, count) => sum + count, 0) * taken * made;
}

/** Weights that a step holds, dead taps left out. */
export function weightCount(step: Step): number {
  if (step.kind !== "conv") return 0;
  const { taken, made } = kernelSize(step);
  const planes = new Set(step.phases.flatMap(({ taps }) => taps.map(({ plane }) => plane)));
  return planes.size * taken * made;
}

/**
 * Index of the last step that reads or writes each value (by id), by its home or by what lives in it too: after it, nobody
 * looks at its memory any more. The output: never over.
 */
export function lastUses(plan: Plan): number[] {
  const last = plan.values.map(() => -1);
  plan.steps.forEach((step, i) => {
    for (const value of [...step.inputs, step.output]) {
      for (let at: typeof value | undefined = value; at !== undefined; at = at.home?.value) last[at.id] = i;
    }
  });
  last[plan.output.id] = Infinity;
  // A home stands before what lives there.
  for (const { id, home } of plan.values) {
    if (home !== null) last[id] = Math.max(last[id] ?? -1, last[home.value.id] ?? -1);
  }
  return last;
}
