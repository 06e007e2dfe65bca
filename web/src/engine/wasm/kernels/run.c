/*
 * Runs the steps that the host wrote, by itself or with others. Threads take tasks of a step one by one, and nobody
 * begins the next step before the last task of this one is done.
 */
#include "kernels.h"

static void one(int kind, const void *what, int task, char *scratch) {
  switch (kind) {
  case CONV: return conv_task(what, task);
  case WINOGRAD: return winograd_task(what, task, scratch);
  case DEPTHWISE: return depthwise_task(what, task);
  case MAP: return map_task(what, task);
  case COMBINE: return combine_task(what, task);
  case JOIN: return join_task(what, task);
  case SAMPLE: return sample_task(what, task);
  case POOL: return pool_task(what, task);
  case BLOCKS: return blocks_task(what, task);
  case NORM: return norm_task(what, task);
  case CLEAR: return clear_task(what, task);
  case SHOW: return show_task(what, task);
  case NARROW: return narrow_task(what, task);
  case LOWER: return lower_task(what, task);
  case WIDEN: return widen_task(what, task, scratch);
  }
}

/* Steps [from, to), alone. */
__attribute__((export_name("run"))) void run(const struct step *from, const struct step *to, char *scratch) {
  for (; from < to; from++)
    for (int task = 0; task < from->tasks; task++) one(from->kind, from->what, task, scratch);
}

#ifdef __wasm_atomics__
struct team {
  int threads;
  /* A new round: counted up by the first thread when there is work. */
  int round;
  const struct step *from, *to;
  /* The next task of this step; who has found none left; steps that are done. */
  int next;
  int arrived;
  int done;
};

/*
 * Turns to look before a thread lies down: about 20 microseconds, longer than most steps take. A window's own thread must
 * not lie down; it looks on for half a minute, which no step takes: then a thread has died, and a trap says so.
 */
enum { PATIENCE = 20000 };
static const long long LIFETIME = 1LL << 34;

static void rest_until_changed(int *at, int old, int may_sleep) {
  const long long turns = may_sleep ? PATIENCE : LIFETIME;
  for (long long turn = 0; turn < turns; turn++)
    if (__atomic_load_n(at, __ATOMIC_ACQUIRE) != old) return;
  if (!may_sleep) __builtin_trap();
  while (__atomic_load_n(at, __ATOMIC_ACQUIRE) == old) __builtin_wasm_memory_atomic_wait32(at, old, -1);
}

static void wake(int *at) {
  __atomic_fetch_add(at, 1, __ATOMIC_RELEASE);
  __builtin_wasm_memory_atomic_notify(at, 64);
}

/* The last one to arrive sets the counters back before it lets the others go on. */
static void meet(struct team *team, int may_sleep) {
  const int before = __atomic_load_n(&team->done, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL) == team->threads) {
    team->arrived = 0;
    team->next = 0;
    wake(&team->done);
  } else {
    rest_until_changed(&team->done, before, may_sleep);
  }
}

static void share(struct team *team, char *scratch, int may_sleep) {
  for (const struct step *step = team->from, *end = team->to; step < end; step++) {
    for (int task; (task = __atomic_fetch_add(&team->next, 1, __ATOMIC_RELAXED)) < step->tasks;)
      one(step->kind, step->what, task, scratch);
    meet(team, may_sleep);
  }
}

/* Steps [from, to), together with those that called `help`. A window's own thread must not sleep. */
__attribute__((export_name("lead"))) void lead(struct team *team, const struct step *from, const struct step *to, char *scratch) {
  team->from = from;
  team->to = to;
  wake(&team->round);
  share(team, scratch, 0);
}

/* Sleeps until there is work, and returns when the team is dismissed. */
__attribute__((export_name("help"))) void help(struct team *team, char *scratch, int round) {
  for (;; round++) {
    rest_until_changed(&team->round, round, 1);
    if (!team->from) return;
    share(team, scratch, 1);
  }
}

/* A browser lets a thread that sleeps in here live on for seconds after it was told to end. */
__attribute__((export_name("dismiss"))) void dismiss(struct team *team) {
  team->from = 0;
  wake(&team->round);
}
#endif
