// Files of a bundle: from a cache where they are there, else over the network in pieces that can be counted.
import { BundleError } from "./checks";
import type { BundleFile } from "./manifest";

/** Keeps files by their sha256 over a reload. Both may fail quietly: a cache is a help, never a condition. */
export interface FileCache {
  get(sha256: string): Promise<Uint8Array | null>;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
}

/** Hex sha256 of bytes. */
export type Digest = (bytes: Uint8Array) => Promise<string>;

export interface FetchOptions {
  readonly digest: Digest;
  readonly signal?: AbortSignal | undefined;
  readonly cache?: FileCache | undefined;
  /** Called with the bytes that arrived; negative where an attempt failed and its bytes do not count. */
  readonly onBytes: (bytes: number, source: "network" | "cache") => void;
  readonly waitMs?: (attempt: number) => number;
  /** An attempt ends when no byte arrives for so long. */
  readonly stallMs?: number;
}

const ATTEMPTS = 6;
/** Pauses of 0.5, 1, 2, 4, 8 seconds. */
const backOff = (attempt: number): number => 500 * 2 ** attempt;

/** The network or the server failed in a way that a later attempt may not. */
class Passing extends Error {}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** An abort signal that also fires when `touch` was not called for `ms`. */
function stallGuard(
  ms: number,
  outer?: AbortSignal,
): { signal: AbortSignal; touch: () => void; end: () => void } {
  const inner = new AbortController();
  const stalled = (): void => inner.abort(new Passing(`no byte arrived for ${ms / 1000} s`));
  let timer = setTimeout(stalled, ms);
  const touch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(stalled, ms);
  };
  const pass = (): void => inner.abort(outer?.reason);
  outer?.addEventListener("abort", pass, { once: true });
  const end = (): void => {
    clearTimeout(timer);
    outer?.removeEventListener("abort", pass);
  };
  return { signal: inner.signal, touch, end };
}

async function readBody(
  response: Response,
  size: number,
  onPiece: (bytes: number) => void,
): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  const whole = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (filled + value.length > size)
      throw new BundleError(`the file is longer than the ${size} bytes in its manifest`);
    whole.set(value, filled);
    filled += value.length;
    onPiece(value.length);
  }
  if (filled !== size) throw new Passing(`the file ended after ${filled} of ${size} bytes`);
  return whole;
}

async function attempt(url: string, file: BundleFile, options: FetchOptions): Promise<Uint8Array> {
  const guard = stallGuard(options.stallMs ?? 30_000, options.signal);
  let counted = 0;
  try {
    // With a cache of our own the browser's would only hold everything twice, and hide what came over the network.
    const response = await fetch(url, {
      signal: guard.signal,
      cache: options.cache ? "no-store" : "default",
    });
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      throw new Passing(`the server answered ${response.status}`);
    }
    if (!response.ok) throw new BundleError(`${file.path}: the server answered ${response.status}`);
    const bytes = await readBody(response, file.bytes, (piece) => {
      guard.touch();
      counted += piece;
      options.onBytes(piece, "network");
    });
    if ((await options.digest(bytes)) !== file.sha256)
      throw new Passing("its sha256 is not the one in the manifest");
    return bytes;
  } catch (error) {
    options.onBytes(-counted, "network");
    options.signal?.throwIfAborted();
    if (error instanceof BundleError) throw error;
    throw new Passing(error instanceof Error ? error.message : String(error));
  } finally {
    guard.end();
  }
}

async function fromCache(file: BundleFile, options: FetchOptions): Promise<Uint8Array | null> {
  const bytes = (await options.cache?.get(file.sha256).catch(() => null)) ?? null;
  // What lies on a disk can rot: trust it no more than the network.
  if (bytes === null || bytes.length !== file.bytes || (await options.digest(bytes)) !== file.sha256)
    return null;
  options.onBytes(bytes.length, "cache");
  return bytes;
}

/** One file, verified. Throws `BundleError` when it cannot be had, or the signal's reason when it was aborted. */
export async function fetchFile(base: string, file: BundleFile, options: FetchOptions): Promise<Uint8Array> {
  const cached = await fromCache(file, options);
  if (cached !== null) return cached;
  for (let number = 0; ; number++) {
    try {
      const bytes = await attempt(new URL(file.path, base).href, file, options);
      await options.cache?.put(file.sha256, bytes).catch(() => undefined);
      return bytes;
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (number + 1 >= ATTEMPTS) {
        throw new BundleError(
          `${file.path} could not be downloaded: ${error.message}. Check the connection and try again.`,
        );
      }
      await pause((options.waitMs ?? backOff)(number), options.signal);
    }
  }
}
