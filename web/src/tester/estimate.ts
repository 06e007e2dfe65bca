// How long measuring will take, before and while it runs. A guess in seconds, rounded up by the page.

import type { PageConfig, Protocol } from "../wire/types";

/** Loading, the picture check and compiling, a block. */
const OVERHEAD_S = 3;

/** One block: warm-up as short as it may be, both windows, and what surrounds them. */
export function blockSeconds(protocol: Protocol): number {
  return (
    (protocol.warmup_min_s ?? 2) + (protocol.capability_s ?? 3) + (protocol.displayed_s ?? 3) + OVERHEAD_S
  );
}

/** Blocks of a visit as the protocol makes them: every condition so many times, and the first once more. */
export function blockCount(config: PageConfig): number {
  const conditions = config.models.length * config.modes.length;
  return conditions * (config.protocol.blocks ?? 2) + (config.protocol.drift_control === false ? 0 : 1);
}

export function measureSeconds(config: PageConfig): number {
  return blockCount(config) * blockSeconds(config.protocol);
}

export function downloadBytes(config: PageConfig): number {
  return config.models.reduce((sum, model) => sum + model.bytes, 0);
}
