// Reads the graph's nodes as strictly as kit/models/manifest.py does. One with an operator that is not listed here is refused by its name.
import { readActivation } from "./activations";
import {
  asInteger,
  asKeys,
  asList,
  asNodeName,
  asNodeNameOrNull,
  asNumberFrom,
  asObject,
  asOneOf,
  asShape3,
  asTuple,
  refuse,
} from "./checks";
import type { Json, Shape3 } from "./checks";
import type {
  ActivationNode,
  AffineNode,
  BinaryNode,
  ConcatNode,
  ConstantNode,
  ConvNode,
  CropNode,
  DepthToSpaceNode,
  Edges,
  GraphNode,
  InstanceNormNode,
  MeanNode,
  Operator,
  PadNode,
  Padding,
  Pair,
  PoolNode,
  ResizeNode,
  UnaryNode,
} from "./graph";

export * from "./activations";
export * from "./graph";
export { readPreprocessing } from "./steps";
export type { PreprocessingOp } from "./steps";

const asStrides = (value: unknown, path: string): Pair =>
  asTuple(value, path, 2, (v, p) => asInteger(v, p, 1, 16)) as [number, number];
const asEdgePair = (value: unknown, path: string): Pair =>
  asTuple(value, path, 2, (v, p) => asInteger(v, p, 0, 1024)) as [number, number];
const asEdges = (value: unknown, path: string): Edges => asTuple(value, path, 2, asEdgePair) as [Pair, Pair];

function asPadding(value: unknown, path: string): Padding {
  return Array.isArray(value)
    ? asEdges(value, path)
    : asOneOf<"same" | "valid">(value, path, ["same", "valid"]);
}

function asInputs(value: unknown, path: string, least: number, most = least): string[] {
  const list = asList(value, path, 16).map((entry, i) => asNodeName(entry, `${path}.${i}`));
  if (list.length >= least && list.length <= most) return list;
  return refuse(
    path,
    `must name ${least === most ? least : `${least} to ${most}`} nodes, not ${list.length}`,
  );
}

/** What all nodes have. `keys`: the fields besides, any other is refused. */
function readCommon(json: Json, path: string, keys: readonly string[]): { name: string; shape: Shape3 } {
  asKeys(json, path, ["name", "op", "inputs", "shape", ...keys]);
  return { name: asNodeName(json["name"], `${path}.name`), shape: asShape3(json["shape"], `${path}.shape`) };
}

const oneInput = (json: Json, path: string): [string] =>
  asInputs(json["inputs"], `${path}.inputs`, 1) as [string];

function readConvolution(json: Json, path: string, op: ConvNode["op"]): ConvNode {
  const common = readCommon(json, path, ["kernel", "bias", "strides", "padding", "activation"]);
  return {
    ...common,
    op,
    inputs: oneInput(json, path),
    kernel: asNodeName(json["kernel"], `${path}.kernel`),
    bias: asNodeNameOrNull(json["bias"], `${path}.bias`),
    strides: asStrides(json["strides"], `${path}.strides`),
    padding: asPadding(json["padding"], `${path}.padding`),
    activation: readActivation(json["activation"], `${path}.activation`),
  };
}

function readConcat(json: Json, path: string, op: "concat"): ConcatNode {
  const common = readCommon(json, path, ["axis"]);
  if (json["axis"] !== -1) refuse(`${path}.axis`, "must be -1: only channels are joined");
  return { ...common, op, inputs: asInputs(json["inputs"], `${path}.inputs`, 2, 16), axis: -1 };
}

function readActivated(json: Json, path: string, op: "activation"): ActivationNode {
  const common = readCommon(json, path, ["activation"]);
  const activation = readActivation(json["activation"], `${path}.activation`);
  return { ...common, op, inputs: oneInput(json, path), activation };
}

function readAffine(json: Json, path: string, op: "affine"): AffineNode {
  const common = readCommon(json, path, ["scale", "shift"]);
  const scale = asNodeName(json["scale"], `${path}.scale`);
  const shift = asNodeName(json["shift"], `${path}.shift`);
  return { ...common, op, inputs: oneInput(json, path), scale, shift };
}

function readInstanceNorm(json: Json, path: string, op: "instance_norm"): InstanceNormNode {
  const common = readCommon(json, path, ["epsilon", "scale", "shift"]);
  const epsilon = asNumberFrom(json["epsilon"], `${path}.epsilon`, 0, 1);
  if (epsilon === 0) refuse(`${path}.epsilon`, "must be above 0");
  const scale = asNodeNameOrNull(json["scale"], `${path}.scale`);
  const shift = asNodeNameOrNull(json["shift"], `${path}.shift`);
  return { ...common, op, inputs: oneInput(json, path), epsilon, scale, shift };
}

function readConstant(json: Json, path: string, op: "constant"): ConstantNode {
  const common = readCommon(json, path, ["value"]);
  asInputs(json["inputs"], `${path}.inputs`, 0);
  return { ...common, op, inputs: [], value: asNodeName(json["value"], `${path}.value`) };
}

function readPad(json: Json, path: string, op: "pad"): PadNode {
  const common = readCommon(json, path, ["mode", "edges"]);
  const mode = asOneOf(json["mode"], `${path}.mode`, ["zero", "reflect", "symmetric"]);
  return {
    ...common,
    op,
    inputs: oneInput(json, path),
    mode,
    edges: asEdges(json["edges"], `${path}.edges`),
  };
}

function readCrop(json: Json, path: string, op: "crop"): CropNode {
  const common = readCommon(json, path, ["edges"]);
  return { ...common, op, inputs: oneInput(json, path), edges: asEdges(json["edges"], `${path}.edges`) };
}

function readResize(json: Json, path: string, op: "resize"): ResizeNode {
  const common = readCommon(json, path, ["method", "coordinates"]);
  const rules = ["asymmetric", "half_pixel", "align_corners"] as const;
  const method = asOneOf(json["method"], `${path}.method`, ["nearest", "bilinear"]);
  const coordinates = asOneOf(json["coordinates"], `${path}.coordinates`, rules);
  return { ...common, op, inputs: oneInput(json, path), method, coordinates };
}

function readPool(json: Json, path: string, op: PoolNode["op"]): PoolNode {
  const common = readCommon(json, path, ["window", "strides", "padding"]);
  return {
    ...common,
    op,
    inputs: oneInput(json, path),
    window: asStrides(json["window"], `${path}.window`),
    strides: asStrides(json["strides"], `${path}.strides`),
    padding: asOneOf(json["padding"], `${path}.padding`, ["same", "valid"]),
  };
}

function readDepthToSpace(json: Json, path: string, op: "depth_to_space"): DepthToSpaceNode {
  const common = readCommon(json, path, ["block"]);
  return {
    ...common,
    op,
    inputs: oneInput(json, path),
    block: asInteger(json["block"], `${path}.block`, 2, 16),
  };
}

function readBinary(json: Json, path: string, op: BinaryNode["op"]): BinaryNode {
  const inputs = asInputs(json["inputs"], `${path}.inputs`, 2) as [string, string];
  return { ...readCommon(json, path, []), op, inputs };
}

function readPlain<Op extends (UnaryNode | MeanNode)["op"]>(json: Json, path: string, op: Op) {
  return { ...readCommon(json, path, []), op, inputs: oneInput(json, path) };
}

/** The registry of operators: one that `GraphNode` has and this lacks does not compile, nor one that it lacks. */
const READERS: { readonly [Op in Operator]: (json: Json, path: string, op: Op) => GraphNode } = {
  conv2d: readConvolution,
  conv2d_transpose: readConvolution,
  depthwise_conv2d: readConvolution,
  concat: readConcat,
  activation: readActivated,
  affine: readAffine,
  instance_norm: readInstanceNorm,
  constant: readConstant,
  mean: readPlain,
  pad: readPad,
  crop: readCrop,
  resize: readResize,
  max_pool: readPool,
  avg_pool: readPool,
  depth_to_space: readDepthToSpace,
  add: readBinary,
  sub: readBinary,
  mul: readBinary,
  div: readBinary,
  maximum: readBinary,
  minimum: readBinary,
  abs: readPlain,
  exp: readPlain,
  neg: readPlain,
  reciprocal: readPlain,
  rsqrt: readPlain,
  sqrt: readPlain,
  square: readPlain,
};

export const OPERATORS = Object.keys(READERS) as readonly Operator[];

const readAs = <Op extends Operator>(json: Json, path: string, op: Op): GraphNode =>
  READERS[op](json, path, op);

/** One node of `graph`; `path` is where it stands, for the error's sentence. */
export function readNode(value: unknown, path: string): GraphNode {
  const json = asObject(value, path);
  return readAs(json, path, asOneOf(json["op"], `${path}.op`, OPERATORS));
}
