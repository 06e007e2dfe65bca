// The reference executor: every step of a plan, slow and plain. The oracle that faster back ends are compared with.
export { asShown, referencePicture } from "./picture";
export { runPlan, runReference } from "./run";
export type { ReferenceOptions } from "./run";
export { computeStep } from "./steps";
export { Store } from "./store";
