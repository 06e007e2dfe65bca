/* exp, tanh and sigmoid of four floats. A NaN stays one. */
#pragma once
#include "simd.h"

/*
 * exp(x) = 2^n * exp(r), |r| <= ln(2) / 2, with the Taylor polynomial of degree 7: its rest is below 6e-9 of the value,
 * less than float32 can hold. 0 below -87.3 and infinite above 88.7.
 */
INLINE four exp4(four x) {
  const four tops = every(88.72284f), floor = every(-87.33654f);
  const four inside = wasm_f32x4_pmin(wasm_f32x4_pmax(x, floor), tops);
  const four n = wasm_f32x4_nearest(wasm_f32x4_mul(inside, every(1.44269504f)));
  /* ln 2 in two parts, so that the subtraction loses nothing. */
  four r = wasm_f32x4_sub(inside, wasm_f32x4_mul(n, every(0.693359375f)));
  r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, every(-2.12194440e-4f)));
  four p = every(1.0f / 5040);
  p = multiply_add(p, r, every(1.0f / 720));
  p = multiply_add(p, r, every(1.0f / 120));
  p = multiply_add(p, r, every(1.0f / 24));
  p = multiply_add(p, r, every(1.0f / 6));
  p = multiply_add(p, r, every(0.5f));
  p = multiply_add(p, r, every(1));
  p = multiply_add(p, r, every(1));
  /* 2^n in two factors: n = 128 is no float by itself. */
  const four whole = wasm_i32x4_trunc_sat_f32x4(n);
  const four half = wasm_i32x4_shr(whole, 1);
  const four rest = wasm_i32x4_sub(whole, half);
  const four bias = wasm_i32x4_splat(127);
  p = wasm_f32x4_mul(p, wasm_i32x4_shl(wasm_i32x4_add(half, bias), 23));
  p = wasm_f32x4_mul(p, wasm_i32x4_shl(wasm_i32x4_add(rest, bias), 23));
  p = wasm_v128_bitselect(every(__builtin_inff()), p, wasm_f32x4_gt(x, tops));
  return wasm_v128_andnot(p, wasm_f32x4_lt(x, floor));
}

INLINE four sigmoid4(four x) {
  return wasm_f32x4_div(every(1), wasm_f32x4_add(every(1), exp4(wasm_f32x4_neg(x))));
}

/* (1 - e) / (1 + e) with e = exp(-2 |x|), which cannot overflow; near 0 the series, where that would lose digits. */
INLINE four tanh4(four x) {
  const four size = wasm_f32x4_abs(x);
  const four e = exp4(wasm_f32x4_mul(size, every(-2)));
  const four far = wasm_f32x4_div(wasm_f32x4_sub(every(1), e), wasm_f32x4_add(every(1), e));
  const four square = wasm_f32x4_mul(size, size);
  four near = multiply_add(square, every(2.0f / 15), every(-1.0f / 3));
  near = multiply_add(wasm_f32x4_mul(near, square), size, size);
  const four value = wasm_v128_bitselect(near, far, wasm_f32x4_lt(size, every(0.08f)));
  return wasm_v128_or(value, wasm_v128_and(x, every(-0.0f)));
}

INLINE four elu4(four x) {
  const four below = wasm_f32x4_sub(exp4(x), every(1));
  /* x + x^2 / 2 + x^3 / 6 where exp(x) - 1 would lose digits. */
  four near = multiply_add(x, every(1.0f / 6), every(0.5f));
  near = multiply_add(wasm_f32x4_mul(near, x), x, x);
  const four low = wasm_v128_bitselect(near, below, wasm_f32x4_gt(x, every(-0.02f)));
  return wasm_v128_bitselect(x, low, wasm_f32x4_gt(x, every(0)));
}
