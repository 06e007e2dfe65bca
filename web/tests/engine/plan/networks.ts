// Small networks for the tests of the plan.
import type { Shape3 } from "../../../src/engine/checks";
import { readNode } from "../../../src/engine/nodes";
import { checkGraph } from "../../../src/engine/shapes";
import type { Network } from "../../../src/engine/plan";

type Loose = Record<string, unknown>;

/** A checked network of nodes as manifests have them. The last one is the output. */
export function network(
  shape: Shape3,
  tensors: Readonly<Record<string, readonly number[]>>,
  ...nodes: readonly Loose[]
): Network {
  const graph = nodes.map((node, i) => readNode(node, `graph.${i}`));
  const input = { name: "input", shape };
  checkGraph(input, graph, new Map(Object.entries(tensors)));
  return {
    input,
    output: { name: graph.at(-1)?.name ?? "" },
    graph,
    tensors: Object.entries(tensors).map(([name, extents]) => ({ name, shape: extents })),
  };
}

export const LINEAR = { type: "linear" };

export const conv = (name: string, input: string, shape: Shape3, kernel: string): Loose => ({
  ...{ name, op: "conv2d", inputs: [input], shape, kernel, bias: null },
  ...{ strides: [1, 1], padding: "same", activation: LINEAR },
});

export const concat = (name: string, inputs: readonly string[], shape: Shape3): Loose => ({
  ...{ name, op: "concat", inputs, shape, axis: -1 },
});

/** Numbers that look random and are the same everywhere. */
export const numbers = (count: number, seed = 1): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233) * 0.9);
