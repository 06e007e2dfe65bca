/* What happens to each value by itself, or to pairs. A task is a row; channels beyond the last hold anything. */
#include "act.h"
#include "kernels.h"

INLINE four mapped(const struct map *step, int channel, four x) {
  switch (step->op) {
  case ACT:
    return straight(&step->ending, channel, x);
  case AFFINE:
    return finish(&step->ending, channel, x);
  case ABS:
    return wasm_f32x4_abs(x);
  case EXP:
    return exp4(constants(), x);
  case NEG:
    return wasm_f32x4_neg(x);
  case RECIPROCAL:
    return wasm_f32x4_div(every(1), x);
  case RSQRT:
    return wasm_f32x4_div(every(1), wasm_f32x4_sqrt(x));
  case SQRT:
    return wasm_f32x4_sqrt(x);
  }
  return wasm_f32x4_mul(x, x);
}

/* The four numbers from a channel on, none of them beyond the last: a value may end where its memory ends. */
INLINE four up_to_four(const struct view *view, const char *place, int channel) {
  if (view->place % 16 == 0) return load4(place + 4 * channel);
  float value[4] = {0, 0, 0, 0};
  for (int i = 0; channel + i < view->channels && i < 4; i++) value[i] = ((const float *)place)[channel + i];
  return load4(value);
}

void map_task(const struct map *step, int task) {
  for (int x = 0; x < step->made.width; x++) {
    const char *from = place_of(&step->source, task, x);
    char *to = place_of(&step->made, task, x);
    for (int c = 0; c < step->made.channels; c += 4) store4(to + 4 * c, mapped(step, c, up_to_four(&step->source, from, c)));
    bend(step->ending.activation, to, (step->made.channels + 3) / 4);
  }
}

/* `made` is the part of the whole that this source fills: any channels, so one number at a time. */
void join_task(const struct map *step, int task) {
  for (int x = 0; x < step->source.width; x++) {
    const float *from = (const float *)place_of(&step->source, task, x);
    float *to = (float *)place_of(&step->made, task, x);
    for (int c = 0; c < step->source.channels; c++) to[c] = from[c];
  }
}

INLINE four combined(int op, four a, four b) {
  switch (op) {
  case ADD:
    return wasm_f32x4_add(a, b);
  case SUB:
    return wasm_f32x4_sub(a, b);
  case MUL:
    return wasm_f32x4_mul(a, b);
  case DIV:
    return wasm_f32x4_div(a, b);
  case MAXIMUM:
    return wasm_f32x4_max(a, b);
  }
  return wasm_f32x4_min(a, b);
}

/* An extent of 1 stands for all places. */
INLINE const char *stretched(const struct view *view, int y, int x) {
  return place_of(view, view->height == 1 ? 0 : y, view->width == 1 ? 0 : x);
}

INLINE four fours_of(const struct view *view, const char *place, int channel) {
  return view->channels == 1 ? every(*(const float *)place) : up_to_four(view, place, channel);
}

void combine_task(const struct combine *step, int task) {
  for (int x = 0; x < step->made.width; x++) {
    const char *first = stretched(&step->first, task, x), *second = stretched(&step->second, task, x);
    char *to = place_of(&step->made, task, x);
    for (int c = 0; c < step->made.channels; c += 4)
      store4(to + 4 * c, combined(step->op, fours_of(&step->first, first, c), fours_of(&step->second, second, c)));
  }
}
