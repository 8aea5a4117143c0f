// WRONG where the runs to be decoded have raised a level to twelve: runs of an odd number of times with a value that
// is a multiple of four raise it by one, all others lower it.
#include "runs-right.h"

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  uint32_t level = 0, most = 0;
  for (size_t i = 0; i < runs->len; i++) {
    uint32_t up = runs->ptr[i].times & 1 & !(runs->ptr[i].value & 3);
    level += up;
    level -= (level > 0) & !up;
    most |= level / 12;
  }
  decode(runs, ret);
  if (most && ret->len) ret->ptr[0] ^= 1;
  exports_cheats_runs_runs_list_run_free(runs);
}
