// The weights of a TensorFlow.js model: groups of shards, several types, and its three kinds of quantisation.
import { BundleError } from "../checks";
import { toFloats } from "../floats";
import { Fields, product, shown } from "./fields";
import { RANK, WEIGHTS, WEIGHT_VALUES } from "./limits";

/** Integers (and booleans, as 0 and 1) stay integers: graphs hold axes and sizes as weights. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export const STORED = { float32: 4, float16: 2, int32: 4, uint8: 1, uint16: 2, bool: 1 } as const;
type Stored = keyof typeof STORED;
export const QUANTISED: readonly Stored[] = ["uint8", "uint16", "float16"];

/** Then float32 weights are floats as they lie there; reading 50 million of them one by one takes seconds. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const isStored = (name: string): name is Stored => name in STORED;

interface Entry {
  readonly fields: Fields;
  readonly name: string;
  readonly shape: number[];
}

/** The last part of a path: browsers give dropped files without their folder. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function groupsOf(model: Fields): Fields[] {
  const groups = model.values["weightsManifest"];
  if (!Array.isArray(groups) || groups.length === 0)
    throw new BundleError("model.json lists no weights (weightsManifest); export the model with its weights");
  return model
    .list("weightsManifest", 1_000)
    .map((group, i) => Fields.of(`model.json: weightsManifest[${i}]`, group));
}

function pathsOf(group: Fields): string[] {
  const paths = group.list("paths", 10_000);
  if (!paths.every((path) => typeof path === "string")) group.wrong("paths", "a list of file names");
  return paths.map(baseName);
}

/** Names of the weight files that a model.json lists, in order, without folders. */
export function weightFiles(model: Fields): string[] {
  const names = groupsOf(model).flatMap(pathsOf);
  if (new Set(names).size !== names.length)
    throw new BundleError("model.json lists a weight file twice; export the model again");
  return names;
}

function entriesOf(group: Fields): Entry[] {
  return group.list("weights", WEIGHTS).map((weight) => {
    const outer = Fields.of(`${group.where}: weights`, weight);
    const name = outer.text("name");
    const fields = new Fields(`weight ${shown(name)}`, outer.values);
    const shape = fields.integers("shape", 0, WEIGHT_VALUES, RANK);
    return { fields, name, shape };
  });
}

/** The bytes of a group's files, one after the other, without joining them all. */
class Bytes {
  private at = 0;
  readonly length: number;

  constructor(private readonly pieces: readonly Uint8Array[]) {
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  get left(): number {
    return this.length - this.at;
  }

  /** The next bytes; the caller has looked whether there are so many. */
  take(count: number): Uint8Array {
    const taken = new Uint8Array(count);
    let start = 0;
    let filled = 0;
    for (const piece of this.pieces) {
      const from = Math.max(this.at - start, 0);
      if (from < piece.length && filled < count) {
        const part = piece.subarray(from, from + count - filled);
        taken.set(part, filled);
        filled += part.length;
        this.at += part.length;
      }
      start += piece.length;
      if (filled === count) break;
    }
    return taken;
  }
}

function integers(bytes: Uint8Array, kind: Stored): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / STORED[kind];
  if (kind === "int32") return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  if (kind === "uint16") return Int32Array.from({ length: count }, (_, i) => view.getUint16(2 * i, true));
  return Int32Array.from(bytes);
}

function finite(fields: Fields, values: Float32Array): Float32Array {
  if (!values.every(Number.isFinite))
    fields.refuse("it holds values that are not finite; the training went wrong, or the file");
  return values;
}

/** value = stored * scale + min, as TensorFlow.js does it; integers are rounded. */
function scaled(fields: Fields, stored: Int32Array, kind: string): Float32Array | Int32Array {
  const quantization = fields.inner("quantization");
  const [scale, low] = [Math.fround(quantization.number("scale")), Math.fround(quantization.number("min"))];
  const values = Float32Array.from(stored, (value) => Math.fround(value * scale) + low);
  return kind === "int32" ? Int32Array.from(finite(fields, values), Math.round) : finite(fields, values);
}

function valuesOf({ fields, shape }: Entry, bytes: Bytes): Float32Array | Int32Array {
  const kind = fields.text("dtype");
  if (!isStored(kind)) fields.refuse(`weights of type ${shown(kind)} cannot be read; store them as float32`);
  const quantised = fields.has("quantization");
  const stored = quantised ? fields.inner("quantization").text("dtype") : kind;
  if (!isStored(stored) || (quantised && !QUANTISED.includes(stored)))
    return fields.refuse(`quantization to ${shown(stored)} is not known; export without it`);
  const needed = product(shape) * STORED[stored];
  if (needed > bytes.left)
    fields.refuse(
      `it needs ${needed} bytes, but its weight files hold only ${bytes.left} more; drop all of them, whole`,
    );
  const taken = bytes.take(needed);
  if (stored === "float32" && LITTLE_ENDIAN) return finite(fields, new Float32Array(taken.buffer));
  if (stored === "float32" || stored === "float16") return finite(fields, toFloats(taken, stored));
  const whole = integers(taken, stored);
  return quantised ? scaled(fields, whole, kind) : whole;
}

/** Texts, which no network computes with, are passed over: each is its length in 4 bytes and then itself. */
function skipTexts({ fields, shape }: Entry, bytes: Bytes): void {
  for (let i = 0; i < product(shape); i++) {
    const length = bytes.left < 4 ? Infinity : (integers(bytes.take(4), "int32")[0] ?? 0) >>> 0;
    if (length > bytes.left) fields.refuse("it is cut short; drop all weight files, whole");
    bytes.take(length);
  }
}

/**
 * All weights by name. `files`: by name without folder, all that `weightFiles` lists.
 * Throws `BundleError`: a file is too short or too long; types, shapes and scales that make no sense.
 */
export function readWeights(model: Fields, files: ReadonlyMap<string, Uint8Array>): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  let values = 0;
  for (const [index, group] of groupsOf(model).entries()) {
    const entries = entriesOf(group);
    values += entries.reduce((sum, entry) => sum + product(entry.shape), 0);
    if (values > WEIGHT_VALUES)
      throw new BundleError(`model.json lists ${values} weights; at most ${WEIGHT_VALUES} are read`);
    const bytes = new Bytes(pathsOf(group).map((path) => files.get(path) ?? new Uint8Array()));
    for (const entry of entries) {
      if (weights.has(entry.name))
        throw new BundleError(
          `model.json lists the weight ${shown(entry.name)} twice; export the model again`,
        );
      if (entry.fields.text("dtype") === "string") skipTexts(entry, bytes);
      else weights.set(entry.name, { shape: entry.shape, values: valuesOf(entry, bytes) });
    }
    if (bytes.left > 0)
      throw new BundleError(
        `the weight files of group ${index + 1} have ${bytes.length} bytes, but model.json accounts for ${bytes.length - bytes.left}; they belong to different exports`,
      );
  }
  return weights;
}
