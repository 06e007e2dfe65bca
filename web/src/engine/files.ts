// Files of a bundle: from a cache where they are there, else over the network in pieces that can be counted. A download that
// breaks goes on where it broke.
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
  /** Called with the bytes that arrived; negative where they turned out useless and are fetched again. */
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

/** What has arrived of a file. It is kept when the connection breaks, and the next attempt goes on behind it. */
interface Arrived {
  readonly bytes: Uint8Array;
  count: number;
}

type Headers = Record<string, string>;

const resumeHeaders = ({ count }: Arrived): Headers => (count > 0 ? { Range: `bytes=${count}-` } : {});

/** Whether the answer goes on where the last one broke off; otherwise it starts again, which servers may always do. */
function continues(response: Response, { bytes, count }: Arrived): boolean {
  if (response.status !== 206) return false;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("Content-Range") ?? "");
  const total = range?.[2] === "*" ? bytes.length : Number(range?.[2]);
  if (Number(range?.[1]) === count && total === bytes.length) return true;
  throw new Passing("the server sent another part of the file than the one that was asked for");
}

function startAgain(arrived: Arrived, onBytes: FetchOptions["onBytes"]): void {
  onBytes(-arrived.count, "network");
  arrived.count = 0;
}

async function readBody(
  response: Response,
  arrived: Arrived,
  onPiece: (bytes: number) => void,
): Promise<void> {
  const { bytes } = arrived;
  const take = (piece: Uint8Array): void => {
    if (arrived.count + piece.length > bytes.length)
      throw new BundleError(`the file is longer than the ${bytes.length} bytes in its manifest`);
    bytes.set(piece, arrived.count);
    arrived.count += piece.length;
    onPiece(piece.length);
  };
  const reader = response.body?.getReader();
  if (reader === undefined) take(new Uint8Array(await response.arrayBuffer()));
  for (;;) {
    const piece = await reader?.read();
    if (piece?.value === undefined) break;
    take(piece.value);
  }
  if (arrived.count !== bytes.length)
    throw new Passing(`the file ended after ${arrived.count} of ${bytes.length} bytes`);
}

function checkStatus(response: Response, path: string): void {
  if (response.ok) return;
  // 416: what has arrived is no part of the file, so start again.
  if (response.status >= 500 || [408, 416, 429].includes(response.status))
    throw new Passing(`the server answered ${response.status}`);
  throw new BundleError(`${path}: the server answered ${response.status}`);
}

async function attempt(
  url: string,
  file: BundleFile,
  arrived: Arrived,
  options: FetchOptions,
): Promise<Uint8Array> {
  const guard = stallGuard(options.stallMs ?? 30_000, options.signal);
  try {
    // With a cache of our own the browser's would only hold everything twice, and hide what came over the network.
    const response = await fetch(url, {
      signal: guard.signal,
      cache: options.cache ? "no-store" : "default",
      headers: resumeHeaders(arrived),
    });
    if (response.status === 416) startAgain(arrived, options.onBytes);
    checkStatus(response, file.path);
    if (!continues(response, arrived)) startAgain(arrived, options.onBytes);
    await readBody(response, arrived, (piece) => {
      guard.touch();
      options.onBytes(piece, "network");
    });
    if ((await options.digest(arrived.bytes)) === file.sha256) return arrived.bytes;
    startAgain(arrived, options.onBytes);
    throw new Passing("its sha256 is not the one in the manifest");
  } catch (error) {
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
  const arrived: Arrived = { bytes: new Uint8Array(file.bytes), count: 0 };
  for (let number = 0; ; number++) {
    try {
      const bytes = await attempt(new URL(file.path, base).href, file, arrived, options);
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
