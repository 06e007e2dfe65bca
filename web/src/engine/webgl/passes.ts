// A pass: one draw of one shader into one value. Made without a graphics context, so that it can be read and tested.
import type { Layout } from "./layout";
import type { Pair } from "../plan";

/** A value, or something between two passes, that needs a texture. */
export interface Slot {
  readonly id: number;
  readonly name: string;
  readonly layout: Layout;
}

/** Numbers that never change: weights, places, factors. Four channels a texel, row by row. */
export interface Table {
  readonly width: number;
  readonly height: number;
  /** int32: whole numbers, read by an isampler2D. */
  readonly storage: "float32" | "float16" | "int32";
  /** Called once, when it is uploaded. */
  values(): Float32Array | Int32Array;
}

/** The picture as bytes. */
export const PICTURE_TEXTURE = "picture";

export interface Read {
  /** The sampler's name in the shader. */
  readonly sampler: string;
  readonly from: Slot | Table | typeof PICTURE_TEXTURE;
}

export interface Pass {
  /** The step that it belongs to. */
  readonly step: string;
  readonly fragment: string;
  /** What the shader's uniform `N` holds, if it has one. */
  readonly numbers?: Int32Array;
  readonly reads: readonly Read[];
  readonly to: Slot;
  /** First row and number of rows of the texture that it writes. */
  readonly rows: Pair;
}

export const isSlot = (from: Read["from"]): from is Slot => typeof from === "object" && "layout" in from;

/** A pass that writes all of a value. */
export function wholePass(step: string, fragment: string, reads: readonly Read[], to: Slot): Pass {
  return { step, fragment, reads, to, rows: [0, to.layout.height] };
}

/** Gives out slots. */
export class Slots {
  readonly all: Slot[] = [];

  add(name: string, layout: Layout): Slot {
    const slot = { id: this.all.length, name, layout };
    this.all.push(slot);
    return slot;
  }
}
