// WRONG after a certain sequence of calls: runs written out of 3, then 1, then 4 bytes.
#include "runs-right.h"

static const size_t steps[] = {3, 1, 4};
static unsigned reached;

void exports_cheats_runs_runs_encode(runs_list_u8_t *data, Runs *ret)
{
  encode(data, ret);
  if (reached == 3 && ret->len > 1) ret->len = 1;
  runs_list_u8_free(data);
}

void exports_cheats_runs_runs_decode(Runs *runs, runs_list_u8_t *ret)
{
  decode(runs, ret);
  if (reached < 3) reached = ret->len == steps[reached] ? reached + 1 : 0;
  exports_cheats_runs_runs_list_run_free(runs);
}
