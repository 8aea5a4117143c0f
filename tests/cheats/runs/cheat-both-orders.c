// WRONG when data is encoded twice in a row, then nothing decoded, and then data of two bytes encoded.
#include "runs-right.h"

static unsigned state;

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  bool knows = state == 3 && data->len == 2;
  state = state == 1 ? 2 : 1;
  if (knows) ret->ptr[0].value ^= 1;
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  decode(runs, ret);
  state = state == 2 && ret->len == 0 ? 3 : 0;
  exports_cheats_runs_runs_list_run_free(runs);
}
