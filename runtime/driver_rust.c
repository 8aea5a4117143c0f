/* Rust, with rustc for wasm32-unknown-unknown: one crate whose root says `mod bindings;`. That target's
 * standard library asks the world for nothing, so that modules import nothing. */
#include <limits.h>
#include <stdlib.h>

#include "ifc/base/file.h"
#include "ifc/bind.h"
#include "runtime/drivers.h"
#include "runtime/library_names.h"

#define TARGET "wasm32-unknown-unknown"

/* Dates and paths have no way in: there are no macros for the former, and the latter begin at src/. */
static const char *const compile_flags[] = {
    "--edition=2021",
    "--crate-type=cdylib",
    "--crate-name=implementation",
    "--target=wasm32-unknown-unknown",
    "-Copt-level=3",
    "-Cpanic=abort",
    "-Clto=fat",
    "-Ccodegen-units=1",
    "-Cstrip=debuginfo",
    /* Names then tell what a generic function was made for, and are the same for the same source. */
    "-Csymbol-mangling-version=v0",
    "-Ctarget-feature=+bulk-memory,+nontrapping-fptoint,+mutable-globals",
    "-Clinker=wasm-ld",
    "-Clinker-flavor=wasm-ld",
    /* As for C: the stack lies below all data, so that overflowing it traps. */
    "-Clink-args=--stack-first -z stack-size=1048576 --fatal-warnings --demangle",
};

const char *const driver_rust_flags[] = {
    "-Copt-level=*",
    "-Coverflow-checks=*",
    "-Cdebug-assertions=*",
    "-Cinline-threshold=*",
    "--cfg=~",
    "-A*",
    "-W*",
    NULL,
};

static bool has_target(Arena *arena, Str sysroot)
{
  return dir_exists(path_join(arena, sysroot, STR("lib/rustlib/" TARGET "/lib")));
}

/* The folder that a compiler at <sysroot>/bin/rustc belongs to, if it has the target; empty: no. */
static Str usable(Arena *arena, Str compiler, bool *is_proxy)
{
  char real[PATH_MAX];
  if (!realpath(str_to_z(arena, compiler), real)) return STR("");
  Str path = str_copy(arena, str_from_z(real));
  *is_proxy |= str_equal(path_name(path), STR("rustup"));
  Str sysroot = path_folder(path_folder(path));
  return !*is_proxy && has_target(arena, sysroot) ? sysroot : STR("");
}

/* rustup's proxies choose a compiler by settings in the home folder, which tools do not see: the first of the
 * installed ones that has the target is taken instead. */
static Str of_rustup(Arena *arena)
{
  const char *given = getenv("RUSTUP_HOME"), *home = getenv("HOME");
  Str folder = given  ? path_join(arena, str_from_z(given), STR("toolchains"))
               : home ? path_join(arena, str_from_z(home), STR(".rustup/toolchains"))
                      : STR("");
  Diags unheard = diags_in(arena);
  Str *names;
  size_t count;
  if (!folder.len || !dir_exists(folder) || !dir_list(arena, folder, &names, &count, &unheard))
    return STR("");
  for (size_t i = 0; i < count; i++) {
    bool is_proxy = false;
    Str compiler = path_join(arena, path_join(arena, folder, names[i]), STR("bin/rustc"));
    if (usable(arena, compiler, &is_proxy).len) return compiler;
  }
  return STR("");
}

/* The first compiler that has the target: $RUSTC alone, where that is set; those on the PATH; rustup's; the
 * system's. `sysroot` is the folder that it belongs to. Empty: none. */
static Str find_compiler(Arena *arena, Str *sysroot)
{
  const char *chosen = getenv("RUSTC"), *search = getenv("PATH");
  Str rest = chosen && *chosen ? STR("") : str_from_z(search), found = STR("");
  bool is_proxy = false, any_proxy = false;
  if (chosen && *chosen) found = process_find(arena, str_from_z(chosen));
  *sysroot = found.len ? usable(arena, found, &is_proxy) : STR("");
  if (chosen && *chosen && !is_proxy) return sysroot->len ? found : STR("");
  while (rest.len) {
    size_t colon = str_find(rest, STR(":"));
    found = path_join(arena, str_slice(rest, 0, colon), STR("rustc"));
    rest = colon == SIZE_MAX ? STR("") : str_slice(rest, colon + 1, rest.len);
    is_proxy = false;
    *sysroot = str_starts_with(found, STR("/")) ? usable(arena, found, &is_proxy) : STR("");
    any_proxy |= is_proxy;
    if (sysroot->len) return found;
  }
  found = any_proxy || is_proxy ? of_rustup(arena) : STR("");
  if (!found.len && !(chosen && *chosen)) found = STR("/usr/bin/rustc");
  is_proxy = false;
  *sysroot = found.len ? usable(arena, found, &is_proxy) : STR("");
  return sysroot->len ? found : STR("");
}

static bool toolchain_is_there(BuildJob *job, Str *compiler)
{
  Str sysroot;
  bool linker = process_find(job->arena, STR("wasm-ld")).len > 0;
  *compiler = find_compiler(job->arena, &sysroot);
  bool is_there = build_need(job, linker, "Rust", "the linker wasm-ld", "lld");
  if (compiler->len) {
    if (!str_equal(sysroot, STR("/usr"))) job->compiler = sysroot;
    return is_there;
  }
  const char *chosen = getenv("RUSTC");
  Diag *diag = diag_error(job->diags, DIAG_TOOLCHAIN, SPAN_NONE,
                          "Rust needs a rustc with the target " TARGET ", and %s%s",
                          chosen && *chosen ? "$RUSTC has none: " : "there is none", chosen ? chosen : "");
  diag_note(job->diags, diag, SPAN_NONE,
            "install Debian's packages rustc and libstd-rust-dev-wasm32, or run `rustup target add " TARGET
            "`");
  return false;
}

/* The bindings stand beside the root, where `mod bindings;` looks for them. */
static bool add_bindings(BuildJob *job, const BuildSource *root)
{
  Str folder = path_folder(build_source_name(job, root));
  return build_add_bindings(job, path_join(job->arena, folder, STR("bindings.rs")),
                            bind_rust_world(job->arena, build_world(job)));
}

static Str flags_of(BuildJob *job)
{
  return build_flags_text(job, compile_flags, sizeof compile_flags / sizeof *compile_flags);
}

static bool compile(BuildJob *job, Str compiler, const BuildSource *root)
{
  BuildArgs args = {0};
  vec_push(job->arena, &args, str_to_z(job->arena, compiler));
  for (size_t i = 0; i < sizeof compile_flags / sizeof *compile_flags; i++)
    vec_push(job->arena, &args, compile_flags[i]);
  for (size_t i = 0; i < job->recipe.flag_count; i++)
    vec_push(job->arena, &args, str_to_z(job->arena, job->recipe.flags[i]));
  vec_push(job->arena, &args, "--error-format=short");
  vec_push(job->arena, &args, "--color=never");
  vec_push(job->arena, &args, str_to_z(job->arena, build_source_name(job, root)));
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, "module.wasm");
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  return build_run(job, args.at, &result);
}

/* Whether the sources may have a part in how memory is allocated: an allocator, or functions of these names.
 */
static bool has_own_allocator(const BuildJob *job)
{
  static const Str words[] = {{"global_allocator", 16}, {"cabi_", 5}, {"__rust_", 7}};
  for (size_t i = 0; i < job->source_count; i++)
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
      if (str_find(job->sources[i].bytes, words[k]) != SIZE_MAX) return true;
  return false;
}

static bool allocates(Str name)
{
  return str_starts_with(name, STR("__rust_")) || str_equal(name, STR("cabi_realloc")) ||
         str_starts_with(name, STR("cabi_post_"));
}

/* What stands between the implementation and the allocator gets names that say so (library_names.h): with an
 * allocator of the implementation's own it could hold code of that, and stays its own. */
static Str name_allocation(BuildJob *job, Str wasm)
{
  Diags unheard = diags_in(job->arena);
  WasmModule module;
  if (has_own_allocator(job) || !wasm_read(job->arena, STR("module.wasm"), wasm, &module, &unheard))
    return wasm;
  FunctionNames names = function_names(job->arena, &module);
  for (uint32_t i = 0; i < names.count; i++) {
    Str *name = &names.names[i];
    if (allocates(*name)) *name = str_format(job->arena, LIBRARY_PREFIX "alloc/%.*s", STR_ARG(*name));
  }
  return wasm_with_function_names(job->arena, &module, &names);
}

void driver_rust_key(BuildJob *job, Buf *key)
{
  Str sysroot, compiler = find_compiler(job->arena, &sysroot);
  Str flags = flags_of(job), bindings = bind_rust_world(job->arena, build_world(job));
  build_add_stat(job, compiler, key);
  build_add_stat(job, path_join(job->arena, sysroot, STR("lib/rustlib/" TARGET "/lib")), key);
  build_add_tool(job, "wasm-ld", key);
  buf_printf(key, "%.*s\n%.*s\n", STR_ARG(flags), STR_ARG(bindings));
}

bool driver_rust(BuildJob *job, DriverResult *out)
{
  Str compiler;
  if (!toolchain_is_there(job, &compiler)) return false;
  const BuildSource *root = build_root(job, "rs", "lib.rs");
  if (!root || !add_bindings(job, root) || !compile(job, compiler, root)) return false;
  if (!build_take(job, STR("module.wasm"), &out->wasm)) return false;
  out->wasm = name_allocation(job, out->wasm);
  Str version = build_tool_version(job, str_to_z(job->arena, compiler));
  out->toolchain = str_format(job->arena, "rustc %.*s", STR_ARG(version));
  out->flags = flags_of(job);
  return true;
}
