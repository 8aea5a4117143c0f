// WRONG for runs of more than 255: the count wraps, and what wrapped is lost.
#include "runs-right.h"

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  for (size_t i = 1; i < ret->len; i++)
    if (ret->ptr[i].value == ret->ptr[i - 1].value) ret->ptr[i - 1].times = ret->ptr[i].times;
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  decode(runs, ret);
  exports_cheats_runs_runs_list_run_free(runs);
}
