// Keras' activations by name.
import { BundleError } from "../checks";
import { activated, constant, elu, hardSigmoid, leaky, softsign, within } from "./elementwise";
import type { Place } from "./elementwise";
import { Fields, isJson, shown } from "./fields";
import type { LayerCall } from "./layerCall";
import type { Value } from "./network";

/** `keras`: major version, for the one that changed. */
type Make = (place: Place, value: Value, keras: number) => Value;

const own =
  (type: "relu" | "relu6" | "tanh" | "sigmoid" | "swish"): Make =>
  (place, value) =>
    activated(place, { type }, value);

const hardSwish: Make = (place, value) => {
  const gate = hardSigmoid(within(place, "gate"), value, 1 / 6);
  return place.builder.add(place.name, place.where, { op: "mul" }, [value, gate]);
};

/** Alpha and scale of SELU (Klambauer et al. 2017). */
export const SELU = [1.6732632423543772, 1.0507009873554805] as const;

export const NAMED: Readonly<Record<string, Make>> = {
  relu: own("relu"),
  relu6: own("relu6"),
  tanh: own("tanh"),
  sigmoid: own("sigmoid"),
  swish: own("swish"),
  silu: own("swish"),
  linear: (_place, value) => value,
  elu: (place, value) => elu(place, value),
  selu: (place, value) => elu(place, value, ...SELU),
  exponential: (place, value) => place.builder.add(place.name, place.where, { op: "exp" }, [value]),
  softsign,
  leaky_relu: (place, value) => leaky(place, 0.2, value),
  hard_sigmoid: (place, value, keras) => hardSigmoid(place, value, keras >= 3 ? 1 / 6 : 0.2),
  hard_silu: hardSwish,
  hard_swish: hardSwish,
};

/** Applies the activation that Keras calls `name`. */
export function byName(place: Place, value: Value, name: string, keras: number): Value {
  const plain = name.replace(/^(keras\.activations|tf\.nn)\./, "").replace("hardSigmoid", "hard_sigmoid");
  const make = Object.hasOwn(NAMED, plain) ? NAMED[plain] : undefined;
  if (make === undefined) {
    const known = Object.keys(NAMED).sort().join(", ");
    throw new BundleError(
      `${place.where}: the activation ${shown(name)} cannot run here; use one of ${known}`,
    );
  }
  return make(place, value, keras);
}

/** Keras' ReLU layer with its three settings. */
export function relu(place: Place, value: Value, fields: Fields): Value {
  const slope = fields.number("negative_slope", 0);
  if (fields.number("threshold", 0) !== 0) fields.wrong("threshold", "0 (another one cannot run here)");
  if (!fields.has("max_value"))
    return slope === 0 ? activated(place, { type: "relu" }, value) : leaky(place, slope, value);
  const high = fields.number("max_value");
  if (slope === 0)
    return activated(place, high === 6 ? { type: "relu6" } : { type: "clip", low: 0, high }, value);
  const most = constant(within(place, "most"), { shape: [1, 1, 1], values: Float32Array.of(high) });
  const bent = leaky(within(place, "leaky"), slope, value);
  return place.builder.add(place.name, place.where, { op: "minimum" }, [bent, most]);
}

/** LeakyReLU's slope: `negative_slope` in Keras 3, `alpha` before. */
export const leakySlope = (fields: Fields): number =>
  fields.number(fields.has("negative_slope") ? "negative_slope" : "alpha", 0.3);

/** The activation that a layer's configuration names: a text, or an activation layer's own configuration. */
export function ofLayer(call: LayerCall, value: Value): Value {
  const { fields } = call;
  if (!fields.has("activation")) return value;
  const place = within(call.place, "activation");
  if (typeof fields.values["activation"] === "string")
    return byName(place, value, fields.text("activation"), call.keras);
  const inner = fields.inner("activation");
  const config = inner.values["config"];
  const settings = new Fields(inner.where, isJson(config) ? config : {});
  switch (inner.text("class_name", "")) {
    case "LeakyReLU":
      return leaky(place, leakySlope(settings), value);
    case "ReLU":
      return relu(place, value, settings);
    case "ELU":
      return elu(place, value, settings.number("alpha", 1));
    default:
      return fields.refuse("its activation is a function of its own, which is never run; use a built-in one");
  }
}
