import { describe, expect, it } from "vitest";
import type { Shape3 } from "../../src/engine/checks";
import { readNode } from "../../src/engine/nodes";
import { checkGraph, nodeShape } from "../../src/engine/shapes";

type Loose = Record<string, unknown>;

const TENSORS = new Map([
  ["k3", [3, 3, 4, 5]],
  ["k2", [2, 2, 4, 5]],
  ["flat", [3, 3, 4]],
  ["huge", [65, 1, 4, 4]],
  ["four", [4]],
  ["five", [5]],
  ["value", [2, 3, 4]],
]);
const relu = { type: "relu" };
const conv: Loose = {
  op: "conv2d",
  kernel: "k3",
  bias: null,
  strides: [2, 2],
  padding: "same",
  activation: relu,
};
const prelu = { op: "activation", activation: { type: "prelu", slopes: "five" } };

function shapeOf(fields: Loose, ...inputs: Shape3[]): Shape3 {
  const names = inputs.map((_, i) => `x${i}`);
  return nodeShape(
    readNode({ name: "n", inputs: names, shape: [1, 1, 1], ...fields }, "n"),
    inputs,
    TENSORS,
    "n",
  );
}

describe("nodeShape", () => {
  it.each<[Shape3, Loose, Shape3[]]>([
    [[4, 3, 5], conv, [[7, 6, 4]]],
    [[3, 2, 5], { ...conv, padding: "valid" }, [[7, 6, 4]]],
    [[5, 3, 5], { ...conv, padding: [[3, 1], [0, 2]] }, [[7, 6, 4]]], // prettier-ignore
    [[14, 12, 4], { ...conv, op: "conv2d_transpose" }, [[7, 6, 5]]],
    [[15, 13, 4], { ...conv, op: "conv2d_transpose", padding: "valid" }, [[7, 6, 5]]],
    [[14, 11, 4], { ...conv, op: "conv2d_transpose", padding: [[1, 0], [1, 1]] }, [[7, 6, 5]]], // prettier-ignore
    [
      [9, 9, 4],
      { ...conv, op: "conv2d_transpose", kernel: "k2", strides: [3, 3], padding: "valid" },
      [[3, 3, 5]],
    ],
    [[7, 6, 20], { ...conv, op: "depthwise_conv2d", strides: [1, 1] }, [[7, 6, 4]]],
    [[2, 3, 9], { op: "concat", axis: -1 }, [[2, 3, 4], [2, 3, 5]]], // prettier-ignore
    [[2, 3, 4], { op: "add" }, [[1, 3, 1], [2, 1, 4]]], // prettier-ignore
    [[2, 3, 4], { op: "constant", value: "value" }, []],
    [[1, 1, 4], { op: "mean" }, [[9, 8, 4]]],
    [[5, 9, 4], { op: "pad", mode: "symmetric", edges: [[2, 1], [3, 3]] }, [[2, 3, 4]]], // prettier-ignore
    [[1, 2, 4], { op: "crop", edges: [[1, 0], [0, 1]] }, [[2, 3, 4]]], // prettier-ignore
    [
      [7, 5, 4],
      { op: "resize", method: "nearest", coordinates: "half_pixel", shape: [7, 5, 9] },
      [[2, 3, 4]],
    ],
    [[2, 3, 4], { op: "max_pool", window: [3, 2], strides: [2, 2], padding: "valid" }, [[6, 7, 4]]],
    [[3, 4, 4], { op: "avg_pool", window: [3, 2], strides: [2, 2], padding: "same" }, [[6, 7, 4]]],
    [[6, 9, 2], { op: "depth_to_space", block: 3 }, [[2, 3, 18]]],
  ])("gives %j", (expected, fields, inputs) => {
    expect(shapeOf(fields, ...inputs)).toEqual(expected);
  });

  it.each<[string, Loose, Shape3[]]>([
    ["n.kernel names none", { ...conv, kernel: "none" }, [[7, 6, 4]]],
    ["n.kernel must be [height, width, channels, channels]", { ...conv, kernel: "flat" }, [[7, 6, 4]]],
    [
      "n.kernel must be [height, width, channels, channels] up to 64x64",
      { ...conv, kernel: "huge" },
      [[7, 6, 4]],
    ],
    ["n.kernel takes 4 channels, but gets 3", conv, [[7, 6, 3]]],
    ["n.bias must have the shape [5], but four has [4]", { ...conv, bias: "four" }, [[7, 6, 4]]],
    ["n.activation.slopes must have the shape [4]", prelu, [[7, 6, 4]]],
    ["n.scale must have the shape [5]", { op: "affine", scale: "four", shift: "five" }, [[7, 6, 5]]],
    ["n.shift names gone", { op: "instance_norm", epsilon: 1e-3, scale: null, shift: "gone" }, [[7, 6, 5]]],
    ["n.inputs have different sizes", { op: "concat", axis: -1 }, [[2, 3, 4], [2, 2, 4]]], // prettier-ignore
    ["n.inputs do not fit together: [2, 3, 4] and [2, 3, 3]", { op: "mul" }, [[2, 3, 4], [2, 3, 3]]], // prettier-ignore
    ["n.value must be [height, width, channels]", { op: "constant", value: "four" }, []],
    ["n.edges by reflect at most 1 can be added to 2", { op: "pad", mode: "reflect", edges: [[2, 0], [0, 0]] }, [[2, 3, 4]]], // prettier-ignore
    ["n.shape would be [0, 3, 4]: what it takes is too small", { op: "crop", edges: [[1, 1], [0, 0]] }, [[2, 3, 4]]], // prettier-ignore
    ["n.shape would be [0, 1, 5]", { ...conv, padding: "valid" }, [[1, 3, 4]]],
    ["n.shape would be [8192, 8192, 4], which is too large", { op: "resize", method: "nearest", coordinates: "half_pixel", shape: [8192, 8192, 4] }, [[2, 3, 4]]], // prettier-ignore
    ["n.block is 3, but 4 channels", { op: "depth_to_space", block: 3 }, [[2, 3, 4]]],
  ])("says %s", (sentence, fields, inputs) => {
    expect(() => shapeOf(fields, ...inputs)).toThrow(sentence);
  });
});

describe("checkGraph", () => {
  const unary = (name: string, input: string, shape = [2, 2, 1]): ReturnType<typeof readNode> =>
    readNode({ name, op: "exp", inputs: [input], shape }, name);
  const check = (...graph: ReturnType<typeof readNode>[]) =>
    checkGraph({ name: "x", shape: [2, 2, 1] }, graph, TENSORS);

  it("gives the shapes of all values", () => {
    expect([...check(unary("a", "x"), unary("b", "a")).keys()]).toEqual(["x", "a", "b"]);
  });

  it.each<[string, () => unknown]>([
    ["graph.0.inputs uses b, which no earlier node gives", () => check(unary("a", "b"), unary("b", "x"))],
    ["graph.1.name is used twice: x", () => check(unary("a", "x"), unary("x", "a"))],
    ["graph.0.shape is [2, 2, 2], but a gives [2, 2, 1]", () => check(unary("a", "x", [2, 2, 2]))],
  ])("says %s", (sentence, act) => {
    expect(act).toThrow(sentence);
  });
});
