import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/engine/manifest";
import { blockManifest } from "./blocks";

type Loose = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- any field may be broken

/** The error's sentence for a manifest in which one thing was changed. */
function complaint(change: (manifest: Loose) => void): string {
  const manifest = blockManifest();
  change(manifest);
  try {
    readManifest(manifest);
  } catch (error) {
    return String(error);
  }
  return "no complaint";
}

describe("readManifest", () => {
  it("reads the bundled test network", () => {
    const manifest = readManifest(blockManifest());
    expect(manifest.name).toBe("test-blocks");
    expect(manifest.graph.at(-1)).toMatchObject({ name: "output", shape: [256, 256, 3] });
  });

  it.each<[string, (m: Loose) => void]>([
    ["schema must be 1", (m) => (m["schema"] = 2)],
    ["graph.0.op must be one of", (m) => (m["graph"][0].op = "softmax")],
    ["graph.0.inputs uses nowhere", (m) => (m["graph"][0].inputs = ["nowhere"])],
    ["graph.1.name is used twice", (m) => (m["graph"][1].name = "down1")],
    ["graph.0.kernel names gone", (m) => (m["graph"][0].kernel = "gone")],
    ["tensors.0.parts hold", (m) => (m["tensors"][0].parts[0].bytes -= 1)],
    ["shards.0 must be text", (m) => (m["shards"][0] = "../secret.bin")],
    ["files.0.sha256 must be text", (m) => (m["files"][0].sha256 = "x")],
    ["files must list", (m) => (m["files"] = [])],
    ["output.name must be", (m) => (m["output"].name = "nothing")],
    ["input.range must rise", (m) => (m["input"].range = [1, 1])],
    ["input.shape.0 must be a finite number", (m) => (m["input"].shape = [NaN, 256, 1])],
  ])("says %s", (sentence, change) => {
    expect(complaint(change)).toContain(sentence);
  });
});
