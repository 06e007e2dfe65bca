// Fewer nodes for the same picture: norms, biases, activations and zeros around go into the convolution beside them.
// Of the rules of kit/models/fusing.py those that testers' models profit from: exact in inference, and only where nobody
// else takes the value that would vanish. What is cut from a transposed convolution, and constants among nodes, stay.
import { BundleError } from "../checks";
import { tensorFields } from "../graph";
import type { AffineNode, ConvNode, Edges, GraphNode } from "../graph";
import type { Network, Tensor } from "./network";

const MOST_ADDED = 1_024;
const CONVOLUTIONS: readonly string[] = ["conv2d", "conv2d_transpose", "depthwise_conv2d"];

const isConvolution = (node: GraphNode | undefined): node is ConvNode =>
  node !== undefined && CONVOLUTIONS.includes(node.op);

const NONE: Edges = [
  [0, 0],
  [0, 0],
];

const added = (a: Edges, b: Edges): Edges => [
  [a[0][0] + b[0][0], a[0][1] + b[0][1]],
  [a[1][0] + b[1][0], a[1][1] + b[1][1]],
];

const finite = (values: Float32Array): boolean => values.every(Number.isFinite);

/** The network while it is being rewritten, in the order of its nodes. */
class Draft {
  readonly nodes = new Map<string, GraphNode>();
  readonly tensors: Map<string, Tensor>;
  private readonly renames = new Map<string, string>();
  private readonly takers = new Map<string, number>();
  private made = 0;

  constructor(private readonly network: Network) {
    this.tensors = new Map(network.tensors);
    this.count(network.output, 1);
    for (const node of network.nodes) for (const input of node.inputs) this.count(input, 1);
  }

  count(name: string, by: number): void {
    this.takers.set(name, (this.takers.get(name) ?? 0) + by);
  }

  alone(name: string): boolean {
    return this.takers.get(name) === 1;
  }

  current(name: string): string {
    return this.renames.get(name) ?? name;
  }

  /** From now on who takes `name` takes `into`, which gives the same. */
  replace(name: string, into: string): void {
    this.renames.set(name, into);
    this.takers.set(into, (this.takers.get(into) ?? 0) - 1 + (this.takers.get(name) ?? 0));
  }

  shape(name: string): readonly number[] {
    return this.nodes.get(name)?.shape ?? this.network.inputShape;
  }

  values(tensor: string): Float32Array {
    return this.tensors.get(tensor)?.values ?? new Float32Array();
  }

  put(name: string, shape: readonly number[], values: Float32Array): string {
    const unique = `fused.${(this.made += 1)}/${name}`.slice(0, 100);
    this.tensors.set(unique, { shape, values });
    return unique;
  }

  finished(): Network {
    const nodes = [...this.nodes.values()];
    return { ...this.network, output: this.current(this.network.output), nodes, tensors: this.tensors };
  }
}

/** Zeros added before a convolution become its padding. */
function zerosAround(draft: Draft, node: GraphNode): GraphNode {
  if (!isConvolution(node) || node.op === "conv2d_transpose" || node.padding === "same") return node;
  const pad = draft.nodes.get(node.inputs[0]);
  if (pad?.op !== "pad" || pad.mode !== "zero") return node;
  const padding = added(pad.edges, node.padding === "valid" ? NONE : node.padding);
  if (Math.max(...padding.flat()) > MOST_ADDED) return node;
  draft.count(pad.name, -1);
  draft.count(pad.inputs[0], 1);
  return { ...node, inputs: pad.inputs, padding };
}

function changesNothing(draft: Draft, node: GraphNode): boolean {
  switch (node.op) {
    case "activation":
      return node.activation.type === "linear";
    case "pad":
    case "crop":
      return node.edges.flat().every((edge) => edge === 0);
    case "resize":
    case "mean":
      return draft.shape(node.inputs[0]).join() === node.shape.join();
    case "max_pool":
    case "avg_pool":
      return [...node.window, ...node.strides].every((extent) => extent === 1);
    case "affine":
      return draft.values(node.scale).every((n) => n === 1) && draft.values(node.shift).every((n) => n === 0);
    default:
      return false;
  }
}

/** The convolution that gives a value which nobody else takes, where it may take something in. */
function taking(draft: Draft, name: string): ConvNode | null {
  const node = draft.nodes.get(name);
  return isConvolution(node) && draft.alone(name) && node.activation.type === "linear" ? node : null;
}

/** The kernel with its output channels multiplied. */
function scaled(op: ConvNode["op"], kernel: Tensor, scale: Float32Array): Float32Array {
  const inner = kernel.shape[3] ?? 1;
  const channels = scale.length;
  // A transposed kernel is [kh, kw, out, in]; the others have their output channels last.
  const channelOf =
    op === "conv2d_transpose" ? (i: number) => Math.floor(i / inner) % channels : (i: number) => i % channels;
  return kernel.values.map((value, i) => value * (scale[channelOf(i)] ?? 1));
}

function affineIntoConvolution(draft: Draft, node: AffineNode): string | null {
  const into = taking(draft, node.inputs[0]);
  const kernel = into && draft.tensors.get(into.kernel);
  if (!into || !kernel) return null;
  const [scale, shift] = [draft.values(node.scale), draft.values(node.shift)];
  const before = into.bias === null ? null : draft.values(into.bias);
  const bias = shift.map((value, i) => (before?.[i] ?? 0) * (scale[i] ?? 1) + value);
  const values = scaled(into.op, kernel, scale);
  if (!finite(values) || !finite(bias)) return null;
  const names = {
    kernel: draft.put(`${into.name}/kernel`, kernel.shape, values),
    bias: draft.put(`${into.name}/bias`, [bias.length], bias),
  };
  draft.nodes.set(into.name, { ...into, ...names });
  return into.name;
}

function affineIntoAffine(draft: Draft, node: AffineNode): string | null {
  const into = draft.nodes.get(node.inputs[0]);
  if (into?.op !== "affine" || !draft.alone(into.name)) return null;
  const factor = draft.values(node.scale);
  const after = draft.values(node.shift);
  const scale = draft.values(into.scale).map((value, i) => value * (factor[i] ?? 1));
  const shift = draft.values(into.shift).map((value, i) => value * (factor[i] ?? 1) + (after[i] ?? 0));
  if (!finite(scale) || !finite(shift)) return null;
  const names = {
    scale: draft.put(`${into.name}/scale`, [scale.length], scale),
    shift: draft.put(`${into.name}/shift`, [shift.length], shift),
  };
  draft.nodes.set(into.name, { ...into, ...names });
  return into.name;
}

/** The node that gives what `node` would give, once it has taken it in; null where none can. */
function taken(draft: Draft, node: GraphNode): string | null {
  if (changesNothing(draft, node)) return node.inputs[0] ?? null;
  if (node.op === "affine") return affineIntoConvolution(draft, node) ?? affineIntoAffine(draft, node);
  if (node.op !== "activation") return null;
  const into = taking(draft, node.inputs[0]);
  if (into === null) return null;
  draft.nodes.set(into.name, { ...into, activation: node.activation });
  return into.name;
}

/** Without nodes that do not reach the output, and without tensors that no node names. */
function pruned(network: Network): Network {
  const needed = new Set([network.output]);
  const nodes: GraphNode[] = [];
  for (const node of [...network.nodes].reverse()) {
    if (!needed.has(node.name)) continue;
    for (const input of node.inputs) needed.add(input);
    nodes.push(node);
  }
  if (!needed.has(network.input))
    throw new BundleError("the network's output does not depend on its input; save the whole model");
  const used = new Set(nodes.flatMap((node) => tensorFields(node).map(({ tensor }) => tensor)));
  const tensors = new Map([...network.tensors].filter(([name]) => used.has(name)));
  return { ...network, nodes: nodes.reverse(), tensors };
}

/** The same network with as few nodes as these rules can make it; unused nodes and tensors are dropped. */
export function fused(network: Network): Network {
  const start = pruned(network);
  const draft = new Draft(start);
  for (const original of start.nodes) {
    const inputs = original.inputs.map((input) => draft.current(input));
    const node = zerosAround(draft, { ...original, inputs } as GraphNode);
    const into = taken(draft, node);
    if (into === null) draft.nodes.set(node.name, node);
    else draft.replace(node.name, into);
  }
  return pruned(draft.finished());
}
