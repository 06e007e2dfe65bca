import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../../src/engine/checks";
import { PLAIN, graphFiles, noise, read, run, runStock, useCpu, worst } from "./stock";

const SIDE = 8;
type Constants = Parameters<typeof graphFiles>[1];

const text = (value: string): Json => ({ s: btoa(value) });
const ints = (...values: number[]): Json => ({ list: { i: values.map(String) } });
const node = (name: string, op: string, input: string[], attr: Json = {}): Json => ({
  name,
  op,
  input,
  attr,
});
const bytes = (array: ArrayBufferView): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
const random = (...shape: number[]) => ({ shape, values: [...noise(shape.reduce((a, b) => a * b, 1))] });
const whole = (...values: number[]) => ({ shape: [values.length], values, dtype: "int32" as const });
const conv = {
  T: { type: "DT_FLOAT" },
  strides: ints(1, 1, 1, 1),
  dilations: ints(1, 1, 1, 1),
  padding: text("SAME"),
  data_format: text("NHWC"),
};

const input = (batch = 1): Json =>
  node("x", "Placeholder", [], {
    dtype: { type: "DT_FLOAT" },
    shape: { shape: { dim: [batch, SIDE, SIDE, 3].map((size) => ({ size: String(size) })) } },
  });

/** A picture, the nodes (which end in "y", of 3 channels or made so), and nothing else. */
const graph = (nodes: Json[], constants: Constants = {}): ReturnType<typeof graphFiles> =>
  graphFiles([input(), ...nodes], constants);

async function compare(files: ReturnType<typeof graphFiles>): Promise<{ error: number; ops: string[] }> {
  const picture = noise(SIDE * SIDE * 3);
  const bundle = (await read(files)).bundle(PLAIN);
  const [made, expected] = [await run(bundle, picture), await runStock(files, picture, [1, SIDE, SIDE, 3])];
  return { error: worst(made, expected), ops: bundle.manifest.graph.map(({ op }) => op) };
}

const fused = (...ops: string[]): Json => ({
  ...conv,
  fused_ops: { list: { s: ops.map((op) => btoa(op)) } },
  num_args: { i: "1" },
});
const norm = {
  gamma: random(3),
  beta: random(3),
  mean: random(3),
  variance: { shape: [3], values: [0.5, 1, 2] },
};

const CASES: [string, Json[], Constants][] = [
  [
    "a fused convolution",
    [node("y", "_FusedConv2D", ["x", "k", "b"], fused("BiasAdd", "Relu"))],
    { k: random(3, 3, 3, 3), b: random(3) },
  ],
  [
    "a convolution, its norm and its activation",
    [
      node("c", "Conv2D", ["x", "k"], conv),
      node("n", "FusedBatchNormV3", ["c", "gamma", "beta", "mean", "variance"], {
        epsilon: { f: 0.001 },
        is_training: { b: false },
      }),
      node("y", "Tanh", ["n"]),
    ],
    { k: random(3, 3, 3, 3), ...norm },
  ],
  [
    "a transposed convolution whose size is worked out from the input's",
    [
      node("s", "Shape", ["x"]),
      node("h", "StridedSlice", ["s", "one", "two", "step"], { shrink_axis_mask: { i: "1" } }),
      node("hh", "Mul", ["h", "twice"]),
      node("size", "Pack", ["single", "hh", "hh", "three"], { axis: { i: "0" }, N: { i: "4" } }),
      node("y", "Conv2DBackpropInput", ["size", "k", "x"], { ...conv, strides: ints(1, 2, 2, 1) }),
    ],
    {
      k: random(4, 4, 3, 3),
      one: whole(1),
      two: whole(2),
      step: whole(1),
      twice: { shape: [], values: [2], dtype: "int32" },
      single: { shape: [], values: [1], dtype: "int32" },
      three: { shape: [], values: [3], dtype: "int32" },
    },
  ],
  [
    "an instance norm written out",
    [
      node("m", "Mean", ["x", "axes"], { keep_dims: { b: true } }),
      node("d", "SquaredDifference", ["x", "m"]),
      node("v", "Mean", ["d", "axes"], { keep_dims: { b: true } }),
      node("e", "AddV2", ["v", "eps"]),
      node("r", "Rsqrt", ["e"]),
      node("g", "Mul", ["r", "gamma"]),
      node("xg", "Mul", ["x", "g"]),
      node("mg", "Mul", ["m", "g"]),
      node("bm", "Sub", ["beta", "mg"]),
      node("y", "AddV2", ["xg", "bm"]),
    ],
    { axes: whole(1, 2), eps: { shape: [], values: [0.001] }, gamma: random(3), beta: random(3) },
  ],
  [
    "mirrored edges, cut again",
    [
      node("p", "MirrorPad", ["x", "edges"], { mode: text("REFLECT") }),
      node("y", "Slice", ["p", "from", "size"]),
    ],
    {
      edges: { shape: [4, 2], values: [0, 0, 1, 2, 3, 1, 0, 0], dtype: "int32" },
      from: whole(0, 1, 1, 0),
      size: whole(1, -1, 7, -1),
    },
  ],
  [
    "zeros around a valid convolution",
    [node("p", "Pad", ["x", "edges"]), node("y", "Conv2D", ["p", "k"], { ...conv, padding: text("VALID") })],
    { edges: { shape: [4, 2], values: [0, 0, 1, 1, 2, 0, 0, 0], dtype: "int32" }, k: random(3, 3, 3, 3) },
  ],
  [
    "half-pixel resizing",
    [node("y", "ResizeBilinear", ["x", "size"], { half_pixel_centers: { b: true } })],
    { size: whole(12, 20) },
  ],
  ["resizing of TensorFlow 1", [node("y", "ResizeNearestNeighbor", ["x", "size"])], { size: whole(16, 24) }],
  [
    "channels that change places",
    [
      node("s", "Split", ["axis", "x"], { num_split: { i: "3" } }),
      node("y", "ConcatV2", ["s:2", "s", "s:1", "axis"], { N: { i: "3" } }),
    ],
    { axis: { shape: [], values: [3], dtype: "int32" } },
  ],
  [
    "depthwise, fused",
    [node("y", "FusedDepthwiseConv2dNative", ["x", "k", "b"], fused("BiasAdd", "Relu6"))],
    { k: random(3, 3, 3, 1), b: random(3) },
  ],
  [
    "bounded values and powers",
    [node("a", "Minimum", ["x", "high"]), node("b", "Maximum", ["a", "low"]), node("y", "Square", ["b"])],
    { low: { shape: [], values: [-0.2] }, high: { shape: [], values: [0.3] } },
  ],
  [
    "a dilated convolution by way of a batch",
    [
      node("b", "SpaceToBatchND", ["x", "block", "pads"]),
      node("c", "Conv2D", ["b", "k"], { ...conv, padding: text("VALID") }),
      node("y", "BatchToSpaceND", ["c", "block", "crops"]),
    ],
    {
      block: whole(2, 2),
      pads: { shape: [2, 2], values: [2, 2, 2, 2], dtype: "int32" },
      crops: { shape: [2, 2], values: [0, 0, 0, 0], dtype: "int32" },
      k: random(3, 3, 3, 3),
    },
  ],
  [
    "rows that are repeated by tiles",
    [
      node("e", "ExpandDims", ["x", "two"]),
      node("t", "Tile", ["e", "times"]),
      node("y", "Reshape", ["t", "s"]),
    ],
    { two: { shape: [], values: [2], dtype: "int32" }, times: whole(1, 1, 2, 1, 1), s: whole(1, 16, 8, 3) },
  ],
  [
    "channels turned round by a slice, and a new axis that goes again",
    [
      node("r", "StridedSlice", ["x", "from", "to", "by"], {
        ellipsis_mask: { i: "1" },
        end_mask: { i: "2" },
      }),
      node("n", "StridedSlice", ["r", "zeros", "zeros", "ones"], {
        new_axis_mask: { i: "1" },
        ellipsis_mask: { i: "2" },
      }),
      node("z", "StridedSlice", ["n", "zero", "one", "one"], { shrink_axis_mask: { i: "1" } }),
      node("y", "Tanh", ["z"]),
    ],
    {
      from: whole(0, -1),
      to: whole(0, 0),
      by: whole(1, -1),
      zeros: whole(0, 0),
      ones: whole(1, 1),
      zero: whole(0),
      one: whole(1),
    },
  ],
  [
    "squeeze and excite",
    [
      node("m", "Mean", ["x", "axes"], { keep_dims: { b: false } }),
      node("f", "_FusedMatMul", ["m", "w", "b"], {
        ...fused("BiasAdd", "Relu"),
        transpose_a: { b: false },
        transpose_b: { b: false },
      }),
      node("r", "Reshape", ["f", "shape"]),
      node("s", "Sigmoid", ["r"]),
      node("y", "Mul", ["x", "s"]),
    ],
    { axes: whole(1, 2), w: random(3, 3), b: random(3), shape: whole(-1, 1, 1, 3) },
  ],
];

describe("graph models", () => {
  beforeAll(useCpu);

  it.each(CASES)("runs %s as stock TensorFlow.js does", async (_, nodes, constants) => {
    const { error } = await compare(graph(nodes, constants));
    expect(error).toBeLessThan(2e-5);
  });

  it("folds norm, bias and activation into the convolution before them", async () => {
    const [, nodes, constants] = CASES[1]!;
    expect((await compare(graph(nodes, constants))).ops).toEqual(["conv2d"]);
  });

  it("follows the signature where the graph has more than one end", async () => {
    const nodes = [input(), node("y", "Tanh", ["x"]), node("other", "Relu", ["x"])];
    const signature = { inputs: { a: { name: "x:0" } }, outputs: { b: { name: "y:0" } } };
    const model = await read(graphFiles(nodes, {}, { signature }));
    expect(model.outputRange).toEqual([-1, 1]);
    await expect(read(graphFiles(nodes, {}))).rejects.toThrow("the graph has 2 outputs");
  });

  it.each<[string, Json]>([
    ["DT_DOUBLE", { doubleVal: [0.5, 2, -1] }],
    ["DT_DOUBLE", { tensorContent: bytes(Float64Array.of(0.5, 2, -1)) }],
    ["DT_HALF", { tensorContent: bytes(Uint16Array.of(0x3800, 0x4000, 0xbc00)) }],
  ])("reads a %s within the JSON", async (dtype, values) => {
    const tensor = { dtype, tensorShape: { dim: [{ size: "3" }] }, ...values };
    const nodes = [node("c", "Const", [], { value: { tensor } }), node("y", "Mul", ["x", "c"])];
    const bundle = (await read(graph(nodes))).bundle(PLAIN);
    expect(bundle.tensor(bundle.manifest.tensors[0]!.name)).toEqual(Float32Array.of(0.5, 2, -1));
  });

  it.each<[string, Json]>([
    ["DT_UINT8", { tensorContent: bytes(Uint8Array.of(16, 24)) }],
    ["DT_INT8", { intVal: [16, 24] }],
    ["DT_INT16", { tensorContent: bytes(Int16Array.of(16, 24)) }],
    ["DT_INT64", { int64Val: ["16", "24"] }],
  ])("reads a %s within the JSON as whole numbers", async (dtype, values) => {
    const tensor = { dtype, tensorShape: { dim: [{ size: "2" }] }, ...values };
    const nodes = [node("s", "Const", [], { value: { tensor } }), node("y", "ResizeBilinear", ["x", "s"])];
    expect((await read(graph(nodes))).outputShape).toEqual([16, 24, 3]);
  });

  it.each<[string, Json[], Constants, string]>([
    [
      "a slice that turns a picture round and drops an axis",
      [
        node("y", "StridedSlice", ["x", "b", "e", "s"], {
          end_mask: { i: "2" },
          shrink_axis_mask: { i: "1" },
        }),
      ],
      { b: whole(0, 7), e: whole(1, 0), s: whole(1, -1) },
      "cutting and dropping axes at once",
    ],
    [
      "an operator that cannot run",
      [node("y", "TopKV2", ["x"])],
      {},
      "node y (TopKV2): this operator cannot run here",
    ],
    [
      "channels first",
      [node("y", "Conv2D", ["x", "k"], { ...conv, data_format: text("NCHW") })],
      { k: random(1, 1, 3, 3) },
      "channels first (NCHW)",
    ],
    [
      "values that change places",
      [node("y", "Reshape", ["x", "s"])],
      { s: whole(1, 4, 16, 3) },
      "moves values between places",
    ],
    ["a circle", [node("a", "Relu", ["y"]), node("y", "Add", ["a", "x"])], {}, "takes what it gives itself"],
    [
      "a constant that is nowhere",
      [node("k", "Const", []), node("y", "Mul", ["x", "k"])],
      {},
      "node k (Const): its values are missing",
    ],
    ["a node that is nowhere", [node("y", "Relu", ["gone"])], {}, "gone is not among its nodes"],
    [
      "many channels",
      [node("y", "Conv2D", ["x", "k"], conv)],
      { k: random(1, 1, 3, 7) },
      "the network gives 8x8x7",
    ],
    [
      "a kernel that does not fit",
      [node("y", "Conv2D", ["x", "k"], conv)],
      { k: random(1, 1, 5, 3) },
      "made for 5 channels, but it gets 3",
    ],
    [
      "a constant that is worked out to no number",
      [node("r", "Reciprocal", ["nought"]), node("y", "Mul", ["x", "r"])],
      { nought: { shape: [], values: [0] } },
      "its weights are empty or not finite",
    ],
    ["no picture at all", [node("y", "Identity", ["x"])], {}, "gives its input back unchanged"],
  ])("refuses %s", async (_, nodes, constants, said) => {
    const signature = { outputs: { b: { name: "y" } } };
    await expect(read(graphFiles([input(), ...nodes], constants, { signature }))).rejects.toThrow(said);
  });

  it("refuses a batch of more than one", async () => {
    await expect(read(graphFiles([input(4), node("y", "Tanh", ["x"])], {}))).rejects.toThrow(
      "4 pictures at once",
    );
  });
});
