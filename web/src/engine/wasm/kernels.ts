// Weights in the order in which the kernels read them: blocks of 8 output channels (the last of 4, where that is enough),
// in each one all steps along the depth.

export const foursOf = (channels: number): number => Math.ceil(channels / 4);

/** Numbers that packed weights take. */
export const packedLength = (depth: number, made: number): number => depth * 4 * foursOf(made);

/** Packs `kernel` [depth][made] into `into` from `at` on. */
export function packBlocks(
  kernel: Float32Array,
  depth: number,
  made: number,
  into: Float32Array | Int16Array | Int8Array,
  at = 0,
): void {
  const wide = 4 * foursOf(made);
  for (let first = 0; first < made; first += 8) {
    const block = Math.min(8, wide - first);
    const channels = Math.min(block, made - first);
    for (let k = 0; k < depth; k++) {
      const from = k * made + first;
      for (let c = 0; c < channels; c++) into[at + c] = kernel[from + c] ?? 0;
      at += block;
    }
  }
}

/** Whole numbers in place of `kernel` [depth][made], whose columns are multiples of `scale` [made]. */
export function wholeNumbers(kernel: Float32Array, scale: Float32Array): Float32Array {
  const made = scale.length;
  const result = new Float32Array(kernel.length);
  for (let at = 0; at < kernel.length; at += made)
    for (let c = 0; c < made; c++) {
      const unit = scale[c] ?? 0;
      result[at + c] = unit === 0 ? 0 : Math.round((kernel[at + c] ?? 0) / unit);
    }
  return result;
}
