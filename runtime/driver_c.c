/* C, with clang for wasm32 and wasi-libc: each source and the bindings compiled, then linked as a reactor (a
 * library without `main`). */
#include "ifc/base/crypto.h"
#include "ifc/base/file.h"
#include "ifc/bind.h"
#include "runtime/drivers.h"

/* Bulk memory makes memcpy one instruction; the rest is what every engine has had since 2020. Dates would
 * make two builds differ. */
static const char *const compile_flags[] = {
    "--target=wasm32-wasi",
    "-std=gnu17",
    "-O2",
    "-mbulk-memory",
    "-msign-ext",
    "-mnontrapping-fptoint",
    "-mmutable-globals",
    "-ffp-contract=off",
    "-fno-ident",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"\"",
    "-D__TIME__=\"\"",
    "-D__TIMESTAMP__=\"\"",
};
/* The stack lies below all data, so that overflowing it leaves the memory and traps. A function that is
 * called with another signature than it has would trap too: better said now. */
static const char *const link_flags[] = {
    "--target=wasm32-wasi",
    "-mexec-model=reactor",
    "-Wl,--stack-first,-z,stack-size=1048576,--strip-debug,--fatal-warnings",
};
/* How the folder is laid out and how messages look: not part of what makes the module. */
static const char *const folder_flags[] = {
    "-ffile-prefix-map=src/=",
    "-iquote",
    "bindings",
    "-idirafter",
    "bindings",
    "-fno-color-diagnostics",
    "-fno-caret-diagnostics",
    "-ferror-limit=50",
};

/* A failed assertion traps without words, so that modules with assertions need no imports for printing. */
static const char support[] =
    "\n#ifdef __wasm32__\n__attribute__((__weak__)) _Noreturn void\n"
    "__assert_fail(const char *what, const char *file, int line, const char *function)\n"
    "{\n  (void)what, (void)file, (void)line, (void)function;\n"
    "  __builtin_trap();\n}\n#endif\n";

enum { LIBC_LIMIT = 64 * 1024 * 1024 };

typedef VEC(const char *) Args;

static void add_all(Arena *arena, Args *args, const char *const *flags, size_t count)
{
  for (size_t i = 0; i < count; i++) vec_push(arena, args, flags[i]);
}
#define ADD_ALL(arena, args, flags) add_all((arena), (args), (flags), sizeof(flags) / sizeof *(flags))

static bool need(BuildJob *job, bool is_there, const char *what, const char *package)
{
  if (is_there) return true;
  Diag *diag = diag_error(job->diags, DIAG_TOOLCHAIN, SPAN_NONE, "C needs %s, which is not installed", what);
  diag_note(job->diags, diag, SPAN_NONE, "install Debian's package %s", package);
  return false;
}

/* All that is missing is said at once. */
static bool toolchain_is_there(BuildJob *job)
{
  bool clang = need(job, process_find(job->arena, STR("clang")).len, "the compiler clang", "clang");
  bool linker = need(job, process_find(job->arena, STR("wasm-ld")).len, "the linker wasm-ld", "lld");
  bool libc = need(job, file_exists(STR("/usr/include/wasm32-wasi/stdlib.h")), "a C library for WebAssembly",
                   "wasi-libc");
  return clang && linker && libc;
}

static bool compile(BuildJob *job, Str source, size_t number)
{
  Args args = {0};
  vec_push(job->arena, &args, "clang");
  ADD_ALL(job->arena, &args, compile_flags);
  ADD_ALL(job->arena, &args, folder_flags);
  vec_push(job->arena, &args, "-c");
  vec_push(job->arena, &args, str_to_z(job->arena, source));
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, str_to_z(job->arena, str_format(job->arena, "o%zu.o", number)));
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  return build_run(job, args.at, &result);
}

/* `-v` also prints the compiler's version, so that nobody has to ask for it. */
static bool link_objects(BuildJob *job, size_t count, Str *version)
{
  Args args = {0};
  vec_push(job->arena, &args, "clang");
  vec_push(job->arena, &args, "-v");
  ADD_ALL(job->arena, &args, link_flags);
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, "module.wasm");
  for (size_t i = 0; i < count; i++) {
    /* Headers among the sources have no object. */
    if (i < job->source_count && !build_is_main(&job->sources[i], "c")) continue;
    vec_push(job->arena, &args, str_to_z(job->arena, str_format(job->arena, "o%zu.o", i)));
  }
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  if (!build_run(job, args.at, &result)) return false;
  *version = build_version_in(result.errors);
  return true;
}

static bool add_bindings(BuildJob *job, Str *source)
{
  Binding binding = bind_c(job->arena, job->options->interface);
  Str header = path_join(job->arena, STR("bindings"), binding.header_name);
  *source = path_join(job->arena, STR("bindings"), binding.source_name);
  Str with_support = str_format(job->arena, "%.*s%s", STR_ARG(binding.source), support);
  return build_add_file(job, header, binding.header_name, binding.header) &&
         build_add_file(job, *source, binding.source_name, with_support);
}

/* Which libc the module holds cannot be asked for, so it is told by its hash. */
static Str libc_text(BuildJob *job)
{
  Diags unheard = diags_in(job->arena);
  Str bytes;
  if (!file_read(job->arena, STR("/usr/lib/wasm32-wasi/libc.a"), LIBC_LIMIT, &bytes, &unheard))
    return STR("?");
  return str_slice(hash_hex(job->arena, hash_of(bytes)), 0, 12);
}

static Str flags_text(BuildJob *job)
{
  Buf out = buf_in(job->arena);
  for (size_t i = 0; i < sizeof compile_flags / sizeof *compile_flags; i++)
    buf_printf(&out, "%s ", compile_flags[i]);
  for (size_t i = 1; i < sizeof link_flags / sizeof *link_flags; i++)
    buf_printf(&out, "%s%s", i > 1 ? " " : "", link_flags[i]);
  return buf_text(&out);
}

void driver_c_key(BuildJob *job, Buf *key)
{
  Binding binding = bind_c(job->arena, job->options->interface);
  Str flags = flags_text(job);
  build_add_tool(job, "clang", key);
  build_add_tool(job, "wasm-ld", key);
  build_add_stat(job, STR("/usr/include/wasm32-wasi/stdlib.h"), key);
  build_add_stat(job, STR("/usr/lib/wasm32-wasi/libc.a"), key);
  buf_printf(key, "%.*s\n%.*s\n%.*s\n%s", STR_ARG(flags), STR_ARG(binding.header), STR_ARG(binding.source),
             support);
}

bool driver_c(BuildJob *job, DriverResult *out)
{
  Str bindings, version;
  if (!toolchain_is_there(job) || !add_bindings(job, &bindings)) return false;
  bool compiled = true;
  for (size_t i = 0; i < job->source_count; i++)
    if (build_is_main(&job->sources[i], "c"))
      compiled = compile(job, build_source_name(job, &job->sources[i]), i) && compiled;
  if (!compiled || !compile(job, bindings, job->source_count)) return false;
  if (!link_objects(job, job->source_count + 1, &version)) return false;
  if (!build_take(job, STR("module.wasm"), &out->wasm)) return false;
  out->toolchain =
      str_format(job->arena, "clang %.*s, wasi-libc %.*s", STR_ARG(version), STR_ARG(libc_text(job)));
  out->flags = flags_text(job);
  return true;
}
