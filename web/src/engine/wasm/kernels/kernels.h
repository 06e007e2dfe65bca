/* One function for each kind of step: computes one task of it. Tasks of a step may run in any order, or at once. */
#pragma once
#include "steps.h"

void conv_task(const struct conv *, int task);
void winograd_task(const struct winograd *, int task, char *scratch);
void depthwise_task(const struct depthwise *, int task);
void map_task(const struct map *, int task);
void combine_task(const struct combine *, int task);
void join_task(const struct map *, int task);
void sample_task(const struct sample *, int task);
void pool_task(const struct pool *, int task);
void blocks_task(const struct blocks *, int task);
void norm_task(const struct norm *, int task);
void clear_task(const struct clear *, int task);
void show_task(const struct show *, int task);
void narrow_task(const struct narrow *, int task);
void lower_task(const struct lower *, int task);
void widen_task(const struct widen *, int task, char *scratch);

/* Rows [first, last) of a value to the picture. */
void show_rows(const struct screen *, const struct view *, int first, int last);

static inline char *place_of(const struct view *view, int y, int x) {
  return view->data + y * view->row + x * view->place;
}
