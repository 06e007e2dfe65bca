// The committed models are read to the network that stands beside them, node by node and bit by bit, as the server's
// reader does in tests/models/reading/test_same_models.py.
import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LoadedBundle } from "../../../src/engine/bundle";
import type { Json } from "../../../src/engine/checks";
import { tensorFields } from "../../../src/engine/graph";
import type { GraphNode } from "../../../src/engine/graph";
import { PLAIN, file, read } from "./stock";

const FOLDER = new URL("../../../../tests/models/reading/same/", import.meta.url);

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, FOLDER)));

/** Shape and hash of the floats of each tensor that a node names. */
function tensorsOf(node: GraphNode, { manifest, tensor }: LoadedBundle): Json {
  const shapes = new Map(manifest.tensors.map(({ name, shape }) => [name, shape]));
  const entries = tensorFields(node).map(({ field, tensor: name }) => {
    const digest = createHash("sha256")
      .update(new Uint8Array(tensor(name).buffer))
      .digest("hex");
    return [field.replace("activation.", ""), [shapes.get(name), digest]];
  });
  return Object.fromEntries(entries) as Json;
}

/** A network without its names: nodes by number, tensors by shape and the hash of their floats. */
function plain(bundle: LoadedBundle): Json {
  const { input, graph, output } = bundle.manifest;
  const places = new Map([[input.name, -1], ...graph.map(({ name }, i) => [name, i] as const)]);
  const nodes = graph.map((node) => {
    const tensors = tensorsOf(node, bundle);
    const fields = Object.entries(node).filter(([field, value]) => value !== null && !(field in tensors));
    const { name: _, ...kept } = Object.fromEntries(fields) as Json;
    if ("slopes" in tensors) kept["activation"] = { type: "prelu" };
    return { ...kept, inputs: node.inputs.map((each) => places.get(each)), tensors };
  });
  return { input: input.shape, nodes, output: places.get(output.name) };
}

describe("models that both readers read", () => {
  it.each(["layers", "graph"])("makes the same network of the %s model", async (name) => {
    const names = readdirSync(new URL(`${name}/`, FOLDER));
    const files = new Map(names.map((each) => [each, file(each, bytesOf(`${name}/${each}`))]));
    const bundle = (await read(files)).bundle(PLAIN);
    const wanted = JSON.parse(new TextDecoder().decode(bytesOf(`${name}/network.json`))) as Json;
    expect(plain(bundle)).toEqual(wanted);
  });
});
