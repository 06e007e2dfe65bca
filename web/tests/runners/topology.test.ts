import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LoadedBundle } from "../../src/engine/bundle";
import type { Shape3 } from "../../src/engine/checks";
import { readManifest } from "../../src/engine/manifest";
import type { Manifest } from "../../src/engine/manifest";
import type { GraphNode } from "../../src/engine/nodes";
import { makeTopology } from "../../src/runners/tfjs/topology";
import type { Topology } from "../../src/runners/tfjs/topology";
import { blockManifest } from "../engine/blocks";

const topologyOf = (manifest: Manifest): Topology =>
  makeTopology({ manifest, tensor: () => new Float32Array(1) } as unknown as LoadedBundle);
const integersOf = (topology: Topology, name: string): number[] => [
  ...new Int32Array(topology.weights.find((weight) => weight.name === name)!.values() as ArrayBuffer),
];

const SHIPPED = new URL("../../../kit/models/bundled/flowers-small/1.1.0/manifest.json", import.meta.url);
const shipped = (): Manifest =>
  readManifest(JSON.parse(readFileSync(fileURLToPath(SHIPPED), "utf8")) as unknown);

/** The topology of a graph of one node that takes a value of `shape` called x:0. */
function single(
  node: Partial<GraphNode> & { shape: Shape3 },
  shape: Shape3,
  tensors: object[] = [],
): Topology {
  const named = { name: "made", inputs: ["x:0"], ...node };
  const manifest = { input: { name: "x:0", shape }, output: { name: "made" }, graph: [named], tensors };
  return topologyOf(manifest as unknown as Manifest);
}

describe("makeTopology", () => {
  const topology = topologyOf(readManifest(blockManifest()));
  const node = (name: string) => topology.nodes.find((entry) => entry.name === name)!;

  it("makes one fused node of a convolution, with zeros for a missing bias", () => {
    expect(node("down1")).toMatchObject({
      op: "_FusedConv2D",
      input: ["input", "#down1/kernel", "down1#no-bias"],
    });
    expect(node("down1").attr["fused_ops"]).toEqual({ list: { s: [btoa("BiasAdd"), btoa("LeakyRelu")] } });
    expect(node("down1").attr["leakyrelu_alpha"]).toEqual({ f: 0.3 });
  });

  it("gives a transposed convolution its output's size", () => {
    expect(node("up1#conv").input).toEqual(["up1#size", "#up1/kernel", "down8"]);
    expect(integersOf(topology, "up1#size")).toEqual([1, 2, 2, 4]);
  });

  it("joins channels in the manifest's order", () => {
    expect(node("join1").input).toEqual(["up1", "down7", "#channel-axis"]);
  });

  it("ends in the output's activation and uses no scales", () => {
    expect(node("output").op).toBe("Tanh");
    expect(topology.weights.some((weight) => weight.name.includes("scale"))).toBe(false);
  });

  it("makes as few nodes of flowers-small as it ever did", () => {
    const kinds: Record<string, number> = {};
    for (const { op } of topologyOf(shipped()).nodes) kinds[op] = (kinds[op] ?? 0) + 1;
    expect(kinds).toEqual({
      ...{ Placeholder: 1, Const: 41, _FusedConv2D: 8, Conv2DBackpropInput: 8, BiasAdd: 8 },
      ...{ Relu: 7, ConcatV2: 7, Tanh: 1 },
    });
  });
});

describe("nodes", () => {
  it("keep names apart that TensorFlow.js would take for one of several outputs", () => {
    expect(single({ op: "exp", shape: [1, 1, 1] }, [1, 1, 1]).nodes.at(-1)).toMatchObject({
      op: "Exp",
      input: ["x%3A0"],
    });
  });

  it("leave out nothing of explicit padding", () => {
    const conv = { op: "conv2d", kernel: "k", bias: null, strides: [1, 1], activation: { type: "linear" } };
    const edges = { padding: [[1, 2], [3, 4]], shape: [5, 9, 1] as const }; // prettier-ignore
    const made = single({ ...conv, ...edges } as never, [3, 3, 1], [{ name: "k", shape: [1, 1, 1, 1] }]);
    expect(made.nodes.at(-1)?.attr["explicit_paddings"]).toEqual({
      list: { i: ["0", "0", "1", "2", "3", "4", "0", "0"] },
    });
  });

  it("give a depthwise convolution's slope to a node of its own", () => {
    const conv = { op: "depthwise_conv2d", kernel: "k", bias: "b", strides: [1, 1], padding: "same" };
    const leaky = { activation: { type: "leaky_relu", alpha: 0.1 }, shape: [3, 3, 1] as const };
    const tensors = ["k", "b"].map((name) => ({ name, shape: [1] }));
    const made = single({ ...conv, ...leaky } as never, [3, 3, 1], tensors);
    expect(made.nodes.slice(-2).map((node) => node.op)).toEqual(["FusedDepthwiseConv2dNative", "LeakyRelu"]);
  });

  const resize = (coordinates: string, source: Shape3, shape: Shape3): Topology =>
    single({ op: "resize", method: "nearest", coordinates, shape } as never, source);

  it.each<[string, string, Shape3, Shape3]>([
    ["ResizeNearestNeighbor", "half_pixel", [4, 4, 1], [8, 8, 1]],
    ["ResizeNearestNeighbor", "asymmetric", [6, 4, 1], [3, 16, 1]],
    ["GatherV2", "asymmetric", [7, 4, 1], [49, 8, 1]], // 7 / 49 is rounded
    ["GatherV2", "align_corners", [4, 4, 1], [8, 8, 1]],
  ])("resize with %s (%s, %j to %j)", (op, coordinates, source, target) => {
    expect(resize(coordinates, source, target).nodes.at(-1)?.op).toBe(op);
  });

  it("take the places of a resize that could be rounded wrong from a list", () => {
    const made = resize("align_corners", [2, 4, 1], [3, 8, 1]);
    expect(integersOf(made, "made#rows")).toEqual([0, 1, 1]); // half of the way: up
    expect(integersOf(made, "made#columns")).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it("clip in the order that the manifest says, whichever end is the lower one", () => {
    const clip = {
      op: "activation",
      activation: { type: "clip", low: 3, high: 1 },
      shape: [1, 1, 1] as const,
    };
    const ends = single(clip as never, [1, 1, 1]).weights.map((end) => new Float32Array(end.values())[0]);
    expect(ends).toEqual([1, 1]);
  });
});
