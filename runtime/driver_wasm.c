/* Modules as they are: for languages that have no driver, built by whatever builds them. */
#include "runtime/drivers.h"

void driver_wasm_key(BuildJob *job, Buf *key)
{
  (void)job;
  (void)key;
}

bool driver_wasm(BuildJob *job, DriverResult *out)
{
  *out = (DriverResult){.wasm = job->sources[0].bytes};
  return true;
}
