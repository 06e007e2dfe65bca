// The WebGL2 back end.
export { createWebglSession } from "./session";
export type { Surface, WebglOptions } from "./session";
export type { Limits } from "./limits";
