// Run reports as the measuring makes them, for tests.

import type { RunReport, Samples } from "../../src/wire/types";

interface Wanted {
  mode: string;
  ms: number;
  block?: number;
  kind?: RunReport["kind"];
  outcome?: RunReport["outcome"];
}

function window(ms: number, frames: number): Samples {
  return { k: Array<number>(frames).fill(1), ms: Array<number>(frames).fill(ms), elapsed_ms: ms * frames };
}

/** A run of 40 frames of `ms` milliseconds, and a displayed window of 25 pictures a second. */
export function run({ mode, ms, block = 0, kind = "measured", outcome = "ok" }: Wanted): RunReport {
  return {
    schema: 1,
    model: { name: "flowers-small", version: "1.0.0", sha256: "a".repeat(64) },
    mode,
    kind,
    block,
    started_ms: 0,
    outcome,
    variant: { threads: null, precision: "float32", library: "test" },
    environment: {
      tick_ms: 0.1,
      closing: "fence",
      close_ms: 0.1,
      in_flight: 2,
      isolated: true,
      visible: true,
      focused: true,
      canvas_width: 256,
      canvas_height: 256,
      vendor: "maker",
      renderer: "card",
    },
    capability: window(ms, 40),
    displayed: window(40, 25),
    events: [],
  };
}
