/* Steps that look elsewhere: padding, cropping, resizing, pooling, blocks, joined channels, edges. A task is a row. */
#include "kernels.h"
#include "simd.h"

/* A place below 0 stands for zeros. */
INLINE float number(const struct view *view, int y, int x, int c) {
  return y < 0 || x < 0 ? 0 : ((const float *)place_of(view, y, x))[c];
}

INLINE float between(float low, float high, float share) { return low * (1 - share) + high * share; }

void sample_task(const struct sample *step, int task) {
  const int low = step->rows_low[task], high = step->rows_high[task];
  const float down = step->rows_share[task];
  for (int x = 0; x < step->made.width; x++) {
    const int left = step->columns_low[x], right = step->columns_high[x];
    const float across = step->columns_share[x];
    float *to = (float *)place_of(&step->made, task, x);
    for (int c = 0; c < step->made.channels; c++) {
      float top = number(&step->source, low, left, c);
      if (across != 0) top = between(top, number(&step->source, low, right, c), across);
      if (down != 0) {
        float bottom = number(&step->source, high, left, c);
        if (across != 0) bottom = between(bottom, number(&step->source, high, right, c), across);
        top = between(top, bottom, down);
      }
      to[c] = top;
    }
  }
}

struct window {
  int top, bottom, left, right;
};

/* Of one channel. A NaN in the window makes the result one, also of the largest. */
static float pooled(const struct pool *step, const struct window *window, int c) {
  float result = number(&step->source, window->top, window->left, c);
  if (step->mean) result = 0;
  for (int y = window->top; y < window->bottom; y++) {
    for (int x = window->left; x < window->right; x++) {
      const float value = number(&step->source, y, x, c);
      if (step->mean) result += value;
      else if (!(value <= result)) result = result != result ? result : value;
    }
  }
  const int count = (window->bottom - window->top) * (window->right - window->left);
  return step->mean ? result / count : result;
}

INLINE int larger(int a, int b) { return a > b ? a : b; }

void pool_task(const struct pool *step, int task) {
  const int y = task * step->stride_y - step->before_y;
  for (int i = 0; i < step->made.width; i++) {
    const int x = i * step->stride_x - step->before_x;
    const struct window window = {
        larger(y, 0), smaller(y + step->tall, step->source.height),
        larger(x, 0), smaller(x + step->wide, step->source.width),
    };
    float *to = (float *)place_of(&step->made, task, i);
    for (int c = 0; c < step->made.channels; c++) to[c] = pooled(step, &window, c);
  }
}

void blocks_task(const struct blocks *step, int task) {
  const int block = step->block, channels = step->made.channels;
  for (int x = 0; x < step->made.width; x++) {
    const float *from = (const float *)place_of(&step->source, task / block, x / block);
    float *to = (float *)place_of(&step->made, task, x);
    for (int c = 0; c < channels; c++) to[c] = from[(task % block * block + x % block) * channels + c];
  }
}

static void zero(char *from, const char *end) {
  for (; from < end; from += 4) *(float *)from = 0;
}

/* Task 0 is the row above all others. */
void clear_task(const struct clear *step, int task) {
  const struct view *made = &step->made;
  const int y = task - step->top;
  char *start = place_of(made, y, -step->left), *end = place_of(made, y, made->width + step->right);
  if (y < 0 || y >= made->height) return zero(start, end);
  zero(start, place_of(made, y, 0));
  zero(place_of(made, y, made->width), end);
}
