// Reads TensorFlow.js models of both kinds from files that somebody dropped on the page. Loaded only when one is.
import { BundleError } from "../checks";
import type { Json, Shape3 } from "../checks";
import type { Digest, LoadedBundle, Progress } from "../bundle";
import { Fields, isJson, product, shown } from "./fields";
import { fused } from "./fuse";
import { graphInput, readGraphModel } from "./graph";
import { layersInput, readLayers } from "./layers";
import { JSON_BYTES } from "./limits";
import { checkPicture, localBundle } from "./local";
import type { LocalSettings } from "./local";
import type { Network } from "./network";
import { closed } from "./pictureShape";
import type { OpenShape } from "./pictureShape";
import { inputRange, outputRange } from "./ranges";
import type { ValueRange } from "./ranges";
import { baseName, readWeights, weightFiles } from "./weights";
import type { Weight } from "./weights";

export { BundleError } from "../checks";
export { DEFAULT_SIDE } from "./limits";
export type { LocalSettings } from "./local";
export type { ValueRange } from "./ranges";

/** A file as the browser hands it over. */
export interface ModelFile {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

const PIECE = 4_000_000;

/** A model.json that was understood so far: which weight files belong to it. */
export interface ModelIndex {
  readonly name: string;
  readonly model: Json;
  /** Names of weight files, without folders. */
  readonly needed: readonly string[];
}

async function bytesOf(
  file: ModelFile,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const whole = guarded(() => new Uint8Array(file.size));
  for (let at = 0; at < file.size; at += PIECE) {
    signal?.throwIfAborted();
    let piece: ArrayBuffer;
    try {
      piece = await file.slice(at, Math.min(at + PIECE, file.size)).arrayBuffer();
    } catch {
      throw new BundleError(`${shown(file.name)} cannot be read; drop it again`);
    }
    whole.set(new Uint8Array(piece), at);
    onBytes(piece.byteLength);
  }
  return whole;
}

/** Reads a model.json as far as to know what belongs to it. Throws `BundleError` for what is no TensorFlow.js model. */
export async function readIndex(file: ModelFile): Promise<ModelIndex> {
  const name = shown(file.name);
  if (file.size > JSON_BYTES)
    throw new BundleError(`${name} has ${file.size} bytes; at most ${JSON_BYTES} are read`);
  let model: unknown;
  try {
    model = JSON.parse(new TextDecoder().decode(await bytesOf(file, () => undefined)));
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError(
      `${name} is not JSON; drop the model.json that the converter or model.save() wrote`,
    );
  }
  if (!isJson(model) || !isJson(model["modelTopology"]))
    throw new BundleError(`${name} has no modelTopology, so it is not a TensorFlow.js model`);
  return { name, model, needed: weightFiles(new Fields("model.json", model)) };
}

export interface LocalModel {
  readonly title: string;
  readonly sha256: string;
  /** Of all files. */
  readonly bytes: number;
  readonly parameters: number;
  readonly inputShape: Shape3;
  readonly outputShape: Shape3;
  /** Whether the model takes pictures of any size. */
  readonly anySize: boolean;
  /** Null where the graph does not say it. */
  readonly inputRange: ValueRange | null;
  readonly outputRange: ValueRange | null;
  bundle(settings: LocalSettings): LoadedBundle;
  /** The same model for another size of picture; only where it takes any. */
  resized(side: number): LocalModel;
}

export interface ReadOptions {
  readonly digest: Digest;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

interface Source {
  readonly index: ModelIndex;
  readonly weights: ReadonlyMap<string, Weight>;
  readonly input: OpenShape;
  readonly sha256: string;
  readonly bytes: number;
}

const isGraph = ({ model }: ModelIndex): boolean =>
  model["format"] === "graph-model" || (isJson(model["modelTopology"]) && "node" in model["modelTopology"]);

function inputOf(index: ModelIndex): OpenShape {
  return isGraph(index) ? graphInput(index.model) : layersInput(index.model["modelTopology"] as Json);
}

function networkOf({ index, weights, input }: Source, size: readonly [number, number] | null): Network {
  const shape = closed(input, size);
  const network = isGraph(index)
    ? readGraphModel(index.model, weights, shape)
    : readLayers(index.model["modelTopology"] as Json, weights, shape);
  checkPicture(network);
  return fused(network);
}

/** The last net under the readers: what the browser itself refuses becomes a sentence; reasons to stop stay what they are. */
function asSentence(error: unknown): unknown {
  if (error instanceof RangeError)
    return new BundleError("it needs more memory than the browser gives; try a smaller model");
  if (!(error instanceof TypeError)) return error;
  return new BundleError(`its settings and its inputs do not fit together (${error.message.slice(0, 120)})`);
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asSentence(error);
  }
}

function localModel(source: Source, size: readonly [number, number] | null): LocalModel {
  const network = guarded(() => networkOf(source, size));
  const { sha256, bytes, input } = source;
  const title = source.index.name;
  const learned = [...source.weights.values()].filter(({ values }) => values instanceof Float32Array);
  return {
    title,
    sha256,
    bytes,
    parameters: learned.reduce((sum, { shape }) => sum + product(shape), 0),
    inputShape: network.inputShape,
    outputShape: checkPicture(network),
    anySize: input[0] === null || input[1] === null,
    inputRange: inputRange(network),
    outputRange: outputRange(network),
    bundle: (settings) => localBundle(network, { title, sha256 }, settings),
    resized: (side) => localModel(source, [side, side]),
  };
}

/** All of a model.json that says what is computed; titles, authors, and folders of files are left out. */
function meaning({ model }: ModelIndex): Json {
  const groups = new Fields("model.json", model).list("weightsManifest", 1_000) as Json[];
  const metadata = isJson(model["userDefinedMetadata"]) ? model["userDefinedMetadata"] : {};
  return {
    format: model["format"] ?? null,
    modelTopology: model["modelTopology"],
    weights: groups.map(({ paths, weights }) => ({ paths: (paths as string[]).map(baseName), weights })),
    signature: model["signature"] ?? metadata["signature"] ?? null,
  };
}

/** Hash of the model: of what its JSON says and of each weight file, in order, put together and hashed again. */
async function hashOf(
  index: ModelIndex,
  files: ReadonlyMap<string, Uint8Array>,
  digest: Digest,
): Promise<string> {
  const hashes = [await digest(new TextEncoder().encode(JSON.stringify(meaning(index))))];
  for (const name of index.needed) hashes.push(await digest(files.get(name) ?? new Uint8Array()));
  return await digest(new TextEncoder().encode(hashes.join("\n")));
}

/**
 * Reads a whole model. `files`: at least those that the index needs, by name without folder.
 * Throws `BundleError` with one sentence that names the file, layer or node and says what to do.
 */
export async function readModel(
  index: ModelIndex,
  files: ReadonlyMap<string, ModelFile>,
  options: ReadOptions,
): Promise<LocalModel> {
  const input = guarded(() => inputOf(index)); // before the weights: a refusal need not wait for them
  const chosen = index.needed.map((name) => {
    const file = files.get(name);
    if (file === undefined) throw new BundleError(`${shown(name)} is missing; drop all weight files`);
    return file;
  });
  const totalBytes = chosen.reduce((sum, file) => sum + file.size, 0);
  let loadedBytes = 0;
  const read = new Map<string, Uint8Array>();
  for (const file of chosen) {
    const onBytes = (bytes: number): void => {
      loadedBytes += bytes;
      options.onProgress?.({ loadedBytes, totalBytes });
    };
    read.set(baseName(file.name), await bytesOf(file, onBytes, options.signal));
  }
  const sha256 = await hashOf(index, read, options.digest);
  options.signal?.throwIfAborted();
  const weights = guarded(() => readWeights(new Fields("model.json", index.model), read));
  return localModel({ index, weights, input, sha256, bytes: totalBytes }, null);
}
