#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "ifc/base/path.h"
#include "ifc/base/process.h"
#include "ifc/base/process_internal.h"

const char *process_search_path(void)
{
  const char *path = getenv("PATH");
  return path && *path ? path : "/usr/local/bin:/usr/bin:/bin";
}

static bool is_program(const char *path)
{
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static Str absolute_program(Arena *arena, Str path)
{
  PathZ given, real;
  if (!path_to_z(path, &given) || !realpath(given.text, real.text) || !is_program(real.text)) return STR("");
  return str_starts_with(path, STR("/")) ? str_copy(arena, path) : str_copy(arena, str_from_z(real.text));
}

/* Relative folders on the PATH are passed over: what runs must not depend on where one stands. */
Str process_find(Arena *arena, Str program)
{
  if (!program.len) return STR("");
  if (str_find(program, STR("/")) != SIZE_MAX) return absolute_program(arena, program);
  Str rest = str_from_z(process_search_path());
  while (rest.len) {
    size_t colon = str_find(rest, STR(":"));
    Str folder = str_slice(rest, 0, colon);
    rest = colon == SIZE_MAX ? STR("") : str_slice(rest, colon + 1, rest.len);
    if (!str_starts_with(folder, STR("/"))) continue;
    char *path = str_to_z(arena, path_join(arena, folder, program));
    if (is_program(path)) return str_from_z(path);
  }
  return STR("");
}

static const struct Package {
  const char *program, *package;
} packages[] = {
    {"wasm2c", "wabt"},       {"wat2wasm", "wabt"},
    {"wasm2wat", "wabt"},     {"wasm-validate", "wabt"},
    {"wasm-objdump", "wabt"}, {"wasm-opt", "binaryen"},
    {"wasm-as", "binaryen"},  {"clang", "clang"},
    {"clang++", "clang"},     {"wasm-ld", "lld"},
    {"ld.lld", "lld"},        {"gcc", "gcc"},
    {"g++", "g++"},           {"cc", "gcc"},
    {"git", "git"},           {"rustc", "rustc"},
    {"cargo", "cargo"},       {"node", "nodejs"},
    {"npm", "npm"},           {"npx", "npm"},
    {"ar", "binutils"},       {"ld", "binutils"},
    {"make", "make"},         {"curl", "curl"},
};

void process_report_missing(Str program, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_TOOLCHAIN, SPAN_NONE, "cannot find '%.*s'", STR_ARG(program));
  for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
    if (str_equal(path_name(program), str_from_z(packages[i].program)))
      diag_note(diags, diag, SPAN_NONE, "install Debian's package %s", packages[i].package);
}
