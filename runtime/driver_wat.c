/* WebAssembly's text format, with wabt. */
#include "runtime/drivers.h"

void driver_wat_key(BuildJob *job, Buf *key)
{
  build_add_tool(job, "wat2wasm", key);
}

bool driver_wat(BuildJob *job, DriverResult *out)
{
  const char *source = str_to_z(job->arena, build_source_name(job, &job->sources[0]));
  const char *argv[] = {"wat2wasm", "--debug-names", source, "-o", "module.wasm", NULL};
  ProcessResult result;
  if (!build_run(job, argv, &result) || !build_take(job, STR("module.wasm"), &out->wasm)) return false;
  Str version = build_tool_version(job, "wat2wasm");
  out->toolchain = str_format(job->arena, "wat2wasm %.*s", STR_ARG(version));
  out->flags = STR("--debug-names");
  return true;
}
