// Stored bytes to 32-bit floats. Bytes are little-endian, as in the bundle, whatever the machine is.
import type { ArrayFile, Dtype } from "./manifest";

/** One IEEE 754 half as a number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | null = null;

/** All 65,536 halves: a table is some ten times quicker than the arithmetic, and full networks have 50 million. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToFloat(bits));
  return halves;
}

/** All values of `bytes` as floats, unscaled. */
export function toFloats(bytes: Uint8Array, dtype: Dtype | ArrayFile["dtype"]): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case "uint8":
      return Float32Array.from(bytes);
    case "int8":
      return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    case "float16": {
      const table = halfTable();
      return Float32Array.from(
        { length: bytes.length >> 1 },
        (_, i) => table[view.getUint16(2 * i, true)] ?? 0,
      );
    }
    case "float32":
      return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
  }
}
