// The compiled kernels: four builds, of which a browser gets the one that it can run. Fetched and compiled once a page.
import { EngineError } from "../device";
import { hasRelaxedSimd, hasSimd, usualThreads } from "./features";

const ADDRESSES = {
  simd: () => new URL("./built/simd.wasm", import.meta.url),
  relaxed: () => new URL("./built/relaxed.wasm", import.meta.url),
  "simd-threads": () => new URL("./built/simd-threads.wasm", import.meta.url),
  "relaxed-threads": () => new URL("./built/relaxed-threads.wasm", import.meta.url),
} as const;

export type Build = keyof typeof ADDRESSES;

/** Reads a file of the engine. The default fetches it; where there is no server, give another. */
export type Load = (address: URL) => Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>;

async function fetched(address: URL): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The engine's code did not come: ${response.status} for ${address.href}`);
  return response.arrayBuffer();
}

const compiled = new Map<Build, Promise<WebAssembly.Module>>();

async function compile(build: Build, load: Load): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(await load(ADDRESSES[build]()));
  } catch (error) {
    compiled.delete(build); // A line that was cut may be there again next time.
    throw error;
  }
}

export const buildOf = (relaxed: boolean, threads: number): Build =>
  `${relaxed ? "relaxed" : "simd"}${threads > 1 ? "-threads" : ""}`;

/** Throws `EngineError` where WebAssembly has no SIMD; what `load` throws comes through. */
export async function codeOf(build: Build, load: Load = fetched): Promise<WebAssembly.Module> {
  if (!hasSimd())
    throw new EngineError("unsupported", "This browser's WebAssembly has no SIMD: a newer browser has it.");
  const known = compiled.get(build) ?? compile(build, load);
  compiled.set(build, known);
  return known;
}

/** Gets the code that sessions here usually need, and the one for a single thread, which a study may ask for. */
export async function fetchWasmCode(): Promise<void> {
  const relaxed = hasRelaxedSimd();
  const builds = new Set([1, usualThreads()].map((threads) => buildOf(relaxed, threads)));
  await Promise.all([...builds].map((build) => codeOf(build)));
}
