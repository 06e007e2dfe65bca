/*
 * The heart: `places` x 4 * `fours` sums in registers. Each step along the depth loads the weights of all its channels
 * once and one number of every place. Both counts are constants where this is called, so all loops unroll.
 */
#pragma once
#include "simd.h"
#include "steps.h"

/* Weights of 8 or 4 channels as floats; whole numbers are what a stored int8 stands for before its scale. */
INLINE void weights_of(const int fours, const int bytes, const char *at, four *out) {
  if (bytes == 4) {
    UNROLL for (int v = 0; v < fours; v++) out[v] = load4(at + 16 * v);
  } else if (bytes == 2) {
    UNROLL for (int v = 0; v < fours; v++) out[v] = wasm_f32x4_convert_i32x4(wasm_i32x4_load16x4(at + 8 * v));
  } else if (fours == 2) {
    const four wide = wasm_i16x8_load8x8(at);
    out[0] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(wide));
    out[1] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(wide));
  } else {
    const four wide = wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(at));
    out[0] = wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(wide));
  }
}

INLINE void multiply_one(const int places, const int fours, const int bytes, const float *const *from, int k,
                         const char *weights, four *sums) {
  four w[2];
  weights_of(fours, bytes, weights, w);
  UNROLL for (int p = 0; p < places; p++) {
    const four x = wasm_v128_load32_splat(from[p] + k);
    UNROLL for (int v = 0; v < fours; v++) sums[p * fours + v] = multiply_add(x, w[v], sums[p * fours + v]);
  }
}

/* A sum waits for itself: with few of them, the depth is dealt out to as many more as keep the processor busy. */
#define DEALT(sums) ((sums) <= 2 ? 4 : (sums) <= 4 ? 2 : 1)

/* What lies in the runs from each place on, times the weights. */
INLINE void multiply(const int places, const int fours, const int bytes, const char *const *starts,
                     const struct run *runs, int run_count, const char *weights, four *sums) {
  const int size = 4 * fours * bytes, count = places * fours;
  four parts[16];
  UNROLL for (int i = 0; i < count * DEALT(count); i++) parts[i] = every(0);
  for (int r = 0; r < run_count; r++) {
    const float *from[8];
    UNROLL for (int p = 0; p < places; p++) from[p] = (const float *)(starts[p] + runs[r].offset);
    int left = runs[r].length;
    for (; left >= 4; left -= 4) {
      UNROLL for (int k = 0; k < 4; k++)
        multiply_one(places, fours, bytes, from, k, weights + k * size, parts + k % DEALT(count) * count);
      UNROLL for (int p = 0; p < places; p++) from[p] += 4;
      weights += 4 * size;
    }
    for (; left > 0; left--) {
      multiply_one(places, fours, bytes, from, 0, weights, parts);
      UNROLL for (int p = 0; p < places; p++) from[p] += 1;
      weights += size;
    }
  }
  UNROLL for (int i = 0; i < count; i++) {
    sums[i] = parts[i];
    UNROLL for (int d = 1; d < DEALT(count); d++) sums[i] = wasm_f32x4_add(sums[i], parts[d * count + i]);
  }
}

/* The same from a panel: the places' numbers lie side by side, four of each, `hop` bytes from one four to the next. */
INLINE void multiply_panel(const int places, const int fours, const int bytes, const char *from, int hop, int depth,
                           const char *weights, four *sums) {
  UNROLL for (int i = 0; i < places * fours; i++) sums[i] = every(0);
  for (; depth > 0; depth -= 4, from += hop, weights += 16 * fours * bytes) {
    UNROLL for (int k = 0; k < 4; k++) {
      four w[2];
      weights_of(fours, bytes, weights + 4 * fours * bytes * k, w);
      UNROLL for (int p = 0; p < places; p++) {
        const four x = wasm_v128_load32_splat(from + 16 * p + 4 * k);
        UNROLL for (int v = 0; v < fours; v++) sums[p * fours + v] = multiply_add(x, w[v], sums[p * fours + v]);
      }
    }
  }
}
