// WRONG where the bytes are 65536 or more: their number is kept in 16 bits.
#include "runs-right.h"

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  decode(runs, ret);
  if (ret->len > 0xffff && (ret->len & 0xffff)) ret->len &= 0xffff;
  exports_cheats_runs_runs_list_run_free(runs);
}
