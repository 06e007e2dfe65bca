/* Activations. All that are straight on both sides of 0 are one: x * slope below 0, then held between low and high. */
#pragma once
#include "math.h"
#include "steps.h"

/* Not inlined: it would stand in every kernel, once for each of its sums. */
four curved(int activation, four x);

/* `channel` must be a multiple of 4. */
INLINE four act(const struct ending *ending, int channel, four x) {
  if (ending->activation != STRAIGHT) return curved(ending->activation, x);
  const four bent = wasm_f32x4_mul(x, load4(ending->slopes + channel));
  const four value = wasm_v128_bitselect(bent, x, wasm_f32x4_lt(x, every(0)));
  /* A NaN as first argument comes through. */
  return wasm_f32x4_pmin(wasm_f32x4_pmax(value, every(ending->low)), every(ending->high));
}

/* The end of a convolution. */
INLINE four finish(const struct ending *ending, int channel, four sum) {
  return act(ending, channel, multiply_add(sum, load4(ending->scale + channel), load4(ending->bias + channel)));
}
