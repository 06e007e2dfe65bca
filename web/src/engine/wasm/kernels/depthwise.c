/* Depthwise convolutions: a task is a row. With a multiplier of 1, four channels at a time. */
#include "act.h"
#include "kernels.h"

INLINE const char *tap_start(const struct depthwise *step, const struct tap *tap, int y, int x) {
  return place_of(&step->source, y * step->stride_y + tap->dy, x * step->stride_x + tap->dx);
}

/* Weights are [tap][output channel], filled up to whole fours. */
static void alike(const struct depthwise *step, int y, int x, char *to, int wide) {
  for (int c = 0; c < step->made.channels; c += 4) {
    four sum = every(0);
    for (int t = 0; t < step->tap_count; t++)
      sum = multiply_add(load4(tap_start(step, step->taps + t, y, x) + 4 * c), load4(step->weights + t * wide + c), sum);
    store4(to + 4 * c, finish(&step->ending, c, sum));
  }
}

static void several(const struct depthwise *step, int y, int x, char *to, int wide) {
  for (int c = 0; c < step->made.channels; c += 4) {
    four sum = every(0);
    for (int t = 0; t < step->tap_count; t++) {
      const float *from = (const float *)tap_start(step, step->taps + t, y, x);
      float value[4];
      for (int i = 0; i < 4; i++) value[i] = from[smaller(c + i, step->made.channels - 1) / step->multiplier];
      sum = multiply_add(load4(value), load4(step->weights + t * wide + c), sum);
    }
    store4(to + 4 * c, finish(&step->ending, c, sum));
  }
}

void depthwise_task(const struct depthwise *step, int task) {
  const int wide = (step->made.channels + 3) & ~3;
  for (int x = 0; x < step->made.width; x++) {
    char *to = place_of(&step->made, task, x);
    (step->multiplier == 1 ? alike : several)(step, task, x, to, wide);
    bend(step->ending.activation, to, wide / 4);
  }
}
