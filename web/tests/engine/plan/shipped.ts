// The bundles that ship, read without a network.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toFloats } from "../../../src/engine/floats";
import { readManifest } from "../../../src/engine/manifest";
import type { PublishedManifest } from "../../../src/engine/manifest";
import { unpackTensor } from "../../../src/engine/weights";

const BUNDLED = fileURLToPath(new URL("../../../../kit/models/bundled/", import.meta.url));

const newest = (name: string): string => readdirSync(`${BUNDLED}${name}`).sort().at(-1) ?? "";
const read = (name: string, path: string): Uint8Array =>
  new Uint8Array(readFileSync(`${BUNDLED}${name}/${newest(name)}/${path}`));

/** The manifest as it stands in the file, with the figures that the engine does not read. */
export const rawManifest = (name: string) =>
  JSON.parse(new TextDecoder().decode(read(name, "manifest.json"))) as {
    parameters: { multiply_adds_live: number };
  };

/** A bundle: its manifest, tensors, and the golden triple. */
export function shippedBundle(name: string) {
  const manifest: PublishedManifest = readManifest(rawManifest(name));
  const shards = manifest.shards.map((path) => read(name, path));
  const { picture, input, output } = manifest.golden;
  return {
    manifest,
    sha256: "",
    tensor: (tensor: string): Float32Array => unpackTensor(manifest, shards, tensor),
    golden: {
      picture: read(name, picture.path),
      input: toFloats(read(name, input.path), input.dtype),
      output: toFloats(read(name, output.path), output.dtype),
    },
  };
}
