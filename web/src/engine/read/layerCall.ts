// What the reader of one layer gets: its settings, what flows into it, its weights.
import type { Place } from "./elementwise";
import type { Fields } from "./fields";
import { shown } from "./fields";
import type { Tensor, Value } from "./network";
import type { Weight } from "./weights";

/** Finds a weight of a layer by any of the names it goes by; null where there is none. */
export type FindWeight = (names: readonly string[]) => Weight | null;

export class LayerCall {
  constructor(
    readonly place: Place,
    readonly fields: Fields,
    /** Values, and numbers where an operator was written with one. */
    readonly given: readonly (Value | number)[],
    private readonly how: { readonly keras: number; readonly training: boolean },
    private readonly find: FindWeight,
  ) {}

  /** Major version of the Keras that wrote it; 1 for TensorFlow.js itself. */
  get keras(): number {
    return this.how.keras;
  }

  /** Called as in training, also now. */
  get training(): boolean {
    return this.how.training;
  }

  get inputs(): readonly Value[] {
    return this.given.filter((each) => typeof each === "object");
  }

  /** The one input. */
  get value(): Value {
    const [value] = this.inputs;
    if (value === undefined || this.inputs.length !== 1)
      this.fields.refuse(`it gets ${this.inputs.length} inputs, but takes one`);
    return value;
  }

  /** A weight; `shape` says what it must be, -1 for any extent. */
  weight(names: readonly string[], ...shape: number[]): Tensor {
    const weight = this.find(names);
    if (weight === null)
      this.fields.refuse(`its weight ${shown(names[0])} is not among the weights; export the model again`);
    const { shape: have, values } = weight;
    const fits =
      have.length === shape.length && have.every((extent, i) => shape[i] === -1 || shape[i] === extent);
    if (shape.length > 0 && !fits)
      this.fields.refuse(
        `its ${shown(names[0])} has the shape ${have.join("x")}, not ${shape.map((n) => (n < 0 ? "any" : n)).join("x")}; the weights belong to another model`,
      );
    return { shape: have, values: values instanceof Float32Array ? values : Float32Array.from(values) };
  }

  bias(channels: number): Float32Array | null {
    return this.fields.flag("use_bias", true) ? this.weight(["bias"], channels).values : null;
  }
}

export type ReadLayer = (call: LayerCall) => Value;

export function channelsLast(fields: Fields): void {
  if (fields.text("data_format", "channels_last") !== "channels_last")
    fields.refuse(
      "data_format is channels_first; browsers run networks with channels last, so build the model with channels_last",
    );
}

/** Refuses an axis that is not the channels'. */
export function lastAxis(fields: Fields): void {
  const value = fields.values["axis"] ?? -1;
  const axes: unknown[] = Array.isArray(value) ? value : [value];
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== 3)) fields.wrong("axis", "-1, the channels'");
}
