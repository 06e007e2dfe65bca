// A bundle, loaded: the manifest, verified bytes, and tensors unpacked on request.
import { toFloats } from "./floats";
import { fetchFile, pause } from "./files";
import type { Digest, FetchOptions, FileCache } from "./files";
import { BundleError, readManifest } from "./manifest";
import type { ArrayFile, Manifest, PublishedManifest } from "./manifest";
import { unpackTensor } from "./weights";

export type { Digest, FileCache } from "./files";

export interface Progress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export interface LoadOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly cache?: FileCache | undefined;
  /** Hex sha256. The default needs a secure context (https or localhost). */
  readonly digest?: Digest;
  /** The manifest must have this sha256. */
  readonly expectedSha256?: string;
  readonly waitMs?: (attempt: number) => number;
}

export interface LoadedBundle {
  readonly manifest: Manifest;
  /** sha256 of manifest.json: the bundle's identity. Of a local model: the hash of its graph and weights. */
  readonly sha256: string;
  /** Null for a local model, whose picture nobody can check. */
  readonly golden: {
    readonly picture: Uint8Array;
    readonly input: Float32Array;
    readonly output: Float32Array;
  } | null;
  /** A model that a tester brought along: read by the page, never uploaded, never measured. */
  readonly local?: true;
  /** Unpacks a tensor to floats in its full shape, zeros where taps were left out. Made anew by every call. */
  tensor(name: string): Float32Array;
  readonly loadMs: number;
  /** What came over the network; 0 when all was cached. */
  readonly networkBytes: number;
}

/** Hex sha256 by the browser. Not there on plain http: give another `digest` then. */
export async function subtleDigest(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const MANIFEST_ATTEMPTS = 4;

async function fetchManifest(url: string, options: LoadOptions): Promise<Uint8Array> {
  for (let number = 0; ; number++) {
    try {
      const response = await fetch(url, { signal: options.signal ?? null });
      if (!response.ok) throw new BundleError(`manifest.json: the server answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof BundleError || number + 1 >= MANIFEST_ATTEMPTS) throw error;
      await pause(options.waitMs?.(number) ?? 500 * 2 ** number, options.signal);
    }
  }
}

function parseManifest(bytes: Uint8Array): PublishedManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new BundleError("manifest.json is not JSON");
  }
  return readManifest(json);
}

/** Loads the bundle whose manifest.json is at `url` (absolute, or relative to the page). */
export async function loadBundle(url: string, options: LoadOptions = {}): Promise<LoadedBundle> {
  const started = performance.now();
  const address = new URL(url, globalThis.location?.href).href;
  const digest = options.digest ?? subtleDigest;
  const raw = await fetchManifest(address, options);
  const sha256 = await digest(raw);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256) {
    throw new BundleError("manifest.json is not the one that the study names: reload the page");
  }
  const manifest = parseManifest(raw);
  const { files, networkBytes } = await fetchAll(address, manifest, { ...options, digest });
  return assemble(manifest, sha256, files, performance.now() - started, networkBytes);
}

async function fetchAll(
  base: string,
  manifest: Manifest,
  options: LoadOptions & { digest: Digest },
): Promise<{ files: Map<string, Uint8Array>; networkBytes: number }> {
  const totalBytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let loadedBytes = 0;
  let networkBytes = 0;
  const fetching: FetchOptions = {
    digest: options.digest,
    signal: options.signal,
    cache: options.cache,
    ...(options.waitMs ? { waitMs: options.waitMs } : {}),
    onBytes: (bytes, source) => {
      loadedBytes += bytes;
      if (source === "network" && bytes > 0) networkBytes += bytes;
      options.onProgress?.({ loadedBytes, totalBytes });
    },
  };
  const files = new Map<string, Uint8Array>();
  options.onProgress?.({ loadedBytes, totalBytes });
  for (const file of manifest.files) files.set(file.path, await fetchFile(base, file, fetching));
  return { files, networkBytes };
}

function assemble(
  manifest: PublishedManifest,
  sha256: string,
  files: Map<string, Uint8Array>,
  loadMs: number,
  networkBytes: number,
): LoadedBundle {
  const take = (path: string): Uint8Array => files.get(path) ?? new Uint8Array();
  const floats = (array: ArrayFile): Float32Array => toFloats(take(array.path), array.dtype);
  const shards = manifest.shards.map(take);
  const { picture, input, output } = manifest.golden;
  const golden = { picture: take(picture.path), input: floats(input), output: floats(output) };
  return {
    manifest,
    sha256,
    golden,
    tensor: (name) => unpackTensor(manifest, shards, name),
    loadMs,
    networkBytes,
  };
}
