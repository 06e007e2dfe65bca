// manifest.json, schema 1: types, and a reader that refuses what it does not understand and names the field.
import {
  BundleError,
  asChannels,
  asExtent,
  asInteger,
  asList,
  asNodeName,
  asObject,
  asOneOf,
  asShape3,
  asText,
  asTuple,
  refuse,
} from "./checks";
import type { Json, Shape3 } from "./checks";
import { checkManifest } from "./consistency";
import { readNode, readPreprocessing } from "./nodes";
import type { GraphNode, PreprocessingOp } from "./nodes";
import { asPair } from "./steps";

export interface Port {
  readonly name: string;
  readonly shape: Shape3;
  readonly range: readonly [number, number];
}

export type Dtype = "int8" | "float16" | "float32";

/** Bytes of a tensor in one shard. */
export interface Span {
  readonly shard: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly scale: string | null;
  readonly channel_axis: number;
  readonly taps: readonly (readonly [number, number])[] | null;
  readonly parts: readonly Span[];
}

export interface ArrayFile {
  readonly path: string;
  readonly dtype: "uint8" | "float16" | "float32";
  readonly shape: readonly number[];
}

export interface BundleFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly schema: 1;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly input: Port;
  readonly output: Port;
  readonly preprocessing: readonly PreprocessingOp[];
  readonly graph: readonly GraphNode[];
  readonly tensors: readonly TensorEntry[];
  readonly shards: readonly string[];
  readonly precision: "int8" | "float16" | "float32";
  /** Null for a model that a tester brought along: nobody made a picture to compare with. */
  readonly golden: GoldenFiles | null;
  readonly files: readonly BundleFile[];
}

export interface GoldenFiles {
  readonly picture: ArrayFile;
  readonly input: ArrayFile;
  readonly output: ArrayFile;
}

/** The manifest of a published bundle. */
export interface PublishedManifest extends Manifest {
  readonly golden: GoldenFiles;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const VERSION = /^[0-9]+(\.[0-9]+){0,3}$/;
// No leading dot anywhere, so no path climbs out of the bundle.
const FILE_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$/;
const BYTES = { uint8: 1, int8: 1, float16: 2, float32: 4 } as const;

function readPort(value: unknown, path: string): Port {
  const port = asObject(value, path);
  const range = asPair(port["range"], `${path}.range`);
  if (range[0] >= range[1]) refuse(`${path}.range`, "must rise");
  return {
    name: asNodeName(port["name"], `${path}.name`),
    shape: asShape3(port["shape"], `${path}.shape`),
    range,
  };
}

function readSpan(value: unknown, path: string): Span {
  const span = asObject(value, path);
  return {
    shard: asInteger(span["shard"], `${path}.shard`, 0, 9_999),
    offset: asInteger(span["offset"], `${path}.offset`, 0, 1e9),
    bytes: asInteger(span["bytes"], `${path}.bytes`, 1, 1e9),
  };
}

function readTaps(value: unknown, path: string): TensorEntry["taps"] {
  if (value === null || value === undefined) return null;
  return asList(value, path, 4096).map(
    (tap, i) => asTuple(tap, `${path}.${i}`, 2, (v, p) => asInteger(v, p, 0, 63)) as [number, number],
  );
}

function readTensor(value: unknown, path: string): TensorEntry {
  const entry = asObject(value, path);
  const tensor: TensorEntry = {
    name: asNodeName(entry["name"], `${path}.name`),
    shape: asList(entry["shape"], `${path}.shape`, 4).map((v, i) => asChannels(v, `${path}.shape.${i}`)),
    dtype: asOneOf(entry["dtype"], `${path}.dtype`, ["int8", "float16", "float32"]),
    scale: entry["scale"] == null ? null : asNodeName(entry["scale"], `${path}.scale`),
    channel_axis: asInteger(entry["channel_axis"], `${path}.channel_axis`, 0, 3),
    taps: readTaps(entry["taps"], `${path}.taps`),
    parts: asList(entry["parts"], `${path}.parts`).map((v, i) => readSpan(v, `${path}.parts.${i}`)),
  };
  checkTensor(tensor, path);
  return tensor;
}

/** Number of values of a tensor that are in the shards (fewer than its shape says where taps are left out). */
export function storedValues(tensor: TensorEntry): number {
  const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);
  return tensor.taps === null ? size(tensor.shape) : tensor.taps.length * size(tensor.shape.slice(2));
}

function checkTensor(tensor: TensorEntry, path: string): void {
  const [height = 0, width = 0] = tensor.shape;
  const bytes = tensor.parts.reduce((sum, part) => sum + part.bytes, 0);
  const expected = storedValues(tensor) * BYTES[tensor.dtype];
  if (bytes !== expected) refuse(`${path}.parts`, `hold ${bytes} bytes, but its shape needs ${expected}`);
  if (tensor.channel_axis >= tensor.shape.length)
    refuse(`${path}.channel_axis`, "is not an axis of its shape");
  if (tensor.dtype === "int8" && tensor.scale === null)
    refuse(`${path}.scale`, "must name a tensor: int8 needs scales");
  if (tensor.taps?.some(([y, x]) => y >= height || x >= width))
    refuse(`${path}.taps`, "lie outside the kernel");
}

function readArray(value: unknown, path: string): ArrayFile {
  const array = asObject(value, path);
  return {
    path: asText(array["path"], `${path}.path`, FILE_PATH),
    dtype: asOneOf(array["dtype"], `${path}.dtype`, ["uint8", "float16", "float32"]),
    shape: asList(array["shape"], `${path}.shape`, 4).map((v, i) => asExtent(v, `${path}.shape.${i}`)),
  };
}

function readFile(value: unknown, path: string): BundleFile {
  const file = asObject(value, path);
  return {
    path: asText(file["path"], `${path}.path`, FILE_PATH),
    bytes: asInteger(file["bytes"], `${path}.bytes`, 0, 1e9),
    sha256: asText(file["sha256"], `${path}.sha256`, /^[0-9a-f]{64}$/),
  };
}

function readGolden(value: unknown): GoldenFiles {
  const golden = asObject(value, "golden");
  return {
    picture: readArray(golden["picture"], "golden.picture"),
    input: readArray(golden["input"], "golden.input"),
    output: readArray(golden["output"], "golden.output"),
  };
}

/** Most entries of each list, as in kit/models/manifest.py. */
const LONGEST = { preprocessing: 16, graph: 2000, tensors: 5000, shards: 2000, files: 5000 };

function readAll<T>(json: Json, key: keyof typeof LONGEST, read: (value: unknown, path: string) => T): T[] {
  return asList(json[key], key, LONGEST[key]).map((value, i) => read(value, `${key}.${i}`));
}

/** Reads a parsed manifest.json. Throws `BundleError` with a sentence that names the field. */
export function readManifest(value: unknown): PublishedManifest {
  const json = asObject(value, "manifest");
  if (json["schema"] !== 1)
    refuse("schema", `must be 1, not ${JSON.stringify(json["schema"])}: update the kit`);
  const manifest: PublishedManifest = {
    schema: 1,
    name: asText(json["name"], "name", NAME),
    version: asText(json["version"], "version", VERSION),
    title: asText(json["title"], "title"),
    input: readPort(json["input"], "input"),
    output: readPort(json["output"], "output"),
    preprocessing: readAll(json, "preprocessing", readPreprocessing),
    graph: readAll(json, "graph", readNode),
    tensors: readAll(json, "tensors", readTensor),
    shards: readAll(json, "shards", (v, p) => asText(v, p, FILE_PATH)),
    precision: asOneOf(json["precision"], "precision", ["int8", "float16", "float32"]),
    golden: readGolden(json["golden"]),
    files: readAll(json, "files", readFile),
  };
  checkManifest(manifest);
  return manifest;
}

export { BundleError };
export type { GraphNode, PreprocessingOp, Shape3 };
