/* exp, tanh and sigmoid of four floats. A NaN stays one. */
#pragma once
#include "simd.h"

/*
 * Constants by name. They are read from memory where they are used: written into the code, each takes several instructions,
 * in every round of a loop. `constants()` hides from the compiler what the table holds.
 */
struct constants {
  float per_ln2, shifter, ln2_high, ln2_low, taylor[6], one, minus_two, lowest, sign;
};
static const struct constants CONSTANTS = {
    1.44269504f, 12582912.0f, 0.693359375f, -2.12194440e-4f,
    {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f},
    1, -2, -40, -0.0f,
};

INLINE const struct constants *constants(void) {
  const struct constants *hidden = &CONSTANTS;
  __asm__("" : "+r"(hidden));
  return hidden;
}

/* x / ln 2 as n + a rest, and 2^n. Adding 1.5 * 2^23 rounds to whole numbers and leaves n in the lowest bits. */
struct power {
  four rest; /* times ln 2: |rest| <= 0.347 */
  four power;
};

INLINE struct power split(const struct constants *is, four x) {
  const four shifter = every(is->shifter);
  const four shifted = multiply_add(x, every(is->per_ln2), shifter);
  const four n = wasm_f32x4_sub(shifted, shifter);
  /* ln 2 in two parts, so that the subtraction loses nothing. */
  four rest = wasm_f32x4_sub(x, wasm_f32x4_mul(n, every(is->ln2_high)));
  rest = wasm_f32x4_sub(rest, wasm_f32x4_mul(n, every(is->ln2_low)));
  return (struct power){rest, wasm_i32x4_add(wasm_i32x4_shl(shifted, 23), every(is->one))};
}

/* exp(r) - 1 for |r| <= 0.347, by Taylor: what is left out is below 6e-9 of the value. */
INLINE four exp_less_one(const struct constants *is, four r) {
  four p = every(is->taylor[0]);
  UNROLL for (int i = 1; i < 6; i++) p = multiply_add(p, r, every(is->taylor[i]));
  return multiply_add(wasm_f32x4_mul(r, r), p, r);
}

/* 0 below -87.3 and infinite above 88.7. */
INLINE four exp4(const struct constants *is, four x) {
  const four tops = every(88.72284f), floor = every(-87.33654f);
  /* Half of it, squared: 2^128 is no float by itself. */
  const struct power half = split(is, wasm_f32x4_mul(wasm_f32x4_pmin(wasm_f32x4_pmax(x, floor), tops), every(0.5f)));
  const four root = multiply_add(half.power, exp_less_one(is, half.rest), half.power);
  const four value = wasm_v128_bitselect(every(__builtin_inff()), wasm_f32x4_mul(root, root), wasm_f32x4_gt(x, tops));
  return wasm_v128_andnot(value, wasm_f32x4_lt(x, floor));
}

/* exp(x) - 1 for x <= 0, exact to the last digits near 0 too. */
INLINE four expm1_below(const struct constants *is, four x) {
  const struct power parts = split(is, wasm_f32x4_pmax(x, every(is->lowest)));
  return multiply_add(parts.power, exp_less_one(is, parts.rest), wasm_f32x4_sub(parts.power, every(is->one)));
}

INLINE four sigmoid4(const struct constants *is, four x) {
  return wasm_f32x4_div(every(1), wasm_f32x4_add(every(1), exp4(is, wasm_f32x4_neg(x))));
}

/* -e / (2 + e) with e = exp(-2 |x|) - 1, which cannot overflow. */
INLINE four tanh4(const struct constants *is, four x) {
  const four two = every(is->minus_two), sign = every(is->sign);
  const four e = expm1_below(is, wasm_f32x4_mul(wasm_v128_andnot(x, sign), two));
  return wasm_v128_or(wasm_f32x4_div(e, wasm_f32x4_sub(two, e)), wasm_v128_and(x, sign));
}

INLINE four elu4(const struct constants *is, four x) {
  return wasm_v128_bitselect(x, expm1_below(is, wasm_f32x4_pmin(x, every(0))), wasm_f32x4_gt(x, every(0)));
}
