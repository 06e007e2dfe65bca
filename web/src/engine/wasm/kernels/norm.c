/* Mean, or instance norm: a task is four channels, over all places. Twice through, since one pass loses digits. */
#include "kernels.h"
#include "simd.h"

static four mean_of(const struct view *view, int c, four from, int squared) {
  four sum = every(0);
  for (int y = 0; y < view->height; y++) {
    four row = every(0); /* Sums of rows, so that large pictures lose less. */
    for (int x = 0; x < view->width; x++) {
      const four value = wasm_f32x4_sub(load4(place_of(view, y, x) + 4 * c), from);
      row = wasm_f32x4_add(row, squared ? wasm_f32x4_mul(value, value) : value);
    }
    sum = wasm_f32x4_add(sum, row);
  }
  return wasm_f32x4_div(sum, every((float)view->height * (float)view->width));
}

void norm_task(const struct norm *step, int task) {
  const int c = 4 * task;
  const four mean = mean_of(&step->source, c, every(0), 0);
  if (!step->instance) return store4(step->made.data + 4 * c, mean);
  const four variance = mean_of(&step->source, c, mean, 1);
  const four root = wasm_f32x4_sqrt(wasm_f32x4_add(variance, every(step->epsilon)));
  const four scale = wasm_f32x4_div(load4(step->scale + c), root), shift = load4(step->shift + c);
  for (int y = 0; y < step->made.height; y++) {
    for (int x = 0; x < step->made.width; x++) {
      const four value = wasm_f32x4_sub(load4(place_of(&step->source, y, x) + 4 * c), mean);
      store4(place_of(&step->made, y, x) + 4 * c, multiply_add(value, scale, shift));
    }
  }
}
