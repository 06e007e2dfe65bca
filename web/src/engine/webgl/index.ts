// The WebGL2 back end.
export { createWebglSession } from "./session";
export type { Surface, WebglOptions } from "./session";
export type { Limits } from "./limits";
export { tune } from "./tune";
export type { TuneOptions } from "./tune";
export { printTuning, readTuning } from "./tuning";
