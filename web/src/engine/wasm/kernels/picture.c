/* From bytes to the network's input, and from its output to bytes. A task is a row. */
#include "kernels.h"
#include "simd.h"

static void banded(const struct bands *bands, int place, const float *from, int floats, float *to) {
  const float *weights = bands->weights + place * bands->width;
  from += bands->start[place] * floats;
  for (int i = 0; i < floats; i++) {
    float sum = 0;
    for (int k = 0; k < bands->width; k++) sum += weights[k] * from[k * floats + i];
    to[i] = sum;
  }
}

/* Four pixels at a time; the source has whole fours, the row is as long as those. */
static void mix_grey(const struct narrow *step, const unsigned char *from, float *row) {
  const four low = wasm_i32x4_splat(255);
  for (int x = 0; x < step->pixels; x += 4) {
    const four rgba = load4(from + 4 * x);
    const four red = wasm_f32x4_convert_i32x4(wasm_v128_and(rgba, low));
    const four green = wasm_f32x4_convert_i32x4(wasm_v128_and(wasm_u32x4_shr(rgba, 8), low));
    const four blue = wasm_f32x4_convert_i32x4(wasm_v128_and(wasm_u32x4_shr(rgba, 16), low));
    const four mixed = multiply_add(green, every(step->green), wasm_f32x4_mul(red, every(step->red)));
    store4(row + x, multiply_add(blue, every(step->blue), mixed));
  }
}

static void split_colours(const struct narrow *step, const unsigned char *from, float *row) {
  for (int x = 0; x < step->pixels; x++)
    for (int c = 0; c < 3; c++) row[3 * x + c] = from[4 * x + c];
}

void narrow_task(const struct narrow *step, int task) {
  float row[3 * 256];
  const unsigned char *from = step->picture + task * step->pixels * 4;
  (step->channels == 1 ? mix_grey : split_colours)(step, from, row);
  float *to = step->made + task * step->columns.places * step->channels;
  for (int x = 0; x < step->columns.places; x++)
    banded(&step->columns, x, row, step->channels, to + x * step->channels);
}

void lower_task(const struct lower *step, int task) {
  banded(&step->rows, task, step->source, step->floats, step->made + task * step->floats);
}

/* The usual case, one channel and four neighbours: the sums of four places at once. */
static void widen_grey(const struct widen *step, const float *row, float *to) {
  const struct bands *bands = &step->columns;
  const int whole = bands->places & ~3;
  for (int x = 0; x < whole; x += 4) {
    four part[4];
    UNROLL for (int i = 0; i < 4; i++)
      part[i] = wasm_f32x4_mul(load4(row + bands->start[x + i]), load4(bands->weights + 4 * (x + i)));
    const four a = wasm_f32x4_add(wasm_i32x4_shuffle(part[0], part[1], 0, 2, 4, 6), wasm_i32x4_shuffle(part[0], part[1], 1, 3, 5, 7));
    const four b = wasm_f32x4_add(wasm_i32x4_shuffle(part[2], part[3], 0, 2, 4, 6), wasm_i32x4_shuffle(part[2], part[3], 1, 3, 5, 7));
    const four sum = wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 2, 4, 6), wasm_i32x4_shuffle(a, b, 1, 3, 5, 7));
    store4(to + x, multiply_add(sum, every(step->gain), every(step->offset)));
  }
  for (int x = whole; x < bands->places; x++) {
    banded(bands, x, row, 1, to + x);
    to[x] = to[x] * step->gain + step->offset;
  }
}

static void widen_any(const struct widen *step, const float *row, int y) {
  for (int x = 0; x < step->columns.places; x++) {
    float *to = (float *)place_of(&step->made, y, x), value[3];
    banded(&step->columns, x, row, step->channels, value);
    for (int c = 0; c < step->made.channels; c++)
      to[c] = c < step->channels ? value[c] * step->gain + step->offset : step->alpha;
  }
}

void widen_task(const struct widen *step, int task, char *scratch) {
  float *row = (float *)scratch;
  banded(&step->rows, task, step->source, step->floats, row);
  if (step->columns.width == 4 && step->made.channels == 1) widen_grey(step, row, (float *)place_of(&step->made, task, 0));
  else widen_any(step, row, task);
}

/*
 * Four numbers as whole ones from 0 to 255; adding 1.5 * 2^23 rounds them and leaves the result in the lowest bits. A NaN
 * shines pink, so that nobody takes it for a colour.
 */
INLINE four as_bytes(const struct screen *screen, four value) {
  const four scaled = multiply_add(value, every(screen->gain), every(screen->offset));
  const four held = wasm_f32x4_pmin(wasm_f32x4_pmax(scaled, every(0)), every(255));
  const four bits = wasm_v128_and(wasm_f32x4_add(held, every(12582912.0f)), wasm_i32x4_splat(255));
  return wasm_v128_bitselect(bits, wasm_i32x4_make(255, 0, 255, 0), wasm_f32x4_eq(value, value));
}

INLINE four pixel_of(const struct screen *screen, const char *place, int grey) {
  return as_bytes(screen, grey ? every(*(const float *)place) : load4(place));
}

INLINE void show_four(const struct screen *screen, const char *place, int step, int grey, unsigned char *to) {
  const four low = wasm_i16x8_narrow_i32x4(pixel_of(screen, place, grey), pixel_of(screen, place + step, grey));
  const four high =
      wasm_i16x8_narrow_i32x4(pixel_of(screen, place + 2 * step, grey), pixel_of(screen, place + 3 * step, grey));
  store4(to, wasm_v128_or(wasm_u8x16_narrow_i16x8(low, high), wasm_i32x4_splat((int)0xff000000)));
}

/* The last few pixels of a row one by one, so that nothing behind them is read or written. */
static void show_rest(const struct screen *screen, const char *place, int step, int grey, unsigned char *to, int count) {
  for (; count > 0; count--, place += step, to += 4) {
    unsigned char pixels[16];
    show_four(screen, place, 0, grey, pixels);
    for (int i = 0; i < 4; i++) to[i] = pixels[i];
  }
}

void show_rows(const struct screen *screen, const struct view *source, int first, int last) {
  const int step = source->place, grey = source->channels == 1, rest = source->width % 4;
  for (int y = first; y < smaller(last, source->height); y++) {
    unsigned char *to = screen->picture + y * source->width * 4;
    for (int x = 0; x < source->width - rest; x += 4)
      show_four(screen, place_of(source, y, x), step, grey, to + 4 * x);
    show_rest(screen, place_of(source, y, source->width - rest), step, grey, to + 4 * (source->width - rest), rest);
  }
}

void show_task(const struct show *step, int task) { show_rows(&step->screen, &step->source, task, task + 1); }
