/* exp, tanh and sigmoid of four floats. A NaN stays one. */
#pragma once
#include "simd.h"

/* x / ln 2 as n + a rest, and 2^n. Adding 1.5 * 2^23 rounds to whole numbers and leaves n in the lowest bits. */
struct power {
  four rest; /* times ln 2: |rest| <= 0.347 */
  four power;
};

INLINE struct power split(four x) {
  const four shifter = every(12582912.0f);
  const four shifted = multiply_add(x, every(1.44269504f), shifter);
  const four n = wasm_f32x4_sub(shifted, shifter);
  /* ln 2 in two parts, so that the subtraction loses nothing. */
  four rest = wasm_f32x4_sub(x, wasm_f32x4_mul(n, every(0.693359375f)));
  rest = wasm_f32x4_sub(rest, wasm_f32x4_mul(n, every(-2.12194440e-4f)));
  const four power = wasm_i32x4_add(wasm_i32x4_shl(shifted, 23), every(1.0f));
  return (struct power){rest, power};
}

/* exp(r) - 1 for |r| <= 0.347, by Taylor: what is left out is below 6e-9 of the value. */
INLINE four exp_less_one(four r) {
  four p = multiply_add(r, every(1.0f / 5040), every(1.0f / 720));
  p = multiply_add(p, r, every(1.0f / 120));
  p = multiply_add(p, r, every(1.0f / 24));
  p = multiply_add(p, r, every(1.0f / 6));
  p = multiply_add(p, r, every(0.5f));
  return multiply_add(wasm_f32x4_mul(r, r), p, r);
}

/* 0 below -87.3 and infinite above 88.7. */
INLINE four exp4(four x) {
  const four tops = every(88.72284f), floor = every(-87.33654f);
  /* Half of it, squared: 2^128 is no float by itself. */
  const struct power half = split(wasm_f32x4_mul(wasm_f32x4_pmin(wasm_f32x4_pmax(x, floor), tops), every(0.5f)));
  const four root = multiply_add(half.power, exp_less_one(half.rest), half.power);
  const four value = wasm_v128_bitselect(every(__builtin_inff()), wasm_f32x4_mul(root, root), wasm_f32x4_gt(x, tops));
  return wasm_v128_andnot(value, wasm_f32x4_lt(x, floor));
}

/* exp(x) - 1 for x <= 0, exact to the last digits near 0 too. */
INLINE four expm1_below(four x) {
  const struct power parts = split(wasm_f32x4_pmax(x, every(-40)));
  return multiply_add(parts.power, exp_less_one(parts.rest), wasm_f32x4_sub(parts.power, every(1)));
}

INLINE four sigmoid4(four x) {
  return wasm_f32x4_div(every(1), wasm_f32x4_add(every(1), exp4(wasm_f32x4_neg(x))));
}

/* -e / (2 + e) with e = exp(-2 |x|) - 1, which cannot overflow. */
INLINE four tanh4(four x) {
  const four e = expm1_below(wasm_f32x4_mul(wasm_f32x4_abs(x), every(-2)));
  const four size = wasm_f32x4_div(e, wasm_f32x4_sub(every(-2), e));
  return wasm_v128_or(size, wasm_v128_and(x, every(-0.0f)));
}

INLINE four elu4(four x) {
  return wasm_v128_bitselect(x, expm1_below(wasm_f32x4_pmin(x, every(0))), wasm_f32x4_gt(x, every(0)));
}
