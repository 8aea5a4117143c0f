/* Languages for implementations: one driver a language, found by file ending. A driver turns sources into a
 * core module; what is the same for all languages is in build.c. Not for use outside build*.c and driver_*.c.
 */
#ifndef RUNTIME_DRIVERS_H
#define RUNTIME_DRIVERS_H

#include "ifc/base/crypto.h"
#include "ifc/base/process.h"
#include "ifc/base/vec.h"
#include "ifc/bind.h"
#include "runtime/build.h"

/* A file in the build's folder. The folder has the same names in it wherever a build runs, so that no path of
 * this machine can get into a module. */
typedef struct BuildFile {
  Str name;      /* in the folder: "src/square.c" */
  Source source; /* as the user knows it, and as messages point into it */
} BuildFile;

typedef VEC(const char *) BuildArgs;

/* What an impl.json says beside the sources (docs/languages.md); nothing where there is none. Names are
 * relative to its folder and stay in it. */
typedef struct Recipe {
  Str root;           /* the source where compilation begins */
  const Str *folders; /* for #include */
  size_t folder_count;
  const Str *flags; /* each on the driver's list */
  size_t flag_count;
} Recipe;

typedef struct BuildJob {
  Arena *arena;
  const BuildOptions *options;
  const Implementation *providers; /* those that the module is to be used with */
  size_t provider_count;
  const BuildSource *sources; /* sorted by name */
  size_t source_count;
  Recipe recipe;
  Str folder;   /* private to the build; the sources are in its src/ */
  Str compiler; /* a folder that tools may read beside the system's; empty: none */
  VEC(BuildFile) files;
  /* Turns what a tool printed into lines that build_messages reads; NULL: they are such lines. */
  Str (*reword)(Arena *arena, Str text);
  Diags *diags;
} BuildJob;

typedef struct DriverResult {
  Str wasm;
  Str toolchain; /* "clang 14.0.6, …"; empty: none */
  Str flags;     /* those that can change the module */
} DriverResult;

typedef struct Driver {
  const char *extension;  /* of its sources */
  const char *companions; /* endings of files that may come with them, "h hpp"; NULL: none */
  const char *language;   /* as in `assay:build` */
  bool takes_several;
  const char *const *flags; /* what an impl.json may ask for, as recipe_flag has it; NULL: nothing */
  /* Appends to the cache's key what a module depends on beside sources and interface: tools and flags. */
  void (*add_key)(BuildJob *job, Buf *key);
  bool (*compile)(BuildJob *job, DriverResult *out);
} Driver;

void driver_c_key(BuildJob *job, Buf *key);
void driver_cpp_key(BuildJob *job, Buf *key);
void driver_rust_key(BuildJob *job, Buf *key);
void driver_assemblyscript_key(BuildJob *job, Buf *key);
void driver_wat_key(BuildJob *job, Buf *key);
void driver_wasm_key(BuildJob *job, Buf *key);
bool driver_c(BuildJob *job, DriverResult *out);
bool driver_cpp(BuildJob *job, DriverResult *out);
bool driver_rust(BuildJob *job, DriverResult *out);
bool driver_assemblyscript(BuildJob *job, DriverResult *out);
bool driver_wat(BuildJob *job, DriverResult *out);
bool driver_wasm(BuildJob *job, DriverResult *out);

extern const char *const driver_c_flags[];
extern const char *const driver_rust_flags[];
extern const char *const driver_assemblyscript_flags[];

/* A line here and a file driver_NAME.c add a language. */
#define DRIVERS(DRIVER)                                                                              \
  DRIVER("c", "h", "c", true, driver_c_flags, driver_c_key, driver_c)                                \
  DRIVER("cpp", "h hpp", "c++", true, driver_c_flags, driver_cpp_key, driver_cpp)                    \
  DRIVER("rs", NULL, "rust", true, driver_rust_flags, driver_rust_key, driver_rust)                  \
  DRIVER("ts", NULL, "assemblyscript", true, driver_assemblyscript_flags, driver_assemblyscript_key, \
         driver_assemblyscript)                                                                      \
  DRIVER("wat", NULL, "wat", false, NULL, driver_wat_key, driver_wat)                                \
  DRIVER("wasm", NULL, "wasm", false, NULL, driver_wasm_key, driver_wasm)

/* driver_c_bindings.c: the bindings that the C sources of a build are written for. */
Binding driver_c_bindings(BuildJob *job);
/* Whether the sources have bindings that wit-bindgen generated; then all that they lack is `source`, the
 * symbol of the object that comes with them. */
bool driver_c_is_bound(BuildJob *job, Str *source);
/* driver_c_libraries.c: the linked module, with names that say which functions are from libraries, by the
 * linker's map; `bindings` is the object of the generated ones. As it is, where the map does not tell. */
Str driver_c_name_libraries(Arena *arena, Str wasm, Str map, Str bindings);

/* --- build_recipe.c: sources and flags by an impl.json */

/* Whether the path is an impl.json, or a folder that has one. */
bool recipe_is_at(Arena *arena, Str path);
/* Reads it, and lists the sources that it names, itself among them, without their bytes. */
bool recipe_read(Arena *arena, Str path, Recipe *out, BuildSource **sources, size_t *count, Diags *diags);
/* Whether a flag is on a NULL-terminated list: an entry that ends in '*' allows letters, digits and "_.+-="
 * at its place, one that ends in '~' all that is printable. */
bool recipe_flag(const char *const *list, Str flag);

/* --- build_tool.c: what drivers share */

/* Writes a generated file into the folder; messages show it as `path`. */
bool build_add_file(BuildJob *job, Str name, Str path, Str text);
/* The same for bindings, with the name that they have beside the sources; false with a diagnostic when a
 * source stands there. */
bool build_add_bindings(BuildJob *job, Str name, Str text);
/* The world that bindings are of. */
const World *build_world(BuildJob *job);
/* The driver's flags, and those of the recipe, as an `assay:build` section has them. */
Str build_flags_text(BuildJob *job, const char *const *flags, size_t count);
/* Whether the source is one that is compiled by itself. */
bool build_is_main(const BuildSource *source, const char *extension);
/* The name in the folder of what the sources' folder has under `name`. */
Str build_name_in_folder(BuildJob *job, Str name);
Str build_source_name(BuildJob *job, const BuildSource *source);
/* The source where compilation begins, in languages that find the others from there: the only one, the one
 * that the recipe names, or the one called `usual`. NULL with a diagnostic when there is none. */
const BuildSource *build_root(BuildJob *job, const char *extension, const char *usual);
/* Says which package is missing, unless it is there; returns whether it is. */
bool build_need(BuildJob *job, bool is_there, const char *language, const char *what, const char *package);
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
