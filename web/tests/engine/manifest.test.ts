import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/engine/manifest";
import { blockManifest } from "./blocks";

type Loose = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- any field may be broken

/** A node whose value no picture could be, as an output. */
function noPicture(manifest: Loose): Loose {
  const { name, shape } = manifest["graph"].find((node: Loose) => ![1, 3, 4].includes(node["shape"][2]));
  return { ...manifest["output"], name, shape };
}

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
    ["tensors.1.name is used twice", (m) => m["tensors"].splice(1, 0, m["tensors"][0])],
    ["tensors.0.scale must name a tensor", (m) => (m["tensors"][0].scale = "gone")],
    ["tensors.0.parts name a shard", (m) => (m["tensors"][0].parts[0].shard = 9)],
    ["graph.1.shape is [64, 64, 5]", (m) => (m["graph"][1].shape = [64, 64, 5])],
    ["graph.0.padding must be one of", (m) => (m["graph"][0].padding = "full")],
    ["graph has 2001 entries", (m) => (m["graph"] = Array(2001).fill(m["graph"][0]))],
    ["preprocessing.0.gamma is not known", (m) => (m["preprocessing"][0].gamma = 2)],
    ["preprocessing gives [256, 256, 3]", (m) => m["preprocessing"].shift()],
    ["golden.picture.dtype must be uint8", (m) => (m["golden"].picture.dtype = "float16")],
    ["golden.picture.shape must be [256, 256, 3]", (m) => (m["golden"].picture.shape = [256, 256])],
    ["golden.output.shape must be", (m) => (m["golden"].output.shape = [256, 256, 1])],
    ["golden.input is golden/input.bin, which must have", (m) => (m["golden"].input.dtype = "float16")],
    ["output.shape must be [256, 256, 3]", (m) => (m["output"].shape = [256, 256, 1])],
    ["output.name must be", (m) => (m["output"].name = "input")],
    ["output.shape.2 must be 1, 3 or 4", (m) => (m["output"] = noPicture(m))],
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
