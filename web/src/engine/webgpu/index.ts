// The WebGPU back end of the engine.
export { describeAdapter, findAdapter } from "./adapter";
export { createWebgpuSession } from "./session";
