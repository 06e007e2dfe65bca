// The execution plan of a network.
export { bandsOf } from "./bands";
export type { Bands } from "./bands";
export { makePlan } from "./build";
export type { Network } from "./build";
export { kernelSize, phaseKernel } from "./kernels";
export { lastUses, multiplyAdds, weightCount } from "./measures";
export { planRows, printPlan } from "./print";
export type { PlanRow } from "./print";
export type * from "./types";
