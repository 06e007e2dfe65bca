// The engine's public surface. See README.md beside this file; what is not named here may change at any time.
import type { createWasmSession as CreateWasm } from "./wasm";
import type { createWebglSession as CreateWebgl } from "./webgl";
import type { createWebgpuSession as CreateWebgpu } from "./webgpu";

export { loadBundle } from "./bundle";
export type { Digest, FileCache, LoadedBundle, LoadOptions, Progress } from "./bundle";
export { BundleError } from "./checks";
export { EngineError } from "./device";
export type {
  BackEnd,
  Bytes,
  Chosen,
  Fault,
  GoldenValues,
  Memory,
  Model,
  Session,
  SessionEvent,
  SessionOptions,
  Source,
  StepTime,
  Variant,
} from "./device";
export { compareShown, passes } from "./golden";
export type { Difference, Precision } from "./golden";
export { makePlan, planRows, printPlan } from "./plan";
export type { Plan, PlanRow } from "./plan";
export { referencePicture, runReference } from "./reference";
export type { TuningMemory } from "./tuning";
export type { WasmOptions } from "./wasm";
export type { Limits, Surface, WebglOptions } from "./webgl";

// A page fetches the code of a back end when it first asks for one.
export const createWebglSession: typeof CreateWebgl = async (...given) =>
  (await import("./webgl")).createWebglSession(...given);
export const createWebgpuSession: typeof CreateWebgpu = async (...given) =>
  (await import("./webgpu")).createWebgpuSession(...given);
export const createWasmSession: typeof CreateWasm = async (...given) =>
  (await import("./wasm")).createWasmSession(...given);
