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

void widen_task(const struct widen *step, int task, char *scratch) {
  float *row = (float *)scratch;
  banded(&step->rows, task, step->source, step->floats, row);
  for (int x = 0; x < step->columns.places; x++) {
    float *to = (float *)place_of(&step->made, task, x), value[3];
    banded(&step->columns, x, row, step->channels, value);
    for (int c = 0; c < step->made.channels; c++) to[c] = c < step->channels ? value[c] * step->gain + step->offset : step->alpha;
  }
}

/* The low byte of each of the four, held between 0 and 255; a NaN shines pink, so that nobody takes it for a colour. */
INLINE four as_bytes(const struct screen *screen, four value) {
  const four scaled = multiply_add(value, every(screen->gain), every(screen->offset));
  const four held = wasm_f32x4_pmin(wasm_f32x4_pmax(scaled, every(0)), every(255));
  const four bytes = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_add(held, every(0.5f)));
  return wasm_v128_bitselect(bytes, wasm_i32x4_make(255, 0, 255, 0), wasm_f32x4_eq(value, value));
}

INLINE four with_alpha(four rgb) { return wasm_i32x4_replace_lane(rgb, 3, 255); }

INLINE four grey_or_colour(const struct view *source, const char *place) {
  if (source->channels > 1) return load4(place);
  return every(*(const float *)place);
}

void show_rows(const struct screen *screen, const struct view *source, int first, int last) {
  for (int y = first; y < smaller(last, source->height); y++) {
    unsigned char *to = screen->picture + y * source->width * 4;
    for (int x = 0; x < source->width; x++) {
      const four pixel = with_alpha(as_bytes(screen, grey_or_colour(source, place_of(source, y, x))));
      const four pairs = wasm_i16x8_narrow_i32x4(pixel, pixel);
      wasm_v128_store32_lane(to + 4 * x, wasm_u8x16_narrow_i16x8(pairs, pairs), 0);
    }
  }
}

void show_task(const struct show *step, int task) { show_rows(&step->screen, &step->source, task, task + 1); }
