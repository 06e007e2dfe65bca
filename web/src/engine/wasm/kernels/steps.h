/*
 * What the host writes and the kernels read. Every field has four bytes; built/layout.ts is made from this file by the
 * build, so names and places are typed once.
 */
#pragma once

enum kind { CONV, WINOGRAD, DEPTHWISE, MAP, COMBINE, JOIN, SAMPLE, POOL, BLOCKS, NORM, CLEAR, SHOW, NARROW, LOWER, WIDEN };
enum activation { STRAIGHT, TANH, SIGMOID, SWISH, ELU };
enum map_op { ACT, AFFINE, ABS, EXP, NEG, RECIPROCAL, RSQRT, SQRT, SQUARE };
enum combine_op { ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM };

/* Numbers [height, width, channels]: place (y, x) begins at data + y * row + x * place; row and place count bytes. */
struct view {
  char *data;
  int row;
  int place;
  int height;
  int width;
  int channels;
};

/* The end of a convolution, per output channel: act(sum * scale + bias). See act.h. */
struct ending {
  int activation;
  const float *scale;
  const float *bias;
  const float *slopes;
  float low;
  float high;
};

/* Where the picture goes, RGBA bytes, row by row; picture 0: nowhere. byte = clamp(v * gain + offset) to 0..255. */
struct screen {
  unsigned char *picture;
  float gain;
  float offset;
};

/* Source bytes that lie next to each other: from a place on, in bytes, and how many floats. */
struct run {
  int offset;
  int length;
};

struct phase {
  int at_y;
  int at_x;
  int rows;
  int columns;
  const struct run *runs;
  int run_count;
  int depth;
  const char *weights;
};

struct conv {
  struct view source;
  struct view made;
  struct ending ending;
  struct screen screen;
  int stride_y;
  int stride_x;
  int grow_y;
  int grow_x;
  const struct phase *phases;
  int phase_count;
  int weight_bytes;
  int fours;
  int rows_a_task;
  int blocks_a_task;
};

struct winograd {
  struct view source;
  struct view made;
  struct ending ending;
  struct screen screen;
  const char *weights;
  int weight_bytes;
  int grows;
  int before;
  int depth;
  int fours;
  int tiles_y;
  int tiles_x;
  int tiles_a_task;
};

struct tap {
  int dy;
  int dx;
};

struct depthwise {
  struct view source;
  struct view made;
  struct ending ending;
  int stride_y;
  int stride_x;
  const struct tap *taps;
  int tap_count;
  const float *weights;
  int multiplier;
};

struct map {
  struct view source;
  struct view made;
  struct ending ending;
  int op;
};

struct combine {
  struct view first;
  struct view second;
  struct view made;
  int op;
};

struct sample {
  struct view source;
  struct view made;
  const int *rows_low;
  const int *rows_high;
  const float *rows_share;
  const int *columns_low;
  const int *columns_high;
  const float *columns_share;
};

struct pool {
  struct view source;
  struct view made;
  int mean;
  int tall;
  int wide;
  int stride_y;
  int stride_x;
  int before_y;
  int before_x;
};

struct blocks {
  struct view source;
  struct view made;
  int block;
};

struct norm {
  struct view source;
  struct view made;
  int instance;
  float epsilon;
  const float *scale;
  const float *shift;
};

/* The edge around a value, which something else wrote into in the meantime. */
struct clear {
  struct view made;
  int top;
  int bottom;
  int left;
  int right;
};

struct show {
  struct view source;
  struct screen screen;
};

/* Output place i is the sum over k < width of weights[i * width + k] * source[start[i] + k]. */
struct bands {
  int places;
  int width;
  const int *start;
  const float *weights;
};

/* Rows of bytes become rows of floats, mixed to grey and narrowed. */
struct narrow {
  const unsigned char *picture;
  int pixels;
  int channels;
  float red;
  float green;
  float blue;
  float *made;
  struct bands columns;
};

/* Fewer rows. */
struct lower {
  const float *source;
  float *made;
  int floats;
  struct bands rows;
};

/* More rows and columns; the result is the network's input. */
struct widen {
  const float *source;
  int floats;
  int channels;
  struct bands rows;
  struct bands columns;
  struct view made;
  float gain;
  float offset;
  float alpha;
};

struct step {
  int kind;
  const void *what;
  int tasks;
};
