// Numbers and names as the lab writes them.
import { figure } from "../ui/format";
import type { RunnerVariant } from "../runners/types";

export const ENGLISH = "en";

const grouped = new Intl.NumberFormat(ENGLISH);

export const whole = (value: number): string => grouped.format(value);

export const milliseconds = (value: number): string => `${figure(ENGLISH, value)} ms`;

export const levels = (value: number): string => `${value} ${value === 1 ? "level" : "levels"}`;

/** A share so that 99.999 % is not written as all. */
export function percent(share: number): string {
  if (share === 1) return "100 %";
  return `${(Math.floor(share * 100_000) / 1000).toFixed(share > 0.999 ? 3 : 1)} %`;
}

/** Billions of floating point operations a second: a multiply-add is two. */
export const gigaflops = (multiplyAdds: number, ms: number): string =>
  multiplyAdds > 0 && ms > 0 ? figure(ENGLISH, (2 * multiplyAdds) / (ms * 1e6)) : "";

export function variantText({ threads, precision, tuning, library }: RunnerVariant): string {
  const count = threads === null ? null : `${threads} ${threads === 1 ? "thread" : "threads"}`;
  return [precision, count, tuning, library].filter(Boolean).join(", ");
}
