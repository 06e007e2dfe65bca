import { describe, expect, it } from "vitest";
import type { LoadedBundle } from "../../src/engine/bundle";
import { readManifest } from "../../src/engine/manifest";
import { makeTopology } from "../../src/runners/tfjs/topology";
import { blockManifest } from "../engine/blocks";

const topology = makeTopology({
  manifest: readManifest(blockManifest()),
  tensor: () => new Float32Array(1),
} as unknown as LoadedBundle);
const node = (name: string) => topology.nodes.find((entry) => entry.name === name)!;

describe("makeTopology", () => {
  it("makes one fused node of a convolution, with zeros for a missing bias", () => {
    expect(node("down1")).toMatchObject({
      op: "_FusedConv2D",
      input: ["input", "down1/kernel", "down1/no-bias"],
    });
    expect(node("down1").attr["fused_ops"]).toEqual({ list: { s: [btoa("BiasAdd"), btoa("LeakyRelu")] } });
    expect(node("down1").attr["leakyrelu_alpha"]).toEqual({ f: 0.3 });
  });

  it("gives a transposed convolution its output's size", () => {
    expect(node("up1/conv").input).toEqual(["up1/size", "up1/kernel", "down8"]);
    const size = topology.weights.find((weight) => weight.name === "up1/size")!;
    expect([...new Int32Array(size.values() as ArrayBuffer)]).toEqual([1, 2, 2, 4]);
  });

  it("joins channels in the manifest's order", () => {
    expect(node("join1").input).toEqual(["up1", "down7", "channel-axis"]);
  });

  it("ends in the output's activation and uses no scales", () => {
    expect(node("output").op).toBe("Tanh");
    expect(topology.weights.some((weight) => weight.name.endsWith(":scale"))).toBe(false);
  });
});
