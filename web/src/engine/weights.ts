// Tensors out of shards: joined over parts, scaled per channel, and with zeros where taps were left out.
import { refuse } from "./checks";
import { toFloats } from "./floats";
import type { Manifest, TensorEntry } from "./manifest";

const product = (extents: readonly number[]): number => extents.reduce((size, extent) => size * extent, 1);

function bytesOf(tensor: TensorEntry, shards: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(tensor.parts.reduce((sum, part) => sum + part.bytes, 0));
  let at = 0;
  for (const { shard, offset, bytes } of tensor.parts) {
    const source = shards[shard];
    if (source === undefined || offset + bytes > source.length) {
      refuse(`tensor ${tensor.name}`, `ends behind the end of shard ${shard}`);
    }
    joined.set(source.subarray(offset, offset + bytes), at);
    at += bytes;
  }
  return joined;
}

/** Multiplies in place: value = stored * scale[channel], where `channel_axis` counts in the tensor's full shape. */
function applyScale(values: Float32Array, scale: Float32Array, tensor: TensorEntry): void {
  const channels = tensor.shape[tensor.channel_axis] ?? 0;
  if (scale.length !== channels)
    refuse(`tensor ${tensor.name}`, `has ${channels} channels and ${scale.length} scales`);
  const inner = product(tensor.shape.slice(tensor.channel_axis + 1));
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    values[i] = (values[i] ?? 0) * (scale[channel] ?? 0);
  }
}

/** Puts the stored taps [taps, a, b] where they belong in the full kernel [kh, kw, a, b]. */
function spreadTaps(
  stored: Float32Array,
  tensor: TensorEntry,
  taps: NonNullable<TensorEntry["taps"]>,
): Float32Array {
  const full = new Float32Array(product(tensor.shape));
  const width = tensor.shape[1] ?? 0;
  const plane = product(tensor.shape.slice(2));
  taps.forEach(([y, x], i) => full.set(stored.subarray(i * plane, (i + 1) * plane), (y * width + x) * plane));
  return full;
}

/** Unpacks one tensor by name to floats in its full shape. Nothing is kept: the result is the caller's. */
export function unpackTensor(manifest: Manifest, shards: readonly Uint8Array[], name: string): Float32Array {
  const tensor = manifest.tensors.find((entry) => entry.name === name);
  if (tensor === undefined) refuse(`tensor ${name}`, "is not in this bundle");
  const values = toFloats(bytesOf(tensor, shards), tensor.dtype);
  if (tensor.scale !== null) applyScale(values, unpackTensor(manifest, shards, tensor.scale), tensor);
  return tensor.taps === null ? values : spreadTaps(values, tensor, tensor.taps);
}
