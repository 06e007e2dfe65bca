/* Activations. All that are straight on both sides of 0 are one: x * slope below 0, then held between low and high. */
#pragma once
#include "math.h"
#include "steps.h"

/*
 * x * slope below 0, then held between low and high. Curves have slopes of 1 and no bounds, so that they pass through here
 * as they are. `channel` must be a multiple of 4.
 */
INLINE four straight(const struct ending *ending, int channel, four x) {
  const four bent = wasm_f32x4_mul(x, load4(ending->slopes + channel));
  const four value = wasm_v128_bitselect(bent, x, wasm_f32x4_lt(x, every(0)));
  /* A NaN as first argument comes through. */
  return wasm_f32x4_pmin(wasm_f32x4_pmax(value, every(ending->low)), every(ending->high));
}

/* The end of a convolution, but for the curve. */
INLINE four finish(const struct ending *ending, int channel, four sum) {
  return straight(ending, channel, multiply_add(sum, load4(ending->scale + channel), load4(ending->bias + channel)));
}

/*
 * The curve of an activation, if it has one, over `count` fours at `at`. Apart from the rest: within the kernels it would
 * stand once for each of their sums, and no sum could stay in a register meanwhile.
 */
void bend(int activation, char *at, int count);
