// A TensorFlow graph as a network: from the output backwards, each node by its own reader, constants folded. It knows the
// same operators as the server's reader (tests/models/reading/tables.json).
import { BundleError } from "../checks";
import type { Json, Shape3 } from "../checks";
import { isJson, shown } from "./fields";
import { ARITHMETIC } from "./graphArithmetic";
import type { Handler } from "./graphArithmetic";
import { inlineConstant, readNodes } from "./graphDef";
import type { GraphNode } from "./graphDef";
import { Folding } from "./graphFold";
import { LAYERS } from "./graphLayers";
import { BATCHES } from "./graphBatches";
import { SHAPING } from "./graphShaping";
import { SLICES, parts } from "./graphSlicing";
import { Step, isPicture, isSeen, picture } from "./graphValues";
import type { Result } from "./graphValues";
import { Builder } from "./network";
import type { Network } from "./network";
import { pictureShape } from "./pictureShape";
import type { OpenShape } from "./pictureShape";
import type { Weight } from "./weights";

export const HANDLERS: Readonly<Record<string, Handler>> = {
  ...ARITHMETIC,
  ...BATCHES,
  ...LAYERS,
  ...SHAPING,
  ...SLICES,
};
export const SPLITS: readonly string[] = ["Split", "SplitV", "IdentityN"];

interface Port {
  readonly node: string;
  readonly output: number;
}

/** From "name" or "name:1". */
function portOf(name: string): Port {
  const found = /^(.+):(\d{1,3})$/.exec(name);
  return found ? { node: found[1] ?? "", output: Number(found[2]) } : { node: name, output: 0 };
}

/** Names of the outputs by the model's signature, where it has one. */
function signatureOutputs(model: Json): string[] {
  const metadata = isJson(model["userDefinedMetadata"]) ? model["userDefinedMetadata"] : {};
  const signature = model["signature"] ?? metadata["signature"];
  const outputs = isJson(signature) && isJson(signature["outputs"]) ? signature["outputs"] : {};
  const names = Object.entries(outputs).map(([key, port]) =>
    isJson(port) && typeof port["name"] === "string" ? port["name"] : key,
  );
  return [...new Set(names)];
}

interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly output: Port;
  /** What the output needs, each after those that it needs itself. */
  readonly order: readonly GraphNode[];
  readonly start: GraphNode;
}

function outputOf(model: Json, nodes: ReadonlyMap<string, GraphNode>): Port {
  let names = signatureOutputs(model);
  if (names.length === 0) {
    const taken = new Set(
      [...nodes.values()].flatMap(({ inputs }) => inputs.map((input) => portOf(input).node)),
    );
    const ends = [...nodes.values()].filter(
      ({ name, op }) => !taken.has(name) && op !== "Const" && op !== "NoOp",
    );
    names = ends.map(({ name }) => name);
  }
  const [name] = names;
  if (name === undefined || names.length !== 1)
    throw new BundleError(
      `the graph has ${names.length} outputs; save a model that has only the picture as its output`,
    );
  return portOf(name);
}

function orderOf(nodes: ReadonlyMap<string, GraphNode>, output: string): GraphNode[] {
  const done = new Map<string, boolean>();
  const order: GraphNode[] = [];
  const left = [output];
  for (let name = left.at(-1); name !== undefined; name = left.at(-1)) {
    const node = nodes.get(name);
    if (node === undefined)
      throw new BundleError(`the graph's ${shown(name)} is not among its nodes; export the model again`);
    const known = done.get(name);
    if (known !== undefined) {
      left.pop();
      if (!known) order.push(node);
      done.set(name, true);
      continue;
    }
    done.set(name, false);
    for (const input of node.inputs) {
      const need = portOf(input).node;
      if (done.get(need) === false)
        throw new BundleError(`${node.where} takes what it gives itself; loops cannot run here`);
      if (!done.has(need)) left.push(need);
    }
  }
  return order;
}

function readGraph(model: Json): Graph {
  const topology = isJson(model["modelTopology"]) ? model["modelTopology"] : {};
  const nodes = readNodes(topology);
  const output = outputOf(model, nodes);
  const order = orderOf(nodes, output.node);
  const starts = order.filter(({ op }) => op === "Placeholder");
  const [start] = starts;
  if (start === undefined || starts.length !== 1)
    throw new BundleError(
      `the graph has ${starts.length} inputs that its output needs; a model with one picture as its input can be used`,
    );
  return { nodes, output, order, start };
}

/** The input's shape as the file has it: open extents are null. */
export function graphInput(model: Json): OpenShape {
  const { start } = readGraph(model);
  const dims = start.attributes.shape("shape");
  return dims === null || dims.length === 0 ? [null, null, 3] : pictureShape(dims, start.where);
}

class Results {
  private readonly made = new Map<string, readonly Result[]>();
  private readonly folding = new Folding();

  constructor(
    private readonly builder: Builder,
    private readonly weights: ReadonlyMap<string, Weight>,
    start: string,
  ) {
    this.made.set(start, [picture(builder.input)]);
  }

  of({ node, output }: Port): Result {
    const result = this.made.get(node)?.[output];
    if (result === undefined)
      throw new BundleError(`node ${shown(node)} has no output ${output} that can be used`);
    return result;
  }

  read(node: GraphNode): void {
    if (!this.made.has(node.name)) this.made.set(node.name, this.resultsOf(node));
  }

  private resultsOf(node: GraphNode): readonly Result[] {
    if (node.op === "Const") return [this.constant(node)];
    const step = new Step(
      this.builder,
      node,
      node.inputs.map((input) => this.of(portOf(input))),
    );
    if (SPLITS.includes(node.op)) return parts(step);
    if (step.args.some(isSeen)) return [this.handled(step)];
    return [this.folding.result(step)];
  }

  private handled(step: Step): Result {
    const { op } = step.node;
    const handler = Object.hasOwn(HANDLERS, op) ? HANDLERS[op] : undefined;
    return (
      handler?.(step) ?? step.refuse("this operator cannot run here; replace it, or end the model before it")
    );
  }

  private constant(node: GraphNode): Result {
    const weight = this.weights.get(node.name) ?? inlineConstant(node);
    if (weight === null)
      throw new BundleError(`${node.where}: its values are missing; drop all weight files`);
    return { dims: weight.shape, values: weight.values };
  }
}

/** Reads a graph model for an input of this shape. Throws `BundleError` that names the node and says what to do. */
export function readGraphModel(model: Json, weights: ReadonlyMap<string, Weight>, input: Shape3): Network {
  const { output, order, start } = readGraph(model);
  const builder = new Builder(input);
  const results = new Results(builder, weights, start.name);
  for (const node of order) results.read(node);
  const made = results.of(output);
  if (!isSeen(made))
    throw new BundleError("the network's output does not depend on its input; save the whole model");
  if (!isPicture(made) && made.dims.join() !== made.value.shape.join())
    throw new BundleError(
      `the output has the shape ${made.dims.join("x")}, which is no picture [1, height, width, channels]`,
    );
  return builder.finish(made.value);
}
