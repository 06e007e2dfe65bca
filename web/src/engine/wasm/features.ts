// What this browser's WebAssembly can do, asked by modules of a few bytes that use it.

/** A module with one function of this body, without parameters, that leaves one 128-bit value. */
function moduleOf(body: readonly number[]): Uint8Array<ArrayBuffer> {
  const code = [0, ...body, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7b],
    ...[3, 2, 1, 0],
    ...[10, code.length + 2, 1, code.length, ...code],
  ]);
}

const ZEROS = [0x41, 0, 0xfd, 0x0f]; // i8x16.splat of i32.const 0
const RELAXED_MADD = [...ZEROS, ...ZEROS, ...ZEROS, 0xfd, 0x85, 0x02];

export const hasSimd = (): boolean => WebAssembly.validate(moduleOf(ZEROS));
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(moduleOf(RELAXED_MADD));

/** Memory can be shared with workers: the page is isolated from other sites. */
export const mayShareMemory = (): boolean =>
  typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated === true;

/** More than four bring little for networks of this size, and take from what else the machine does. */
const MOST_THREADS = 4;

export function usualThreads(): number {
  return mayShareMemory() ? Math.min(MOST_THREADS, Math.max(1, navigator.hardwareConcurrency)) : 1;
}
