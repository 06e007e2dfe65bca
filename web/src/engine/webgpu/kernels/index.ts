// From steps of the plan to dispatches; the compiler misses no kind of step.
import type { Step } from "../../plan";
import type { Dispatch } from "../shader";
import { blocksKernel } from "./blocks";
import { combineKernel } from "./combine";
import type { Making } from "./context";
import { convKernel } from "./conv";
import { depthwiseKernel } from "./depthwise";
import { joinKernel } from "./join";
import { mapKernel } from "./map";
import { normKernel } from "./norm";
import { poolKernel } from "./pool";
import { sampleKernel } from "./sample";

export type { Making } from "./context";

/** What computes a step, in this order. */
export function dispatchesOf(step: Step, making: Making): Dispatch[] {
  switch (step.kind) {
    case "conv":
      return step.depthwise ? depthwiseKernel(step, making) : convKernel(step, making);
    case "map":
      return mapKernel(step, making);
    case "combine":
      return combineKernel(step, making);
    case "join":
      return joinKernel(step, making);
    case "sample":
      return sampleKernel(step, making);
    case "pool":
      return poolKernel(step, making);
    case "blocks":
      return blocksKernel(step, making);
    case "norm":
      return normKernel(step, making);
  }
}
