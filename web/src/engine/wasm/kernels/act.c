/* The activations that need more than a comparison. */
#include "act.h"

__attribute__((noinline)) four curved(int activation, four x) {
  switch (activation) {
  case TANH:
    return tanh4(x);
  case SIGMOID:
    return sigmoid4(x);
  case SWISH:
    return wasm_f32x4_mul(x, sigmoid4(x));
  }
  return elu4(x);
}
