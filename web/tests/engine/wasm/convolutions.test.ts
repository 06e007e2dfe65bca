import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/engine/device";
import type { Manifest } from "../../../src/engine/manifest";
import { makePlan } from "../../../src/engine/plan";
import type { Network } from "../../../src/engine/plan";
import { runPlan } from "../../../src/engine/reference";
import { network, numbers } from "../plan/networks";
import { sessionOf, TUNINGS } from "./sessions";

type Shape = readonly [number, number, number];

const SCALE = 0.0625; // Whole multiples of it are exact, so bytes and floats hold the same weights.

/** One convolution of 4x4 taps, stride 2, with a bias and a bend. */
function convolution(
  op: "conv2d" | "conv2d_transpose",
  [height, width, taken]: Shape,
  made: number,
): Network {
  const grows = op === "conv2d_transpose";
  const along = (size: number): number => (grows ? 2 * size : Math.ceil(size / 2));
  return network(
    [height, width, taken],
    { kernel: grows ? [4, 4, made, taken] : [4, 4, taken, made], bias: [made], scale: [made] },
    {
      ...{ name: "conv", op, inputs: ["input"], shape: [along(height), along(width), made] },
      ...{ kernel: "kernel", bias: "bias", strides: [2, 2], padding: "same" },
      activation: { type: "leaky_relu", alpha: 0.3 },
    },
  );
}

function modelOf(one: Network): Model {
  const tensors = one.tensors.map((tensor) => ({
    ...tensor,
    ...(tensor.name === "kernel"
      ? { dtype: "int8", scale: "scale", channel_axis: tensor.shape[2] === one.graph[0]?.shape[2] ? 2 : 3 }
      : { dtype: "float32", scale: null }),
  }));
  const made = new Map<string, Float32Array>();
  const values = (name: string): Float32Array => {
    const length = one.tensors.find((tensor) => tensor.name === name)?.shape.reduce((a, b) => a * b) ?? 0;
    if (name === "scale") return new Float32Array(length).fill(SCALE);
    if (name === "bias") return numbers(length, 2);
    return numbers(length, 3).map((value) => Math.round(value * 9) * SCALE);
  };
  const [height, width] = one.input.shape;
  const manifest = {
    ...one,
    output: { ...one.output, range: [-1, 1] },
    tensors,
    preprocessing: [{ op: "area", size: [height, width] }],
  };
  const tensor = (name: string): Float32Array => {
    const known = made.get(name) ?? values(name);
    made.set(name, known);
    return known;
  };
  return { manifest: manifest as unknown as Manifest, sha256: "", tensor };
}

const SHAPES: readonly (readonly ["conv2d" | "conv2d_transpose", Shape, number])[] = [
  ["conv2d", [32, 24, 8], 5],
  ["conv2d", [34, 32, 12], 20],
  ["conv2d", [16, 16, 64], 33],
  ["conv2d", [4, 4, 130], 66],
  ["conv2d", [2, 2, 96], 40],
  ["conv2d", [5, 7, 3], 9],
  ["conv2d", [1, 1, 520], 36],
  ["conv2d_transpose", [16, 12, 8], 3],
  ["conv2d_transpose", [10, 18, 16], 20],
  ["conv2d_transpose", [9, 8, 8], 4],
  ["conv2d_transpose", [2, 2, 260], 36],
  ["conv2d_transpose", [1, 1, 132], 260],
  ["conv2d_transpose", [3, 5, 1], 1],
  ["conv2d_transpose", [8, 8, 512], 116], // so many weights that their sums are kept as two bytes each
];

describe.each(SHAPES)("%s of %j to %i channels", (op, shape, made) => {
  const one = convolution(op, shape, made);
  const model = modelOf(one);
  const input = numbers(shape[0] * shape[1] * shape[2], 5);
  const plan = makePlan(one, { by: "write", align: 4 });
  const expected = runPlan(plan, (name) => model.tensor(name), input).read(plan.output);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);

  it.each(TUNINGS)("is what plain loops give, tuned %s", async (tuning) => {
    const session = await sessionOf(model, { tuning });
    const got = await session.compute(input);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? 9e9))), 0);
    expect(got).toHaveLength(expected.length);
    expect(worst).toBeLessThan(1e-5 * largest);
    session.destroy();
  });
});
