// From steps to passes: one entry for each kind, and the compiler misses none.
import type { Step } from "../../plan";
import type { Lowering } from "./context";
import { lowerConv } from "./conv";
import { lowerJoin } from "./join";
import { lowerCombine, lowerMap } from "./map";
import { lowerNorm } from "./norm";
import { lowerBlocks, lowerPool, lowerSample } from "./places";

export { Lowering } from "./context";

const LOWER: { readonly [Kind in Step["kind"]]: (lowering: Lowering, step: Step & { kind: Kind }) => void } =
  {
    conv: lowerConv,
    join: lowerJoin,
    map: lowerMap,
    combine: lowerCombine,
    sample: lowerSample,
    pool: lowerPool,
    blocks: lowerBlocks,
    norm: lowerNorm,
  };

export function lowerStep(lowering: Lowering, step: Step): void {
  (LOWER[step.kind] as (lowering: Lowering, step: Step) => void)(lowering, step);
}
