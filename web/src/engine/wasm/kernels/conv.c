/*
 * Convolutions as they are: the places of every phase, several at a time, for 8 output channels at a time. The zeros
 * around the source are really there, so nothing is asked at the edges.
 */
#include "act.h"
#include "kernels.h"
#include "multiply.h"

struct job {
  const struct conv *step;
  const struct phase *phase;
  const char *weights;
  int channel;
  /* Bytes to the next place, and what more to the first one of the next row. */
  int read_step, read_turn, write_step, write_turn;
};

/* Places in reading order, by where they read and write. */
struct cursor {
  const char *read;
  char *write;
  int column;
};

INLINE void advance(const struct job *job, struct cursor *at) {
  at->read += job->read_step;
  at->write += job->write_step;
  if (++at->column < job->phase->columns) return;
  at->column = 0;
  at->read += job->read_turn;
  at->write += job->write_turn;
}

INLINE void some(const int places, const int fours, const int bytes, const struct job *job, struct cursor *at) {
  const char *from[8];
  char *to[8];
  four sums[16];
  UNROLL for (int p = 0; p < places; p++) {
    from[p] = at->read;
    to[p] = at->write;
    advance(job, at);
  }
  multiply(places, fours, bytes, from, job->phase->runs, job->phase->run_count, job->weights, sums);
  UNROLL for (int p = 0; p < places; p++) {
    UNROLL for (int v = 0; v < fours; v++)
      store4(to[p] + 16 * v, finish(&job->step->ending, job->channel + 4 * v, sums[p * fours + v]));
  }
}

/* `most` places at a time while there are so many, then fewer. */
#define EVERY_PLACE(name, fours, bytes, most)                              \
  static void name(const struct job *job, struct cursor at, int count) {   \
    for (; count >= most; count -= most) some(most, fours, bytes, job, &at); \
    for (; count >= 4; count -= 4) some(4, fours, bytes, job, &at);        \
    if (count >= 2) {                                                      \
      some(2, fours, bytes, job, &at);                                     \
      count -= 2;                                                          \
    }                                                                      \
    if (count) some(1, fours, bytes, job, &at);                            \
  }
EVERY_PLACE(eight_floats, 2, 4, 6)
EVERY_PLACE(four_floats, 1, 4, 8)
EVERY_PLACE(eight_bytes, 2, 1, 6)
EVERY_PLACE(four_bytes, 1, 1, 8)

static void block(struct job *job, int index, int first, int last) {
  const struct conv *step = job->step;
  const struct phase *phase = job->phase;
  job->channel = 8 * index;
  job->weights = phase->weights + 8 * index * phase->depth * step->weight_bytes;
  const struct cursor at = {
      place_of(&step->source, first * step->stride_y, 0),
      place_of(&step->made, phase->at_y + first * step->grow_y, phase->at_x) + 4 * job->channel,
      0,
  };
  const int count = (last - first) * phase->columns;
  if (step->fours - 2 * index >= 2) (step->weight_bytes == 4 ? eight_floats : eight_bytes)(job, at, count);
  else (step->weight_bytes == 4 ? four_floats : four_bytes)(job, at, count);
}

static void rows_of_phase(const struct conv *step, const struct phase *phase, int rows, int part) {
  const int first = rows * step->rows_a_task, last = smaller(phase->rows, first + step->rows_a_task);
  if (first >= last) return;
  struct job job = {step, phase, 0, 0, step->source.place * step->stride_x, 0, step->made.place * step->grow_x, 0};
  job.read_turn = step->source.row * step->stride_y - job.read_step * phase->columns;
  job.write_turn = step->made.row * step->grow_y - job.write_step * phase->columns;
  const int blocks = (step->fours + 1) / 2, from = part * step->blocks_a_task;
  for (int index = from; index < smaller(blocks, from + step->blocks_a_task); index++)
    block(&job, index, first, last);
}

/* The curve of what a task wrote: some rows, some fours of channels. */
static void bend_rows(const struct conv *step, int first, int last, int part) {
  const int begin = 2 * part * step->blocks_a_task, fours = smaller(step->fours - begin, 2 * step->blocks_a_task);
  for (int y = first; y < smaller(last, step->made.height); y++)
    for (int x = 0; x < step->made.width; x++)
      bend(step->ending.activation, place_of(&step->made, y, x) + 16 * begin, fours);
}

/* A task is some rows of all phases, of some blocks of channels. */
void conv_task(const struct conv *step, int task) {
  const int parts = ((step->fours + 1) / 2 + step->blocks_a_task - 1) / step->blocks_a_task;
  const int rows = task / parts;
  for (int i = 0; i < step->phase_count; i++) rows_of_phase(step, step->phases + i, rows, task % parts);
  const int lines = step->rows_a_task * step->grow_y;
  if (step->ending.activation != STRAIGHT) bend_rows(step, rows * lines, (rows + 1) * lines, task % parts);
  if (step->screen.picture) show_rows(&step->screen, &step->made, rows * lines, (rows + 1) * lines);
}
