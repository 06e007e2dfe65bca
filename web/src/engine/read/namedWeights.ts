// Which weights belong to which layer, by names such as "conv2d/kernel" or "outer/conv2d/kernel".
import type { FindWeight } from "./layerCall";
import type { Weight } from "./weights";

export class NamedWeights {
  private readonly byEnding = new Map<string, Weight[]>();

  constructor(private readonly weights: ReadonlyMap<string, Weight>) {
    for (const [name, weight] of weights) {
      const ending = name.replace(/:0$/, "").split("/").slice(-2).join("/");
      this.byEnding.set(ending, [...(this.byEnding.get(ending) ?? []), weight]);
    }
  }

  /** For the layer at `path`: the models around it and its own name. */
  finder(path: readonly string[]): FindWeight {
    return (names) => {
      for (const leaf of names) {
        for (let start = 0; start < path.length; start++) {
          const found = this.weights.get([...path.slice(start), leaf].join("/"));
          if (found !== undefined) return found;
        }
        const own = path.at(-1)?.split("/").at(-1) ?? "";
        const [only, ...others] = this.byEnding.get(`${own}/${leaf}`) ?? [];
        if (only !== undefined && others.length === 0) return only;
      }
      return null;
    };
  }
}
