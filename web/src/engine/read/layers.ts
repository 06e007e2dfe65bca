// TensorFlow.js layers models, which are Keras models by their configuration: sequential or functional, models in models.
import { BundleError } from "../checks";
import type { Json, Shape3 } from "../checks";
import { Fields, isJson, shown } from "./fields";
import { MODELS, endOf, layersOf, readLayer } from "./kerasGraph";
import type { Layer, Reference } from "./kerasGraph";
import { LayerCall } from "./layerCall";
import type { FindWeight, ReadLayer } from "./layerCall";
import { CONVOLUTIONS } from "./layersConv";
import { NORMS } from "./layersNorm";
import { OTHERS } from "./layersOther";
import { LAYERS, NESTING } from "./limits";
import { NamedWeights } from "./namedWeights";
import { Builder } from "./network";
import type { Network, Value } from "./network";
import { pictureShape } from "./pictureShape";
import type { OpenShape } from "./pictureShape";
import { StoredWeights } from "./storedWeights";
import type { Weight } from "./weights";

export const KINDS: Readonly<Record<string, ReadLayer>> = { ...CONVOLUTIONS, ...NORMS, ...OTHERS };
const OWN_CODE = ["Lambda", "TFOpLambda", "SlicingOpLambda"];

/** TensorFlow's functions that Keras 2 keeps by name; no code is stored with them. */
export const OPERATIONS: Readonly<Record<string, string>> = {
  "math.add": "Add",
  "__operators__.add": "Add",
  "math.subtract": "Subtract",
  "math.multiply": "Multiply",
  "math.truediv": "TrueDivide",
  "math.divide": "TrueDivide",
  "math.maximum": "Maximum",
  "math.minimum": "Minimum",
  "nn.relu": "Relu",
  "nn.relu6": "Relu6",
  "math.tanh": "Tanh",
  "nn.tanh": "Tanh",
  "math.sigmoid": "Sigmoid",
  "nn.sigmoid": "Sigmoid",
  "nn.silu": "Silu",
  "math.abs": "Absolute",
  "math.exp": "Exp",
  "math.negative": "Negative",
  "math.square": "Square",
  "math.sqrt": "Sqrt",
};

function shapeOfInput({ config }: Layer): OpenShape | null {
  for (const name of ["batch_input_shape", "batch_shape", "build_input_shape"])
    if (config.has(name)) return pictureShape(config.list(name, 8), config.where);
  return null;
}

/** The shape that a model takes, extents that it leaves open as null. */
function inputShapeOf(model: Layer, depth = 0): OpenShape {
  if (depth > NESTING) model.config.refuse("models are nested too deeply");
  const layers = layersOf(model.config);
  if (model.kind === "Sequential") {
    const [first] = layers;
    const own = first === undefined ? null : shapeOfInput(first);
    if (first !== undefined && own === null && MODELS.includes(first.kind))
      return inputShapeOf(first, depth + 1);
    return (
      own ??
      shapeOfInput(model) ??
      model.config.refuse("it does not say what size its input has; export it again")
    );
  }
  const start = endOf(model.config, "input_layers");
  const layer = layers.find(({ name }) => name === start.layer);
  const shape = layer === undefined ? null : shapeOfInput(layer);
  return shape ?? model.config.refuse("its input layer does not say its shape; export the model again");
}

class Reader {
  private read = 0;

  constructor(
    private readonly builder: Builder,
    private readonly weights: { finder(path: readonly string[], config: Fields): FindWeight },
    private readonly keras: number,
  ) {}

  /** What a model gives for its input. `path`: its name and those of the models around it. */
  model(model: Layer, input: Value, path: readonly string[]): Value {
    if (path.length > NESTING) model.config.refuse("models are nested too deeply");
    const layers = layersOf(model.config);
    if (model.kind !== "Sequential") return this.functional(model.config, layers, input, path);
    return layers.reduce((value, layer) => this.called(layer, [value], false, path), input);
  }

  private functional(model: Fields, layers: readonly Layer[], input: Value, path: readonly string[]): Value {
    const [start, end] = [endOf(model, "input_layers"), endOf(model, "output_layers")];
    const fromOne = countedFromOne(layers, end);
    const key = ({ layer, call }: Reference): string => `${call - (fromOne.has(layer) ? 1 : 0)} ${layer}`;
    const made = new Map([[`0 ${start.layer}`, input]]);
    let waiting = layers.flatMap((layer) =>
      layer.calls.map((call, i) => ({ layer, call, name: `${i} ${layer.name}` })),
    );
    waiting = waiting.filter(({ name }) => !made.has(name));
    while (waiting.length > 0) {
      const later = waiting.filter(({ layer, call, name }) => {
        const given = call.operands.map((operand) =>
          typeof operand === "number" ? operand : made.get(key(operand)),
        );
        if (given.includes(undefined)) return true;
        made.set(name, this.called(layer, given as (Value | number)[], call.training, path));
        return false;
      });
      if (later.length === waiting.length)
        later[0]?.layer.config.refuse("it takes what no layer gives; save the model again");
      waiting = later;
    }
    return (
      made.get(key(end)) ?? model.refuse(`its output ${shown(end.layer)} is not there; save the model again`)
    );
  }

  private called(
    layer: Layer,
    given: readonly (Value | number)[],
    training: boolean,
    path: readonly string[],
  ): Value {
    this.read += 1;
    if (this.read > LAYERS) layer.config.refuse(`there are more than ${LAYERS} layers`);
    const own = [...path, layer.name];
    if (MODELS.includes(layer.kind)) {
      const [input] = given;
      if (given.length === 1 && typeof input === "object") return this.model(layer, input, own);
      return layer.config.refuse(`it gets ${given.length} inputs, but takes one picture`);
    }
    const name = own.slice(1).join("/");
    const place = { builder: this.builder, name, where: layer.config.where };
    return allowed(layer)(
      new LayerCall(
        place,
        layer.config,
        given,
        { keras: this.keras, training },
        this.weights.finder(own, layer.config),
      ),
    );
  }
}

/** Nested models whose calls are counted from 1: Keras counts their own making as their first call. */
function countedFromOne(layers: readonly Layer[], end: Reference): Set<string> {
  const used = layers.flatMap(({ calls }) => calls.flatMap(({ operands }) => operands));
  const found = layers.filter(
    ({ name, kind, calls }) =>
      MODELS.includes(kind) &&
      [...used, end].some(
        (each) => typeof each === "object" && each.layer === name && each.call >= calls.length,
      ),
  );
  return new Set(found.map(({ name }) => name));
}

/** The reader of a layer. Refuses what is not listed, above all code. */
function allowed({ kind, config }: Layer): ReadLayer {
  const operation = OWN_CODE.includes(kind) && config.has("function") ? config.values["function"] : null;
  const known =
    typeof operation === "string" && Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : kind;
  const read = known !== undefined && Object.hasOwn(KINDS, known) ? KINDS[known] : undefined;
  if (read !== undefined) return read;
  if (OWN_CODE.includes(kind))
    return config.refuse(
      "it holds code, which is never run; replace it by a built-in layer, or export the model as a TensorFlow.js graph model",
    );
  return config.refuse(
    "it is not a layer that can run here; replace it by built-in ones (convolutions, norms, activations, merges, resizing, pooling), or export the model as a TensorFlow.js graph model",
  );
}

/** "2.15.0" -> 2; TensorFlow.js writes its own name, and is 1: it works as Keras 2, but resizes from other places. */
function majorVersion(topology: Json): number {
  const version = topology["keras_version"];
  if (typeof version !== "string") return 2;
  return version.startsWith("tfjs") ? 1 : version.startsWith("3.") ? 3 : 2;
}

function rootOf(topology: Json): Layer {
  const model = isJson(topology["model_config"]) ? topology["model_config"] : topology;
  const root = readLayer(model, 0);
  if (!MODELS.includes(root.kind))
    throw new BundleError(`model.json holds a ${shown(root.kind)}, not a Sequential or Functional model`);
  const where = `the model ${shown(root.name)}`;
  return { ...root, config: new Fields(where, root.config.values) };
}

/** The input's shape as the file has it: open extents are null. */
export function layersInput(topology: Json): OpenShape {
  return inputShapeOf(rootOf(topology));
}

/** Reads a layers model for an input of this shape. Throws `BundleError` that names the layer and says what to do. */
export function readLayers(topology: Json, weights: ReadonlyMap<string, Weight>, input: Shape3): Network {
  const root = rootOf(topology);
  const builder = new Builder(input);
  const source = StoredWeights.fits(weights) ? new StoredWeights(weights, root) : new NamedWeights(weights);
  const reader = new Reader(builder, source, majorVersion(topology));
  return builder.finish(reader.model(root, builder.input, [root.name]));
}
