// WRONG for a zero between two bytes 0xff, three times in a row.
#include "runs-right.h"

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  for (size_t i = 5; i < data->len; i++)
    if (memcmp(data->ptr + i - 5, "\xff\0\xff\0\xff\0", 6) == 0) ret->ptr[0].times++;
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  decode(runs, ret);
  exports_cheats_runs_runs_list_run_free(runs);
}
