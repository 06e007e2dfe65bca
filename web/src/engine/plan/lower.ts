// From the graph's nodes to steps. The registry has one entry for each operator, and the compiler misses none.
import type { GraphNode, Operator } from "../graph";
import type { CombineStep, ConvStep, Shape3, Step } from "./types";
import { cropSample, padSample, resizeSample } from "./sampling";
import { phasesOf, poolBefore } from "./windows";

/** What a node becomes, but for where it reads and writes. Null: it is no step (concat, constant). */
export type Made = Step extends infer S ? (S extends Step ? Omit<S, "inputs" | "output"> : never) : never;
export type TensorShapes = ReadonlyMap<string, readonly number[]>;
type Lower<Op extends Operator> = (
  node: Extract<GraphNode, { readonly op: Op | Operator }> & { readonly op: Op },
  source: Shape3,
  tensors: TensorShapes,
) => Made | null;

const convolve: Lower<"conv2d" | "conv2d_transpose" | "depthwise_conv2d"> = (node, source, tensors) => {
  const shape = tensors.get(node.kernel) ?? [];
  const [tall = 1, wide = 1] = shape;
  const transposed = node.op === "conv2d_transpose";
  return {
    kind: "conv",
    name: node.name,
    depthwise: node.op === "depthwise_conv2d",
    stride: transposed ? [1, 1] : node.strides,
    grow: transposed ? node.strides : [1, 1],
    phases: phasesOf(node, source, [tall, wide]),
    kernel: { tensor: node.kernel, shape, transposed },
    bias: node.bias,
    activation: node.activation,
  } satisfies Omit<ConvStep, "inputs" | "output">;
};

const combine: Lower<CombineStep["op"]> = (node) => ({ kind: "combine", name: node.name, op: node.op });
const unary: Lower<"abs" | "exp" | "neg" | "reciprocal" | "rsqrt" | "sqrt" | "square"> = (node) => ({
  kind: "map",
  name: node.name,
  map: { op: node.op },
});
const pool: Lower<"max_pool" | "avg_pool"> = (node, source) => ({
  kind: "pool",
  name: node.name,
  op: node.op === "max_pool" ? "max" : "avg",
  window: node.window,
  stride: node.strides,
  before: poolBefore(node, source),
});

const LOWER: { readonly [Op in Operator]: Lower<Op> } = {
  conv2d: convolve,
  conv2d_transpose: convolve,
  depthwise_conv2d: convolve,
  concat: () => null,
  constant: () => null,
  activation: ({ name, activation }) => ({ kind: "map", name, map: { op: "activation", activation } }),
  affine: ({ name, scale, shift }) => ({ kind: "map", name, map: { op: "affine", scale, shift } }),
  instance_norm: ({ name, epsilon, scale, shift }) => ({
    kind: "norm",
    name,
    op: { type: "instance_norm", epsilon, scale, shift },
  }),
  mean: ({ name }) => ({ kind: "norm", name, op: { type: "mean" } }),
  pad: (node, source) => ({
    kind: "sample",
    name: node.name,
    rows: padSample(node, source, 0),
    columns: padSample(node, source, 1),
  }),
  crop: (node) => ({
    kind: "sample",
    name: node.name,
    rows: cropSample(node, 0),
    columns: cropSample(node, 1),
  }),
  resize: (node, source) => ({
    kind: "sample",
    name: node.name,
    rows: resizeSample(node, source, 0),
    columns: resizeSample(node, source, 1),
  }),
  depth_to_space: ({ name, block }) => ({ kind: "blocks", name, block }),
  max_pool: pool,
  avg_pool: pool,
  add: combine,
  sub: combine,
  mul: combine,
  div: combine,
  maximum: combine,
  minimum: combine,
  abs: unary,
  exp: unary,
  neg: unary,
  reciprocal: unary,
  rsqrt: unary,
  sqrt: unary,
  square: unary,
};

/** The step of a node whose first input has the shape `source`, still without values. */
export function lowered(node: GraphNode, source: Shape3, tensors: TensorShapes): Made | null {
  return (LOWER[node.op] as (node: GraphNode, source: Shape3, tensors: TensorShapes) => Made | null)(
    node,
    source,
    tensors,
  );
}
