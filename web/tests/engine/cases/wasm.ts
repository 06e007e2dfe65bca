// The same networks on WebAssembly, by every build of the kernels and with every choice.
import { readFile } from "node:fs/promises";
import type { Model } from "../../../src/engine/device";
import type { Manifest } from "../../../src/engine/manifest";
import type { Network } from "../../../src/engine/plan";
import { createWasmSession } from "../../../src/engine/wasm";

export const TUNINGS = ["plain", "relaxed+winograd+int8w"] as const;

const load = async (address: URL): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(`src/engine/wasm/built/${address.pathname.split("/").at(-1)}`));

/** What the back end reads of a manifest: pictures are not drawn here, so any preprocessing will do. */
function modelOf(network: Network, values: ReadonlyMap<string, Float32Array>): Model {
  const [height, width] = network.input.shape;
  const tensors = network.tensors.map((tensor) => ({ ...tensor, dtype: "float32", scale: null }));
  const manifest = {
    ...network,
    output: { ...network.output, range: [-1, 1] },
    tensors,
    preprocessing: [{ op: "area", size: [height, width] }],
  };
  return {
    manifest: manifest as unknown as Manifest,
    sha256: "",
    tensor: (name) => values.get(name) ?? new Float32Array(),
  };
}

/** The output by each tuning; twice each, since the second time finds what the first one left in memory. */
export async function runOnWasm(
  network: Network,
  values: ReadonlyMap<string, Float32Array>,
  picture: Float32Array,
): Promise<[string, number[]][]> {
  const made: [string, number[]][] = [];
  for (const tuning of TUNINGS) {
    const session = await createWasmSession(modelOf(network, values), null, { tuning, load });
    await session.compute(picture);
    made.push([`wasm ${tuning}`, [...(await session.compute(picture))]]);
    session.destroy();
  }
  return made;
}
