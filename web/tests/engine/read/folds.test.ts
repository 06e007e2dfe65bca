// Arithmetic on constants against TensorFlow's own results (tests/models/reading/folds.json, which the server's reader
// runs too), and its bounds: a few kB of model.json must not stop the page.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/engine/checks";
import { Attributes } from "../../../src/engine/read/graphDef";
import { FOLDS } from "../../../src/engine/read/graphFold";
import { Step } from "../../../src/engine/read/graphValues";
import type { Known } from "../../../src/engine/read/known";
import { Builder } from "../../../src/engine/read/network";
import { graphFiles, read } from "./stock";

interface Held {
  readonly dtype: string;
  readonly shape: number[];
  readonly values: (number | boolean)[];
}

interface Case {
  readonly op: string;
  readonly attributes: Json;
  readonly inputs: Held[];
  readonly output: Held;
}

const FILE = new URL("../../../../tests/models/reading/folds.json", import.meta.url);
const CASES = JSON.parse(readFileSync(FILE, "utf-8")) as Case[];

const known = ({ dtype, shape, values }: Held): Known => ({
  dims: shape,
  values: (dtype.startsWith("float") ? Float32Array : Int32Array).from(values.map(Number)),
});

function folded({ op, attributes, inputs }: Case): Known {
  const node = {
    name: "made",
    op,
    inputs: [],
    attributes: new Attributes("made", attributes),
    where: "made",
  };
  return FOLDS[op]!(new Step(new Builder([1, 1, 1]), node, inputs.map(known)));
}

const called = ({ op, attributes }: Case): string => `${op} ${JSON.stringify(attributes)}`;

describe("constants", () => {
  it.each(CASES.map((each) => [called(each), each] as const))("come out of %s as TensorFlow's", (_, each) => {
    const [made, wanted] = [folded(each), known(each.output)];
    expect(made.dims).toEqual(wanted.dims);
    expect(made.values.constructor).toBe(wanted.values.constructor);
    const near = made.values.every((value, i) => {
      const right = wanted.values[i] ?? NaN;
      return Math.abs(value - right) <= 1e-6 * Math.max(1, Math.abs(right));
    });
    expect(near, `${made.values.join()} for ${wanted.values.join()}`).toBe(true);
  });
});

const node = (name: string, op: string, input: string[], attr: Json = {}): Json => ({
  name,
  op,
  input,
  attr,
});
const input = node("x", "Placeholder", [], {
  dtype: { type: "DT_FLOAT" },
  shape: { shape: { dim: [1, 8, 8, 3].map((size) => ({ size: String(size) })) } },
});
const whole = (...values: number[]) => ({ shape: [values.length], values, dtype: "int32" as const });

describe("the bounds of constants", () => {
  it("stops at one that is joined to itself again and again", async () => {
    const twice = Array.from({ length: 40 }, (_, i) => {
      const before = i === 0 ? "value" : `twice${i - 1}`;
      return node(`twice${i}`, "ConcatV2", [before, before, "axis"]);
    });
    const files = graphFiles([input, ...twice, node("y", "Mul", ["x", "twice39"])], {
      value: { shape: [1], values: [1] },
      axis: { shape: [], values: [0], dtype: "int32" },
    });
    await expect(read(files)).rejects.toThrow(/node twice\d+ \(ConcatV2\)/);
  });

  it("adds up what all of them take", async () => {
    const fills = Array.from({ length: 40 }, (_, i) => [
      node(`full${i}`, "Fill", ["dims", "value"]),
      node(`sum${i}`, "AddV2", [i === 0 ? "full0" : `sum${i - 1}`, `full${i}`]),
    ]).flat();
    const files = graphFiles([input, ...fills, node("y", "Mul", ["x", "sum39"])], {
      dims: whole(4_000_000),
      value: { shape: [], values: [1] },
    });
    await expect(read(files)).rejects.toThrow("computes too much from constants");
  });
});
