/* The activations that need more than a comparison. */
#include "act.h"

#define BEND(value)                                             \
  for (; count > 0; count--, at += 16) {                        \
    const four x = load4(at);                                   \
    store4(at, value);                                          \
  }                                                             \
  break;

void bend(int activation, char *at, int count) {
  const struct constants *is = constants();
  switch (activation) {
  case TANH:
    BEND(tanh4(is, x))
  case SIGMOID:
    BEND(sigmoid4(is, x))
  case SWISH:
    BEND(wasm_f32x4_mul(x, sigmoid4(is, x)))
  case ELU:
    BEND(elu4(is, x))
  }
}
