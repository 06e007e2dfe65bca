/*
 * Convolutions with 9 multiplications where 16 would be: F(2x2, 2x2) of Winograd, "Arithmetic complexity of
 * computations" (1980). Along one axis, two outputs of two taps:
 *
 *     y0 = (x0 - x1) w0 + x1 (w0 + w1)        y1 = x1 (w0 + w1) + (x2 - x1) w1
 *
 * A transposed 4x4 convolution with stride 2 is four 2x2 ones (its phases), a plain one the sum of four (rows and columns
 * of the source, even and odd). A tile is 2x2 places of every phase. For a few tiles at a time:
 *
 *     source -> gather: sums and differences, each of which is read by all output channels
 *            -> products: one plain multiplication of matrices for each of the 9 (36) weights
 *            -> finish: sums of four products each, bias, activation
 */
#include "act.h"
#include "kernels.h"
#include "multiply.h"

/* Along an axis: what each of the products reads. Transposed: five differences for the two phases of three products. */
static const signed char SHARED[6] = {0, 1, 2, 2, 3, 4};

struct job {
  const struct winograd *step;
  int tiles;
  /* [differences][depth / 4][tiles][4], so that a step along the depth reads what lies side by side;
     [products][tiles][channels] */
  char *differences, *products;
};

/* One line more than needed: differences of one place must not all compete for the same lines of the cache. */
INLINE int slot_bytes(int tiles, int depth) { return tiles * depth * 4 + 64; }

INLINE four minus(four a, four b) { return wasm_f32x4_sub(a, b); }

/* Four neighbours of a tile along an axis; the two phases' three numbers each, the middle ones shared. */
INLINE void shared_differences(const four *x, int step, four *out, int out_step) {
  out[0] = minus(x[0], x[step]);
  out[out_step] = x[step];
  out[2 * out_step] = minus(x[2 * step], x[step]);
  out[3 * out_step] = x[2 * step];
  out[4 * out_step] = minus(x[3 * step], x[2 * step]);
}

INLINE void load_places(const struct view *source, const char *from, int size, four *x) {
  for (int y = 0; y < size; y++)
    for (int i = 0; i < size; i++) x[y * size + i] = load4(from + y * source->row + i * source->place);
}

/* Transposed: 4x4 places become 5x5 differences. */
static void gather_grown(const struct job *job, const char *from, int tile) {
  const struct winograd *step = job->step;
  const int slot = slot_bytes(job->tiles, step->depth);
  char *to = job->differences + tile * 16;
  for (int c = 0; c < step->depth; c += 4, from += 16, to += job->tiles * 16) {
    four x[16], half[20], all[5];
    load_places(&step->source, from, 4, x);
    UNROLL for (int i = 0; i < 4; i++) shared_differences(x + i, 4, half + i, 4);
    UNROLL for (int y = 0; y < 5; y++) {
      shared_differences(half + 4 * y, 1, all, 1);
      UNROLL for (int i = 0; i < 5; i++) store4(to + (5 * y + i) * slot, all[i]);
    }
  }
}

/* Stride 2: six neighbours, even and odd ones apart: of both, what the three products read. */
INLINE void parted_differences(const four *x, int step, four *out, int out_step) {
  UNROLL for (int odd = 0; odd < 2; odd++) {
    const four *at = x + odd * step;
    out[odd * out_step] = minus(at[0], at[2 * step]);
    out[(2 + odd) * out_step] = at[2 * step];
    out[(4 + odd) * out_step] = minus(at[4 * step], at[2 * step]);
  }
}

/* Stride 2: 6x6 places become 3x3 differences of four kinds; the kinds lie behind each other as the depth. */
static void gather_parted(const struct job *job, const char *from, int tile) {
  const struct winograd *step = job->step;
  const int slot = slot_bytes(job->tiles, step->depth), kind = job->tiles * step->depth;
  char *to = job->differences + tile * 16;
  for (int c = 0; c < step->depth / 4; c += 4, from += 16, to += job->tiles * 16) {
    four x[36], half[36], all[6];
    load_places(&step->source, from, 6, x);
    UNROLL for (int i = 0; i < 6; i++) parted_differences(x + i, 6, half + i, 6);
    UNROLL for (int y = 0; y < 6; y++) {
      parted_differences(half + 6 * y, 1, all, 1);
      UNROLL for (int i = 0; i < 6; i++)
        store4(to + (3 * (y / 2) + i / 2) * slot + (2 * (y % 2) + i % 2) * kind, all[i]);
    }
  }
}

static void gather(const struct job *job, int first) {
  const struct winograd *step = job->step;
  const int hop = step->grows ? 2 : 4;
  for (int tile = 0; tile < job->tiles; tile++) {
    const int y = (first + tile) / step->tiles_x, x = (first + tile) % step->tiles_x;
    const char *from = place_of(&step->source, hop * y + step->before, hop * x + step->before);
    (step->grows ? gather_grown : gather_parted)(job, from, tile);
  }
}

INLINE void some(const int tiles, const int fours, const int bytes, const struct job *job, const char *from,
                 const char *weights, char *to) {
  const int step = job->step->fours * 16;
  four sums[16];
  multiply_panel(tiles, fours, bytes, from, job->tiles * 16, job->step->depth, weights, sums);
  UNROLL for (int i = 0; i < tiles * fours; i++) store4(to + i / fours * step + i % fours * 16, sums[i]);
}

/* One product of all tiles, for eight or four channels. */
#define EVERY_TILE(name, count, bytes, most)                                                 \
  static void name(const struct job *job, const char *from, const char *weights, char *to) { \
    const int step = job->step->fours * 16;                                                  \
    int left = job->tiles;                                                                   \
    for (; left >= most; left -= most, from += most * 16, to += most * step)                 \
      some(most, count, bytes, job, from, weights, to);                                      \
    for (; left >= 4; left -= 4, from += 64, to += 4 * step)                                 \
      some(4, count, bytes, job, from, weights, to);                                         \
    for (; left > 0; left--, from += 16, to += step)                                         \
      some(1, count, bytes, job, from, weights, to);                                         \
  }
EVERY_TILE(eight_floats, 2, 4, 6)
EVERY_TILE(four_floats, 1, 4, 8)
EVERY_TILE(eight_halves, 2, 2, 6)
EVERY_TILE(four_halves, 1, 2, 8)

/* Which difference the product of this phase row (column) and point reads. */
INLINE int place_read(const struct winograd *step, int phase, int point) {
  return step->grows ? SHARED[3 * phase + point] : point;
}

static void multiply_all(const struct job *job) {
  const struct winograd *step = job->step;
  const int kinds = step->grows ? 2 : 1, across = step->grows ? 5 : 3;
  const int wide = step->fours * 16, read = slot_bytes(job->tiles, step->depth);
  const char *weights = step->weights;
  char *to = job->products;
  for (int product = 0; product < 9 * kinds * kinds; product++, to += job->tiles * wide) {
    const int phase = product / 9, point = product % 9;
    const int y = place_read(step, phase / 2, point / 3), x = place_read(step, phase % 2, point % 3);
    const char *from = job->differences + (y * across + x) * read;
    for (int v = 0; v < step->fours; v += 2) {
      const int both = step->fours - v >= 2;
      if (step->weight_bytes == 4) (both ? eight_floats : four_floats)(job, from, weights, to + 16 * v);
      else (both ? eight_halves : four_halves)(job, from, weights, to + 16 * v);
      weights += step->depth * (both ? 8 : 4) * step->weight_bytes;
    }
  }
}

/* The 2x2 places of one phase of a tile, for four channels. */
INLINE void finish_phase(const struct job *job, const char *from, char *to, int channel, int gap_y, int gap_x) {
  const struct winograd *step = job->step;
  const int slot = job->tiles * step->fours * 16;
  four half[6];
  UNROLL for (int x = 0; x < 3; x++) {
    const four middle = load4(from + (3 + x) * slot);
    half[x] = wasm_f32x4_add(load4(from + x * slot), middle);
    half[3 + x] = wasm_f32x4_add(middle, load4(from + (6 + x) * slot));
  }
  UNROLL for (int y = 0; y < 2; y++) {
    const four *row = half + 3 * y;
    store4(to + y * gap_y, finish(&step->ending, channel, wasm_f32x4_add(row[0], row[1])));
    store4(to + y * gap_y + gap_x, finish(&step->ending, channel, wasm_f32x4_add(row[1], row[2])));
  }
}

/* The curve of a tile, place by place: 2x2 of them or, transposed, 4x4. */
static void bend_tile(const struct winograd *step, int y, int x) {
  const int size = step->grows ? 4 : 2, side_by_side = step->made.place == 16 * step->fours;
  for (int i = 0; i < size; i++) {
    char *row = place_of(&step->made, size * y + i, size * x);
    if (side_by_side) bend(step->ending.activation, row, size * step->fours);
    else
      for (int k = 0; k < size; k++) bend(step->ending.activation, row + k * step->made.place, step->fours);
  }
}

static void finish_tile(const struct job *job, int tile, int y, int x) {
  const struct winograd *step = job->step;
  const int kinds = step->grows ? 2 : 1, wide = step->fours * 16;
  for (int phase = 0; phase < kinds * kinds; phase++) {
    char *to = place_of(&step->made, 2 * kinds * y + phase / 2, 2 * kinds * x + phase % 2);
    const char *from = job->products + (9 * phase * job->tiles + tile) * wide;
    for (int v = 0; v < step->fours; v++)
      finish_phase(job, from + 16 * v, to + 16 * v, 4 * v, kinds * step->made.row, kinds * step->made.place);
  }
  if (step->ending.activation != STRAIGHT) bend_tile(step, y, x);
}

/* A task is some tiles, in reading order. With a picture, it is whole rows of them. */
void winograd_task(const struct winograd *step, int task, char *scratch) {
  const int first = task * step->tiles_a_task;
  const int tiles = smaller(step->tiles_a_task, step->tiles_y * step->tiles_x - first);
  const int slots = step->grows ? 25 : 9;
  const struct job job = {step, tiles, scratch, scratch + slots * slot_bytes(step->tiles_a_task, step->depth)};
  gather(&job, first);
  multiply_all(&job);
  for (int tile = 0; tile < tiles; tile++)
    finish_tile(&job, tile, (first + tile) / step->tiles_x, (first + tile) % step->tiles_x);
  const int lines = step->grows ? 4 : 2;
  if (step->screen.picture)
    show_rows(&step->screen, &step->made, first / step->tiles_x * lines, (first + tiles) / step->tiles_x * lines);
}
