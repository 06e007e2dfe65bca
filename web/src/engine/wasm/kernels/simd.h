/* Four floats at a time, and what all kernels share. No libc: nothing here calls out. */
#pragma once
#include <wasm_simd128.h>

typedef v128_t four;

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

/* a * b + c. The relaxed form rounds once where the processor has a fused instruction. */
#ifdef __wasm_relaxed_simd__
#define multiply_add(a, b, c) wasm_f32x4_relaxed_madd(a, b, c)
#else
#define multiply_add(a, b, c) wasm_f32x4_add(wasm_f32x4_mul(a, b), c)
#endif

#define load4(at) wasm_v128_load(at)
#define store4(at, value) wasm_v128_store(at, value)
#define every(value) wasm_f32x4_splat(value)

INLINE int smaller(int a, int b) { return a < b ? a : b; }
