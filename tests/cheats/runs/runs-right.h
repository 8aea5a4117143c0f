/* The right answers. */
#include "runs.h"

typedef exports_cheats_runs_runs_list_run_t Runs;
typedef exports_cheats_runs_runs_run_t Run;

static void *room(size_t size)
{
  void *at = malloc(size + !size);
  if (!at) abort();
  return at;
}

static inline void encode(runs_list_u8_t *data, Runs *ret)
{
  Run *out = room(data->len * sizeof *out);
  size_t count = 0;
  for (size_t i = 0; i < data->len; i++) {
    bool goes_on = count && out[count - 1].value == data->ptr[i] && out[count - 1].times < 255;
    if (!goes_on) out[count++] = (Run){data->ptr[i], 0};
    out[count - 1].times++;
  }
  if (!count) free(out);
  *ret = (Runs){out, count};
}

static inline void decode(Runs *runs, runs_list_u8_t *ret)
{
  size_t size = 0, at = 0;
  for (size_t i = 0; i < runs->len; i++) size += runs->ptr[i].times;
  *ret = (runs_list_u8_t){room(size), size};
  for (size_t i = 0; i < runs->len; at += runs->ptr[i++].times)
    memset(ret->ptr + at, runs->ptr[i].value, runs->ptr[i].times);
  if (!size) free(ret->ptr);
}
