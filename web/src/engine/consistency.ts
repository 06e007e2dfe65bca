// Does a manifest agree with itself? Graph, tensors, golden triple and preprocessing, before any other file is fetched.
import { refuse } from "./checks";
import type { ArrayFile, Manifest, PublishedManifest, TensorEntry } from "./manifest";
import { PICTURE, preparedShape } from "./preprocess";
import { LARGEST_VALUES, checkGraph } from "./shapes";

/** Of all tensors together: a gigabyte of floats. */
const MOST_VALUES = 2 ** 28;
export const PICTURE_CHANNELS: readonly number[] = [1, 3, 4];
const BYTES = { uint8: 1, int8: 1, float16: 2, float32: 4 } as const;

const product = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);
const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

/** What a picture network may take and give: 1, 3 or 4 channels. `field`: "input" or "output". */
function checkPictureChannels(shape: readonly number[], field: string): void {
  const channels = shape[2] ?? 0;
  if (!PICTURE_CHANNELS.includes(channels))
    refuse(`${field}.shape.2`, `must be 1, 3 or 4, because a picture has so many channels, not ${channels}`);
}

function checkPorts({ input, output, graph, tensors, preprocessing }: Manifest): void {
  const shapes = checkGraph(input, graph, new Map(tensors.map(({ name, shape }) => [name, shape])));
  const made = output.name === input.name ? undefined : shapes.get(output.name);
  if (made === undefined) refuse("output.name", "must be the name of a node of the graph");
  if (!same(made, output.shape)) refuse("output.shape", `must be [${made.join(", ")}], as its node gives it`);
  checkPictureChannels(output.shape, "output");
  const prepared = preparedShape(preprocessing, PICTURE);
  if (!same(prepared, input.shape))
    refuse("preprocessing", `gives [${prepared.join(", ")}], but the input is [${input.shape.join(", ")}]`);
}

function checkTensor(tensor: TensorEntry, path: string, manifest: Manifest): void {
  // Taps that are left out take no room in a shard, so a small file could ask for any amount of memory.
  if (product(tensor.shape) > LARGEST_VALUES)
    refuse(`${path}.shape`, `has more than ${LARGEST_VALUES} values`);
  if (manifest.tensors.find(({ name }) => name === tensor.name) !== tensor)
    refuse(`${path}.name`, `is used twice: ${tensor.name}`);
  if (tensor.scale !== null && !manifest.tensors.some(({ name }) => name === tensor.scale))
    refuse(`${path}.scale`, "must name a tensor");
  if (tensor.parts.some((part) => part.shard >= manifest.shards.length))
    refuse(`${path}.parts`, "name a shard that is not in shards");
}

function checkArray(array: ArrayFile, shape: readonly number[], path: string, manifest: Manifest): void {
  if (!same(array.shape, shape)) refuse(`${path}.shape`, `must be [${shape.join(", ")}]`);
  const bytes = manifest.files.find((file) => file.path === array.path)?.bytes;
  const needed = product(array.shape) * BYTES[array.dtype];
  if (bytes !== needed) refuse(path, `is ${array.path}, which must have ${needed} bytes, not ${bytes}`);
}

/** Throws `BundleError` that names the first field that does not fit. */
export function checkManifest(manifest: PublishedManifest): void {
  checkPorts(manifest);
  manifest.tensors.forEach((tensor, i) => checkTensor(tensor, `tensors.${i}`, manifest));
  if (manifest.tensors.reduce((sum, { shape }) => sum + product(shape), 0) > MOST_VALUES)
    refuse("tensors", `have more than ${MOST_VALUES} values together`);
  const { picture, input, output } = manifest.golden;
  const files = new Set(manifest.files.map((file) => file.path));
  const absent = [...manifest.shards, picture.path, input.path, output.path].find((path) => !files.has(path));
  if (absent !== undefined) refuse("files", `must list ${absent} with its size and sha256`);
  if (picture.dtype !== "uint8") refuse("golden.picture.dtype", "must be uint8");
  checkArray(picture, PICTURE, "golden.picture", manifest);
  checkArray(input, manifest.input.shape, "golden.input", manifest);
  checkArray(output, manifest.output.shape, "golden.output", manifest);
}
