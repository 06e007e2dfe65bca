// The measuring knobs, checked once and frozen. What they mean: kit/domain/wire/page.py, which has the same ranges.
import type { Protocol } from "../wire/types";

export type Knobs = Readonly<Required<Protocol>>;

type NumberKey = { [K in keyof Knobs]: Knobs[K] extends number ? K : never }[keyof Knobs];

const RANGES: Record<NumberKey, readonly [number, number]> = {
  blocks: [2, 20],
  capability_s: [0.5, 30],
  displayed_s: [0.5, 30],
  warmup_min_s: [0, 20],
  warmup_min_frames: [1, 1000],
  warmup_max_s: [0.5, 60],
  block_max_s: [1, 60],
  min_frames: [2, 100],
  in_flight: [1, 2],
};

const DEFAULTS: Knobs = {
  blocks: 2,
  capability_s: 3,
  displayed_s: 3,
  warmup_min_s: 2,
  warmup_min_frames: 30,
  warmup_max_s: 20,
  block_max_s: 30,
  min_frames: 5,
  in_flight: 2,
  drift_control: true,
};

/** Fills in defaults and refuses what is out of range, by name. */
export function readProtocol(given: Partial<Protocol>): Knobs {
  const knobs = { ...DEFAULTS, ...given };
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = knobs[name as NumberKey];
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw new RangeError(`protocol.${name} must be from ${least} to ${most}, not ${String(value)}`);
    }
  }
  return Object.freeze(knobs);
}
