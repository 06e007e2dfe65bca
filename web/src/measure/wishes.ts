// What a study asks of a mode beyond its name, and whether the runner does it: a figure never stands under a wish that was
// not met.
import type { RunnerVariant, VariantWishes } from "../runners/types";

/** As in the brackets of a mode's name: "threads=1,precision=float16". */
export function wishesText(wishes: VariantWishes | null | undefined): string {
  const given = Object.entries(wishes ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.map(([name, value]) => `${name}=${value}`).join(",");
}

/** A sentence for what was asked and is not so; null where all is as it was asked. A tuning is the runner's own to refuse. */
export function unmetWish(wishes: VariantWishes | null | undefined, variant: RunnerVariant): string | null {
  const { threads, precision } = wishes ?? {};
  if (threads != null && variant.threads !== threads)
    return `The study asks for threads=${threads}; this mode runs with ${variant.threads ?? "none to choose"} here.`;
  if (precision != null && variant.precision !== precision)
    return `The study asks for precision=${precision}; this mode runs with ${variant.precision} here.`;
  return null;
}
