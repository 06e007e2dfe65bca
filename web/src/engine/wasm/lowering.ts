// What all lowerings share: where values are, what tensors hold, what was chosen, and where the picture goes.
import type { ConvStep, Value } from "../plan";
import type { Program } from "./program";
import type { Record_ } from "./records";
import type { Tuning } from "./tuning";

export interface Lowering {
  readonly program: Program;
  readonly tuning: Tuning;
  readonly threads: number;
  view(value: Value): Record_<"view">;
  tensor(name: string): Float32Array;
  /** The scale of each output channel, where the bundle holds a kernel as bytes. */
  scaleOf(step: ConvStep): Float32Array | null;
  /** The screen, if this step makes the picture; else a screen without one. */
  screen(output: Value): Record_<"screen">;
}

/** Kernels that make the picture show each row as soon as it is done, while it is near. */
export const NO_SCREEN: Record_<"screen"> = { picture: 0, gain: 0, offset: 0 };
