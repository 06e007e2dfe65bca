// Slots for all values of a plan; those that nobody reads any more are used again.
import { lastUses } from "../plan";
import type { Plan, Value } from "../plan";
import type { Gpu } from "./gpu";
import { makeSlot } from "./slots";
import type { Layout, Slot } from "./slots";

/** One slot for each value that has a layout, by id. `keep`: no slot is used twice. */
export function makeSlots(
  gpu: Gpu,
  plan: Plan,
  layouts: readonly (Layout | null)[],
  keep: boolean,
): (Slot | null)[] {
  const slots: (Slot | null)[] = plan.values.map(() => null);
  const free = new Map<string, Slot[]>();
  const last = lastUses(plan);
  const take = ({ id, name }: Value): void => {
    const layout = layouts[id];
    if (!layout) return;
    slots[id] = free.get(JSON.stringify(layout))?.pop() ?? makeSlot(gpu, name, layout);
  };
  const give = (value: Value): void => {
    const [layout, slot] = [layouts[value.id], slots[value.id]];
    if (!layout || !slot || constant.has(value)) return;
    const key = JSON.stringify(layout);
    free.set(key, [...(free.get(key) ?? []), slot]);
  };
  const constant = new Set(plan.constants.map(({ value }) => value));
  for (const value of [plan.input, ...constant]) take(value);
  plan.steps.forEach((step, i) => {
    take(step.output);
    if (keep) return;
    // Only afterwards: a step never writes where it reads.
    for (const value of new Set([...step.inputs, step.output])) if (last[value.id] === i) give(value);
  });
  return slots;
}
