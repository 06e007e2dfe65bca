// What does not fit is refused in words, before anything is made.
import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/engine/device";
import type { GraphNode } from "../../../src/engine/graph";
import { createWasmSession } from "../../../src/engine/wasm";
import { load } from "./sessions";

/** Three values of 1 GB each and more, which live at the same time. */
function enormous(): Model {
  const large = [8192, 8192, 1] as const;
  const sized = { op: "resize", method: "nearest", coordinates: "asymmetric", size: [8192, 8192] };
  const value = (name: string, inputs: readonly string[], op: object) => ({
    name,
    inputs,
    shape: large,
    ...op,
  });
  const graph = [
    value("first", ["input"], sized),
    value("second", ["first"], { op: "exp" }),
    value("third", ["first", "second"], { op: "add" }),
    value("fourth", ["third", "first"], { op: "mul" }),
    value("output", ["fourth", "second"], { op: "sub" }),
  ] as unknown as GraphNode[];
  const port = { range: [-1, 1] as const };
  const manifest = {
    input: { name: "input", shape: [256, 256, 1], ...port },
    output: { name: "output", shape: large, ...port },
    preprocessing: [],
    graph,
    tensors: [],
    precision: "float32",
  };
  return { manifest: manifest as unknown as Model["manifest"], sha256: "", tensor: () => new Float32Array() };
}

describe("limits", () => {
  it("names what WebAssembly can address", async () => {
    const session = await createWasmSession(enormous(), null, { load, tuning: "plain" });
    await expect(session.prepare()).rejects.toMatchObject({
      fault: "limit",
      message: expect.stringMatching(/needs \d,?\d+ MB; WebAssembly has 4,096 MB/) as string,
    });
    expect(session.memory()).toEqual({ objects: 0, textures: 0, bytes: 0 });
  });
});
