// Two models with one hash compute the same: runs of local models are told apart by nothing else.
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/engine/checks";
import { graphFiles, read } from "./stock";

const node = (name: string, op: string, input: string[], attr: Json = {}): Json => ({
  name,
  op,
  input,
  attr,
});
const INPUT = node("x", "Placeholder", [], {
  shape: { shape: { dim: [1, 8, 8, 3].map((size) => ({ size: String(size) })) } },
});
const NODES = [INPUT, node("m", "Mul", ["x", "a"]), node("y", "Add", ["m", "b"]), node("z", "Tanh", ["m"])];

interface Parts {
  readonly names?: readonly [string, string];
  readonly shape?: number[];
  readonly output?: string;
  readonly path?: string;
  readonly more?: Json;
}

/** What a model of two weights is hashed to; nodes and bytes are always the same. */
async function hash({
  names = ["a", "b"],
  shape = [],
  output = "y",
  path = "",
  more,
}: Parts): Promise<string> {
  const weights = names.map((name, i) => ({ name, shape: i === 0 ? shape : [], dtype: "float32" }));
  const constants = { a: { shape: [], values: [2] }, b: { shape: [], values: [3] } };
  const files = graphFiles(NODES, constants, {
    signature: { outputs: { made: { name: `${output}:0` } } },
    weightsManifest: [{ paths: [`${path}group1-shard1of1.bin`], weights }],
    ...more,
  });
  return (await read(files)).sha256;
}

describe("the hash of a model", () => {
  it.each<[string, Parts]>([
    ["weights that change their names", { names: ["b", "a"] }],
    ["another output", { output: "z" }],
    ["another shape of a weight", { shape: [1] }],
  ])("is another for %s", async (_, other) => {
    expect(await hash(other)).not.toBe(await hash({}));
  });

  it.each<[string, Parts]>([
    ["a note of who made it", { more: { generatedBy: "somebody", convertedBy: null } }],
    ["a folder", { path: "models/" }],
  ])("is the same for %s", async (_, other) => {
    expect(await hash(other)).toBe(await hash({}));
  });
});
