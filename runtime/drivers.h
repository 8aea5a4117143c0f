/* Languages for implementations: one driver a language, found by file ending. A driver turns sources into a
 * core module; what is the same for all languages is in build.c. Not for use outside build*.c and driver_*.c.
 */
#ifndef RUNTIME_DRIVERS_H
#define RUNTIME_DRIVERS_H

#include "ifc/base/crypto.h"
#include "ifc/base/process.h"
#include "ifc/base/vec.h"
#include "runtime/build.h"

/* A file in the build's folder. The folder has the same names in it wherever a build runs, so that no path of
 * this machine can get into a module. */
typedef struct BuildFile {
  Str name;      /* in the folder: "src/square.c" */
  Source source; /* as the user knows it, and as messages point into it */
} BuildFile;

typedef struct BuildJob {
  Arena *arena;
  const BuildOptions *options;
  const BuildSource *sources; /* sorted by name */
  size_t source_count;
  Str folder; /* private to the build; the sources are in its src/ */
  VEC(BuildFile) files;
  Diags *diags;
} BuildJob;

typedef struct DriverResult {
  Str wasm;
  Str toolchain; /* "clang 14.0.6, …"; empty: none */
  Str flags;     /* those that can change the module */
} DriverResult;

typedef struct Driver {
  const char *extension; /* of its sources */
  const char *companion; /* of files that may come with them; NULL: none */
  const char *language;  /* as in `assay:build` */
  bool takes_several;
  /* Appends to the cache's key what a module depends on beside sources and interface: tools and flags. */
  void (*add_key)(BuildJob *job, Buf *key);
  bool (*compile)(BuildJob *job, DriverResult *out);
} Driver;

void driver_c_key(BuildJob *job, Buf *key);
void driver_wat_key(BuildJob *job, Buf *key);
void driver_wasm_key(BuildJob *job, Buf *key);
bool driver_c(BuildJob *job, DriverResult *out);
bool driver_wat(BuildJob *job, DriverResult *out);
bool driver_wasm(BuildJob *job, DriverResult *out);

/* A line here and a file driver_NAME.c add a language. */
#define DRIVERS                                                                                             \
  {                                                                                                         \
    {"c", "h", "c", true, driver_c_key, driver_c}, {"wat", NULL, "wat", false, driver_wat_key, driver_wat}, \
    {                                                                                                       \
      "wasm", NULL, "wasm", false, driver_wasm_key, driver_wasm                                             \
    }                                                                                                       \
  }

/* --- build_tool.c: what drivers share */

/* Writes a generated file into the folder; messages show it as `path`. */
bool build_add_file(BuildJob *job, Str name, Str path, Str text);
/* Whether the source is one that is compiled by itself. */
bool build_is_main(const BuildSource *source, const char *extension);
/* The name in the folder of a source. */
Str build_source_name(BuildJob *job, const BuildSource *source);
/* Runs a tool on the folder, in a compile worker. False with diagnostics when it could not be started, or
 * failed: then in its own words, with the places in the user's files. Warnings are passed on either way. */
bool build_run(BuildJob *job, const char *const *argv, ProcessResult *out);
/* The first version number in what `tool --version` prints, "14.0.6"; "?" where there is none. */
Str build_tool_version(BuildJob *job, const char *tool);
Str build_version_in(Str text);
/* The tool's output file; false with a diagnostic when it is missing or too large. */
bool build_take(BuildJob *job, Str name, Str *out);
/* build_messages.c: turns what a tool printed into diagnostics; returns how many errors there were. */
size_t build_messages(BuildJob *job, Str tool, Str text);

/* --- build_cache.c: modules by the hash of all that made them */

bool build_cache_find(Arena *arena, Hash key, Str *wasm);
void build_cache_put(Arena *arena, Hash key, Str wasm);
/* Appends a tool's path, size and time of change to a key: enough to notice an upgrade without running it. */
void build_add_tool(BuildJob *job, const char *tool, Buf *key);
void build_add_stat(BuildJob *job, Str path, Buf *key);

#endif
