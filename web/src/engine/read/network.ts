// A network in memory while it is read: nodes in order, each with its shape, and the weights as floats.
import { BundleError } from "../checks";
import type { Shape3 } from "../checks";
import type { GraphNode } from "../graph";
import { nodeShape } from "../shapes";
import { product, shown } from "./fields";
import { NETWORK_NODES, WEIGHT_VALUES } from "./limits";

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Network {
  readonly input: string;
  readonly inputShape: Shape3;
  readonly output: string;
  readonly nodes: readonly GraphNode[];
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What a node gives. */
export interface Value {
  readonly node: string;
  readonly shape: Shape3;
}

type Distribute<N> = N extends GraphNode ? Omit<N, "name" | "shape" | "inputs"> : never;
/** A node without what the builder knows: its name, its inputs' names, its shape. */
export type Draft = Distribute<GraphNode>;

export const INPUT = "input";

/** Puts a network together: names become legal and unique, shapes follow from the inputs'. */
export class Builder {
  readonly nodes: GraphNode[] = [];
  readonly tensors = new Map<string, Tensor>();
  private readonly shapes = new Map<string, readonly number[]>();
  private readonly names = new Set([INPUT]);
  private kept = 0;

  constructor(readonly inputShape: Shape3) {}

  get input(): Value {
    return { node: INPUT, shape: this.inputShape };
  }

  /** Stores weights under a name like `wish`, and says under which. */
  tensor(wish: string, shape: readonly number[], values: Float32Array): string {
    if (values.length !== product(shape)) throw new Error(`${wish}: shape and values differ`);
    this.kept += values.length;
    if (this.kept > WEIGHT_VALUES)
      throw new BundleError(`the network has more than ${WEIGHT_VALUES} weights; try a smaller one`);
    if (values.length === 0 || !values.every(Number.isFinite))
      throw new BundleError(
        `${shown(wish)}: its weights are empty or not finite; the training went wrong, or the file`,
      );
    const name = this.unused(wish);
    this.tensors.set(name, { shape, values });
    this.shapes.set(name, shape);
    return name;
  }

  /** Adds a node. `where` begins the sentence if it cannot be. `size`: the height and width of a resize. */
  add(
    wish: string,
    where: string,
    draft: Draft,
    inputs: readonly Value[],
    size?: readonly [number, number],
  ): Value {
    if (this.nodes.length >= NETWORK_NODES)
      throw new BundleError(`the network has more than ${NETWORK_NODES} operations; try a smaller one`);
    const name = this.unused(wish);
    const names = inputs.map((input) => input.node);
    const asked: Shape3 = [size?.[0] ?? 1, size?.[1] ?? 1, 1];
    const node = { ...draft, name, inputs: names, shape: asked } as unknown as GraphNode;
    const shapes = inputs.map((input) => input.shape);
    const shape = nodeShape(node, shapes, this.shapes, where);
    this.nodes.push({ ...node, shape });
    return { node: name, shape };
  }

  finish(output: Value): Network {
    if (output.node === INPUT)
      throw new BundleError("the model gives its input back unchanged; it paints nothing");
    const { nodes, tensors, inputShape } = this;
    return { input: INPUT, inputShape, output: output.node, nodes, tensors };
  }

  private unused(wish: string): string {
    const legal = wish.replace(/[^A-Za-z0-9_./:-]/g, "_").replace(/^[^A-Za-z0-9]+/, "");
    const base = legal === "" ? "node" : legal.slice(-88).replace(/^[^A-Za-z0-9]+/, "n");
    let name = base;
    for (let number = 2; this.names.has(name); number++) name = `${base}.${number}`;
    this.names.add(name);
    return name;
  }
}
