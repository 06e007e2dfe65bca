import { describe, expect, it } from "vitest";
import { OPERATORS, readActivation, readNode, readPreprocessing, tensorFields } from "../../src/engine/nodes";

type Loose = Record<string, unknown>;

const edges = [
  [1, 2],
  [0, 1024],
];
const relu = { type: "relu" };
const conv: Loose = { kernel: "k", bias: null, strides: [1, 16], padding: "same", activation: relu };
const pool: Loose = { window: [2, 3], strides: [1, 1], padding: "valid" };
/** The fields of each operator beside name, op, inputs and shape; binary and unary ones have none. */
const FIELDS: Record<string, Loose> = {
  conv2d: conv,
  conv2d_transpose: { ...conv, bias: "b", padding: edges },
  depthwise_conv2d: { ...conv, padding: "valid" },
  concat: { axis: -1 },
  activation: { activation: { type: "prelu", slopes: "s" } },
  affine: { scale: "s", shift: "t" },
  instance_norm: { epsilon: 1e-5, scale: null, shift: "t" },
  constant: { value: "v" },
  pad: { mode: "reflect", edges },
  crop: { edges },
  resize: { method: "nearest", coordinates: "align_corners" },
  max_pool: pool,
  avg_pool: pool,
  depth_to_space: { block: 2 },
};
const TWO = ["concat", "add", "sub", "mul", "div", "maximum", "minimum"];
const inputsOf = (op: string): string[] => (op === "constant" ? [] : TWO.includes(op) ? ["a", "b"] : ["a"]);
const example = (op: string, more: Loose = {}): Loose => ({
  ...{ name: "n", op, inputs: inputsOf(op), shape: [4, 8192, 65_536] },
  ...FIELDS[op],
  ...more,
});

function complaint(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return String(error);
  }
  return "no complaint";
}

describe("readNode", () => {
  it.each(OPERATORS)("reads %s as it stands", (op) => {
    expect(readNode(example(op), "n")).toEqual(example(op));
  });

  it.each(OPERATORS)("refuses a field of %s that it does not know", (op) => {
    const odd = { ...example(op), dilations: [1, 1] };
    expect(complaint(() => readNode(odd, "graph.3"))).toContain("graph.3.dilations is not known here");
  });

  it.each(Object.entries(FIELDS).flatMap(([op, own]) => Object.keys(own).map((key) => [op, key])))(
    "%s without %s is refused by that name",
    (op, key) => {
      const { [key]: _, ...rest } = example(op);
      expect(complaint(() => readNode(rest, "graph.0"))).toContain(`graph.0.${key}`);
    },
  );

  it.each<[string, string, Loose]>([
    ["conv2d", "n.strides.1 must be a whole number from 1 to 16", { strides: [1, 17] }],
    ["conv2d", "n.padding must be one of same, valid", { padding: "full" }],
    ["conv2d", "n.padding.1.0 must be a whole number", { padding: [[0, 0], [-1, 0]] }], // prettier-ignore
    ["conv2d", "n.activation.type must be one of", { activation: { type: "gelu" } }],
    ["conv2d", "n.bias must be text", { bias: 3 }],
    ["concat", "n.axis must be -1", { axis: 3 }],
    ["concat", "n.inputs must name 2 to 16 nodes, not 1", { inputs: ["a"] }],
    ["add", "n.inputs must name 2 nodes, not 3", { inputs: ["a", "b", "c"] }],
    ["constant", "n.inputs must name 0 nodes", { inputs: ["a"] }],
    ["exp", "n.inputs.0 must be text", { inputs: ["../a"] }],
    ["exp", "n.shape.0 must be a whole number from 1 to 8192", { shape: [8193, 1, 1] }],
    ["exp", "n.shape.2 must be a whole number from 1 to 65536", { shape: [1, 1, 65_537] }],
    ["instance_norm", "n.epsilon must be above 0", { epsilon: 0 }],
    ["pad", "n.mode must be one of zero, reflect, symmetric", { mode: "edge" }],
    ["pad", "n.edges.0.1 must be a whole number from 0 to 1024", { edges: [[0, 1025], [0, 0]] }], // prettier-ignore
    ["resize", "n.coordinates must be one of", { coordinates: "cubic" }],
    ["resize", "n.method must be one of", { method: "bicubic" }],
    ["max_pool", "n.window.0 must be", { window: [0, 1] }],
    ["avg_pool", "n.padding must be one of", { padding: edges }],
    ["depth_to_space", "n.block must be a whole number from 2 to 16", { block: 1 }],
  ])("%s: says %s", (op, sentence, change) => {
    expect(complaint(() => readNode(example(op, change), "n"))).toContain(sentence);
  });
});

describe("tensorFields", () => {
  it("names every tensor by the field that uses it", () => {
    const fields = (op: string): string[] =>
      tensorFields(readNode(example(op), "n")).map(({ field, tensor }) => `${field}=${tensor}`);
    expect(fields("conv2d_transpose")).toEqual(["kernel=k", "bias=b"]);
    expect(fields("activation")).toEqual(["activation.slopes=s"]);
    expect(fields("instance_norm")).toEqual(["shift=t"]);
    expect(fields("constant")).toEqual(["value=v"]);
    expect(fields("crop")).toEqual([]);
  });
});

describe("readActivation", () => {
  it.each<[string, Loose]>([
    ["a.alpha must be from 0 to 1", { type: "leaky_relu", alpha: 1.5 }],
    ["a.alpha must be a finite number", { type: "leaky_relu" }],
    ["a.slopes must be text", { type: "prelu", slopes: 0.1 }],
    ["a.high must be a finite number", { type: "clip", low: 0 }],
    ["a.alpha is not known here", { type: "elu", alpha: 1 }],
  ])("says %s", (sentence, value) => {
    expect(complaint(() => readActivation(value, "a"))).toContain(sentence);
  });
});

describe("readPreprocessing", () => {
  it.each<[string, Loose]>([
    ["p.op must be one of grey, area, bicubic, scale, alpha", { op: "blur" }],
    ["p.weights must have 3 entries", { op: "grey", weights: [1] }],
    ["p.size.1 must be a whole number from 1 to 8192", { op: "area", size: [1, 0] }],
    ["p.a must be from -1 to 0", { op: "bicubic", size: [1, 1], a: 1 }],
    ["p.from must not be empty", { op: "scale", from: [1, 1], to: [0, 1] }],
    ["p.value is not known here", { op: "alpha", value: 1 }],
  ])("says %s", (sentence, value) => {
    expect(complaint(() => readPreprocessing(value, "p"))).toContain(sentence);
  });
});
