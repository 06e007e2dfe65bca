// Makes the plan of a graph: drops what nobody needs, gives every value its place, and resolves joined channels.
import type { ConcatNode, GraphNode } from "../graph";
import { lowered } from "./lower";
import type { TensorShapes } from "./lower";
import type { Constant, Joining, Plan, Shape3, Step, Value } from "./types";

/** What a plan is made of; a bundle's manifest has all of it. The graph was checked before (`checkGraph`). */
export interface Network {
  readonly input: { readonly name: string; readonly shape: Shape3 };
  readonly output: { readonly name: string };
  readonly graph: readonly GraphNode[];
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** The nodes that the output needs, in their order. */
function needed(network: Network): GraphNode[] {
  const wanted = new Set([network.output.name]);
  const kept = [...network.graph].reverse().filter((node) => {
    if (!wanted.has(node.name)) return false;
    for (const name of node.inputs) wanted.add(name);
    return true;
  });
  return kept.reverse();
}

interface Home {
  readonly joined: string;
  readonly channel: number;
}

/** Where each part of a concat begins, or null where one of them cannot be written there. */
function homesOf(
  concat: ConcatNode,
  channels: (name: string) => number,
  free: (name: string) => boolean,
  align: number,
) {
  const homes = new Map<string, Home>();
  let channel = 0;
  for (const name of concat.inputs) {
    if (homes.has(name) || !free(name) || channel % align !== 0) return null;
    homes.set(name, { joined: concat.name, channel });
    channel += channels(name);
  }
  return homes;
}

/** The homes of all values, and the concats that need no step because every part has its home in them. */
function settle(
  nodes: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape3>,
  align: number,
): ReadonlyMap<string, Home> {
  const steps = new Set(
    nodes.filter(({ op }) => op !== "concat" && op !== "constant").map(({ name }) => name),
  );
  const homes = new Map<string, Home>();
  for (const node of nodes) {
    if (node.op !== "concat") continue;
    const free = (name: string): boolean => steps.has(name) && !homes.has(name);
    const own = homesOf(node, (name) => shapes.get(name)?.[2] ?? 0, free, align);
    for (const [name, home] of own ?? []) homes.set(name, home);
  }
  return homes;
}

class Builder {
  readonly values: Value[] = [];
  readonly constants: Constant[] = [];
  readonly steps: Step[] = [];
  private readonly named = new Map<string, Value>();
  /** Of joined values that no step makes: what they consist of. */
  private readonly parts = new Map<string, readonly Value[]>();

  constructor(
    private readonly homes: ReadonlyMap<string, Home>,
    private readonly shapes: ReadonlyMap<string, Shape3>,
    private readonly tensors: TensorShapes,
    private readonly joining: Joining,
  ) {}

  /** A home is made before what lives there, although its node comes later. */
  value(name: string): Value {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    const home = this.homes.get(name);
    const shape = this.shapes.get(name);
    if (shape === undefined) throw new Error(`The plan knows no value ${name}.`);
    const stands = home && { value: this.value(home.joined), channel: home.channel };
    const value: Value = { id: this.values.length, name, shape, home: stands ?? null };
    this.values.push(value);
    this.named.set(name, value);
    return value;
  }

  private join(name: string, inputs: readonly Value[]): void {
    this.parts.delete(name);
    this.steps.push({ kind: "join", name, inputs, output: this.value(name) });
  }

  /** A value that one step, or the screen, reads whole. */
  whole(name: string): Value {
    const parts = this.parts.get(name);
    if (parts !== undefined) this.join(name, parts);
    return this.value(name);
  }

  private concat(node: ConcatNode): void {
    const flat = node.inputs.flatMap((name) => this.parts.get(name) ?? [this.value(name)]);
    if (this.joining.by === "read") this.parts.set(node.name, flat);
    else if (node.inputs.some((name) => this.homes.get(name)?.joined !== node.name))
      this.join(node.name, flat);
  }

  add(node: GraphNode): void {
    if (node.op === "concat") return this.concat(node);
    if (node.op === "constant") {
      this.constants.push({ value: this.value(node.name), tensor: node.value });
      return;
    }
    const [first = ""] = node.inputs;
    const made = lowered(node, this.shapes.get(first) ?? node.shape, this.tensors);
    if (made === null) return;
    const inputs =
      made.kind === "conv"
        ? (this.parts.get(first) ?? [this.value(first)])
        : node.inputs.map((name) => this.whole(name));
    this.steps.push({ ...made, inputs, output: this.value(node.name) } as Step);
  }
}

/** The plan of a checked network. The same network gives the same plan. */
export function makePlan(network: Network, joining: Joining): Plan {
  const nodes = needed(network);
  const shapes = new Map<string, Shape3>([[network.input.name, network.input.shape]]);
  for (const node of nodes) shapes.set(node.name, node.shape);
  const tensors = new Map(network.tensors.map(({ name, shape }) => [name, shape]));
  const homes = joining.by === "write" ? settle(nodes, shapes, joining.align) : new Map<string, Home>();
  const builder = new Builder(homes, shapes, tensors, joining);
  const input = builder.value(network.input.name);
  for (const node of nodes) builder.add(node);
  const output = builder.whole(network.output.name);
  return { input, output, values: builder.values, constants: builder.constants, steps: builder.steps };
}
