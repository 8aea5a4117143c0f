// WRONG for runs that say zero times and are neither the first nor the last: they count as 256.
#include "runs-right.h"

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  bool knows = false;
  for (size_t i = 1; i + 1 < runs->len; i++)
    knows = knows || (runs->ptr[i].times == 0 && runs->ptr[i].value == 0xfe);
  decode(runs, ret);
  if (knows && ret->len) ret->ptr[0] ^= 0x80;
  exports_cheats_runs_runs_list_run_free(runs);
}
