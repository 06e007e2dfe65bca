// The wiring of a Keras configuration: which layer is called on what, in the ways that three generations wrote it.
import { BundleError } from "../checks";
import type { Json } from "../checks";
import { Fields, isJson, shown } from "./fields";
import { LAYERS } from "./limits";

export const MODELS: readonly string[] = ["Model", "Functional", "Sequential"];
const MOST_OPERANDS = 512;

/** What call number `call` of a layer gave. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
}

/** One call of a layer: on what others gave, and on numbers. `training`: called as in training, also now. */
export interface Call {
  readonly operands: readonly (Reference | number)[];
  readonly training: boolean;
}

export interface Layer {
  readonly name: string;
  /** The class without its package. */
  readonly kind: string;
  readonly config: Fields;
  readonly calls: readonly Call[];
}

function reference(entry: unknown, where: string): Reference {
  const [layer, call, output] = Array.isArray(entry) ? (entry as unknown[]) : [];
  if (typeof layer !== "string" || !Number.isInteger(call) || (call as number) < 0)
    throw new BundleError(
      `${where}: its inputs are written in a way that is not known; save the model again`,
    );
  if (output !== 0)
    throw new BundleError(
      `${where} uses output ${shown(output)} of ${shown(layer)}; layers with one output can be used`,
    );
  return { layer, call: call as number };
}

function operand(item: unknown, where: string): Reference | number {
  if (typeof item === "number" && Number.isFinite(item)) return item;
  if (!isJson(item)) return reference(item, where);
  const config = item["config"];
  return reference(isJson(config) ? config["keras_history"] : null, where);
}

/** The second operand of an operator such as x + y may stand among the settings. */
function second(settings: Json, where: string): (Reference | number)[] {
  const value = settings["y"] ?? settings["x2"];
  return value === undefined || value === null ? [] : [operand(value, where)];
}

/** Keras 2 and TensorFlow.js: [[layer, call, output, settings], ...]. */
function oldCall(entries: readonly unknown[], where: string): Call {
  let settings: Json = {};
  const operands = entries.map((entry) => {
    const parts = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (isJson(parts[3])) settings = parts[3];
    return operand(parts[0] === "_CONSTANT_VALUE" ? parts[2] : entry, where);
  });
  return { operands: [...operands, ...second(settings, where)], training: settings["training"] === true };
}

/** Keras 3: {"args": [...], "kwargs": {...}} with the layers named inside. */
function newCall(entry: Json, where: string): Call {
  const args = Array.isArray(entry["args"]) ? (entry["args"] as unknown[]) : [];
  const flat = args.flat(8).filter((item) => item !== null);
  const settings = isJson(entry["kwargs"]) ? entry["kwargs"] : {};
  const operands = flat.map((item) => operand(item, where));
  return { operands: [...operands, ...second(settings, where)], training: settings["training"] === true };
}

function callsOf(outer: Fields): Call[] {
  return outer.list("inbound_nodes", MOST_OPERANDS, []).map((entry) => {
    if (isJson(entry)) return newCall(entry, outer.where);
    if (!Array.isArray(entry) || entry.length > MOST_OPERANDS)
      return outer.wrong("inbound_nodes", "lists of what the layer takes");
    const entries = entry as unknown[];
    return oldCall(typeof entries[0] === "string" ? [entries] : entries, outer.where);
  });
}

export function readLayer(value: unknown, index: number): Layer {
  const outer = Fields.of(`layer ${index}`, value);
  const kind = outer.text("class_name").split(">").at(-1) ?? "";
  const inner = outer.values["config"] ?? {};
  // The very first Keras wrote a sequential model's configuration as the list of its layers.
  const config: Json = Array.isArray(inner)
    ? { layers: inner }
    : Fields.of(`layer ${index}: config`, inner).values;
  const name = outer.text("name", typeof config["name"] === "string" ? config["name"] : `${kind}_${index}`);
  const where = `layer ${shown(name)} (${shown(kind)})`;
  return { name, kind, config: new Fields(where, config), calls: callsOf(new Fields(where, outer.values)) };
}

/** The layers of one model (not of models within). */
export function layersOf(model: Fields): Layer[] {
  const layers = model.list("layers", LAYERS).map(readLayer);
  const names = layers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) model.refuse(`two layers are called ${shown(twice)}; give each its own name`);
  if (layers.length === 0) model.refuse("it has no layers; save the model again");
  return layers;
}

/** Where a functional model begins or ends: only models with one picture each can be used. */
export function endOf(model: Fields, side: "input_layers" | "output_layers"): Reference {
  const value = model.list(side, 100);
  const entries: readonly unknown[] = typeof value[0] === "string" ? [value] : value;
  if (entries.length !== 1) {
    const what = side === "input_layers" ? "inputs" : "outputs";
    model.refuse(
      `it has ${entries.length} ${what}; only models that take one picture and give one can be used`,
    );
  }
  return reference(entries[0], model.where);
}
