// What the autotunes of the three back ends have in common.
export { choose, inSoftware } from "./choose";
export type { Choosing } from "./choose";
export { isRight, mayTryHalf, precisionOf, printHalf, readHalf } from "./half";
export type { Half, WithHalf } from "./half";
export { remember } from "./memory";
export type { TuningKey, TuningMemory } from "./memory";
export { representatives } from "./representatives";
export { msOf, quickest, warmed } from "./quickest";
export type { Question } from "./quickest";
