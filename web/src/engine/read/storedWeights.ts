// Weights converted from a .keras file: they have no names of their own, but a place by kind and count of their layer.
import type { Fields } from "./fields";
import { MODELS, layersOf } from "./kerasGraph";
import type { Layer } from "./kerasGraph";
import type { FindWeight } from "./layerCall";
import { NESTING } from "./limits";
import type { Weight } from "./weights";

const PLACE = /^(.+)\/vars\/(\d{1,3})$/;

/** A class' name as Keras writes it in files: Conv2DTranspose is conv2d_transpose. */
function snakeCase(kind: string): string {
  return kind
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Each layer's path ("outer/inner") with its place ("layers/conv2d_1"). */
function placesOf(model: Fields, path: string, place: string, depth: number): [string, string][] {
  if (depth > NESTING) model.refuse("models are nested too deeply");
  const counts = new Map<string, number>();
  return layersOf(model).flatMap((layer): [string, string][] => {
    const snake = snakeCase(layer.kind);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    const own = `${place}layers/${count === 0 ? snake : `${snake}_${count}`}`;
    const name = `${path}${layer.name}`;
    return MODELS.includes(layer.kind)
      ? placesOf(layer.config, `${name}/`, `${own}/`, depth + 1)
      : [[name, own]];
  });
}

/** The order in which Keras stores a layer's weights; those that its settings leave out are left out. */
function stored(config: Fields, leaf: string): number {
  const without = (name: string): boolean => config.values[name] === false;
  const groups: [string[], boolean][] = [
    [["kernel", "depthwise_kernel"], config.has("kernel_size") || config.has("units")],
    [["pointwise_kernel"], config.has("depth_multiplier") && config.has("pointwise_initializer")],
    [["bias"], config.has("use_bias") && !without("use_bias")],
    [["gamma"], config.has("epsilon") && !without("scale")],
    [["beta"], config.has("epsilon") && !without("center")],
  ];
  const present = groups.filter(([, there]) => there).map(([names]) => names);
  const order = [...present, ["moving_mean"], ["moving_variance"]];
  const lone = ["alpha", "mean", "variance"].indexOf(leaf);
  if (lone >= 0) return leaf === "variance" ? 1 : 0;
  return order.findIndex((names) => names.includes(leaf));
}

export class StoredWeights {
  private readonly byPlace = new Map<string, Map<number, Weight>>();
  private readonly places: ReadonlyMap<string, string>;

  constructor(weights: ReadonlyMap<string, Weight>, root: Layer) {
    for (const [name, weight] of weights) {
      const found = PLACE.exec(
        name.replaceAll("\\", "/").replaceAll("_layer_checkpoint_dependencies/", "layers/"),
      );
      const place = found?.[1] ?? "";
      const held = this.byPlace.get(place) ?? new Map<number, Weight>();
      this.byPlace.set(place, held.set(Number(found?.[2]), weight));
    }
    this.places = new Map(placesOf(root.config, "", "", 0));
  }

  /** For the layer at `path`, whose first name is the whole model's. */
  finder(path: readonly string[], config: Fields): FindWeight {
    const held = this.byPlace.get(this.places.get(path.slice(1).join("/")) ?? "");
    return (names) => {
      const indices = names.map((leaf) => stored(config, leaf)).filter((index) => index >= 0);
      return held?.get(indices[0] ?? -1) ?? null;
    };
  }

  /** Whether weights are named that way. */
  static fits(weights: ReadonlyMap<string, Weight>): boolean {
    return [...weights.keys()].some((name) => PLACE.test(name));
  }
}
