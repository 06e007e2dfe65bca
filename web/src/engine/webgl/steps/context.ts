// What the makers of passes know.
import type { Model } from "../../device";
import type { Value } from "../../plan";
import { layoutOf } from "../layout";
import type { LayoutChoice } from "../layout";
import type { Limits } from "../limits";
import type { Pass, Slot } from "../passes";
import { Slots } from "../passes";
import type { Tuning } from "../tuning";

/** Where values lie, and the passes so far. */
export class Lowering {
  readonly passes: Pass[] = [];
  readonly slots = new Slots();
  private readonly placed = new Map<Value, Slot>();

  constructor(
    readonly model: Model,
    readonly limits: Limits,
    readonly tuning: Tuning,
  ) {}

  /** The slot of a value that was made before. */
  slotOf(value: Value): Slot {
    const slot = this.placed.get(value);
    if (slot === undefined) throw new Error(`The value ${value.name} is read before it is made.`);
    return slot;
  }

  /** Gives a value its place. */
  place(value: Value, choice: LayoutChoice = {}): Slot {
    const slot = this.between(value.name, value.shape, choice);
    this.placed.set(value, slot);
    return slot;
  }

  /** A place for what only stands between two passes of a step. */
  between(name: string, shape: Slot["layout"]["shape"], choice: LayoutChoice = {}): Slot {
    return this.slots.add(name, layoutOf(shape, this.limits.textureSize, choice));
  }
}
