/* C and C++, with clang for wasm32, wasi-libc and libc++: each source and the bindings compiled, then linked
 * as a reactor (a library without `main`). The bindings are C in both. */
#include "ifc/base/crypto.h"
#include "ifc/base/file.h"
#include "runtime/drivers.h"

/* Bulk memory makes memcpy one instruction; the rest is what every engine has had since 2020. Dates would
 * make two builds differ. */
static const char *const compile_flags[] = {
    "--target=wasm32-wasi",
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

static const char library_folder[] = "/usr/lib/wasm32-wasi/";

typedef struct Dialect {
  const char *name, *extension, *compiler;
  const char *const *flags;     /* NULL-terminated, of its own sources alone */
  const char *const *libraries; /* NULL-terminated */
} Dialect;

static const char *const c_flags[] = {"-std=gnu17", NULL};
/* Debian's libc++ for WebAssembly is made without exceptions: what would throw traps. */
static const char *const cpp_flags[] = {"-std=gnu++20", "-fno-exceptions", NULL};
static const char *const c_libraries[] = {"libc.a", NULL};
static const char *const cpp_libraries[] = {"libc.a", "libc++.a", "libc++abi.a", NULL};
static const Dialect c_dialect = {"C", "c", "clang", c_flags, c_libraries};
static const Dialect cpp_dialect = {"C++", "cpp", "clang++", cpp_flags, cpp_libraries};

/* What an impl.json may ask for: nothing that reads or writes other files, or that runs anything. */
const char *const driver_c_flags[] = {
    "-O*",
    "-D~",
    "-U*",
    "-W*",
    "-std=*",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-fsigned-char",
    "-funsigned-char",
    "-fno-builtin",
    "-ffast-math",
    "-ffp-contract=*",
    "-funroll-loops",
    "-fno-unroll-loops",
    "-fno-inline",
    "-fno-vectorize",
    "-fno-slp-vectorize",
    "-fno-rtti",
    NULL,
};

static void add_all(Arena *arena, BuildArgs *args, const char *const *flags, size_t count)
{
  for (size_t i = 0; i < count; i++) vec_push(arena, args, flags[i]);
}
#define ADD_ALL(arena, args, flags) add_all((arena), (args), (flags), sizeof(flags) / sizeof *(flags))

/* All that is missing is said at once. */
static bool toolchain_is_there(BuildJob *job, const Dialect *dialect)
{
  const char *language = dialect->name;
  bool compiler = process_find(job->arena, str_from_z(dialect->compiler)).len > 0;
  bool linker = process_find(job->arena, STR("wasm-ld")).len > 0;
  bool is_there = build_need(job, compiler, language, dialect->compiler, "clang");
  is_there &= build_need(job, linker, language, "the linker wasm-ld", "lld");
  is_there &= build_need(job, file_exists(STR("/usr/include/wasm32-wasi/stdlib.h")), language,
                         "a C library for WebAssembly", "wasi-libc");
  if (dialect != &cpp_dialect) return is_there;
  is_there &= build_need(job, file_exists(STR("/usr/include/wasm32-wasi/c++/v1/vector")), language,
                         "a C++ library for WebAssembly", "libc++-14-dev-wasm32");
  return build_need(job, file_exists(STR("/usr/lib/wasm32-wasi/libc++abi.a")), language,
                    "what its C++ library is built on", "libc++abi-14-dev-wasm32") &&
         is_there;
}

static void add_z(Arena *arena, BuildArgs *args, const char *const *flags)
{
  for (; *flags; flags++) vec_push(arena, args, *flags);
}

static void add_own_flags(BuildJob *job, BuildArgs *args)
{
  for (size_t i = 0; i < job->recipe.folder_count; i++) {
    vec_push(job->arena, args, "-I");
    vec_push(job->arena, args, str_to_z(job->arena, build_name_in_folder(job, job->recipe.folders[i])));
  }
  for (size_t i = 0; i < job->recipe.flag_count; i++)
    vec_push(job->arena, args, str_to_z(job->arena, job->recipe.flags[i]));
}

static Str object_name(BuildJob *job, size_t number)
{
  return str_format(job->arena, "o%zu.o", number);
}

/* One source, or with `dialect` NULL the bindings. */
static bool compile(BuildJob *job, const Dialect *dialect, Str source, size_t number)
{
  BuildArgs args = {0};
  vec_push(job->arena, &args, dialect ? dialect->compiler : "clang");
  ADD_ALL(job->arena, &args, compile_flags);
  add_z(job->arena, &args, dialect ? dialect->flags : c_flags);
  ADD_ALL(job->arena, &args, folder_flags);
  if (dialect) add_own_flags(job, &args);
  vec_push(job->arena, &args, "-c");
  vec_push(job->arena, &args, str_to_z(job->arena, source));
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, str_to_z(job->arena, object_name(job, number)));
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  return build_run(job, args.at, &result);
}

/* `-v` also prints the compiler's version, so that nobody has to ask for it. */
static bool link_objects(BuildJob *job, const Dialect *dialect, size_t count, Str *version)
{
  BuildArgs args = {0};
  vec_push(job->arena, &args, dialect->compiler);
  vec_push(job->arena, &args, "-v");
  ADD_ALL(job->arena, &args, link_flags);
  vec_push(job->arena, &args, "-Wl,-Map=module.map");
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, "module.wasm");
  for (size_t i = 0; i < count; i++) {
    /* Headers among the sources have no object. */
    if (i < job->source_count && !build_is_main(&job->sources[i], dialect->extension)) continue;
    vec_push(job->arena, &args, str_to_z(job->arena, object_name(job, i)));
  }
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  if (!build_run(job, args.at, &result)) return false;
  *version = build_version_in(result.errors);
  return true;
}

static bool add_bindings(BuildJob *job, Str *source)
{
  Binding binding = driver_c_bindings(job);
  Str header = path_join(job->arena, STR("bindings"), binding.header_name);
  *source = path_join(job->arena, STR("bindings"), binding.source_name);
  (void)driver_c_is_bound(job, &binding.source);
  Str with_support = str_format(job->arena, "%.*s%s", STR_ARG(binding.source), support);
  return build_add_file(job, header, binding.header_name, binding.header) &&
         build_add_file(job, *source, binding.source_name, with_support);
}

static Str library_path(BuildJob *job, const char *name)
{
  return str_format(job->arena, "%s%s", library_folder, name);
}

/* Which libraries the module holds cannot be asked for, so they are told by the hash of all of them. */
static Str libraries_text(BuildJob *job, const Dialect *dialect)
{
  Diags unheard = diags_in(job->arena);
  Hasher *hasher = hasher_new(job->arena);
  for (size_t i = 0; dialect->libraries[i]; i++) {
    Str bytes;
    if (!file_read(job->arena, library_path(job, dialect->libraries[i]), LIBC_LIMIT, &bytes, &unheard))
      return STR("?");
    hasher_add(hasher, bytes);
  }
  return str_slice(hash_hex(job->arena, hasher_finish(hasher)), 0, 12);
}

static Str flags_text(BuildJob *job, const Dialect *dialect)
{
  Buf out = buf_in(job->arena);
  BuildArgs args = {0};
  ADD_ALL(job->arena, &args, compile_flags);
  add_z(job->arena, &args, dialect->flags);
  add_own_flags(job, &args);
  for (size_t i = 0; i < args.len; i++) buf_printf(&out, "%s ", args.at[i]);
  for (size_t i = 1; i < sizeof link_flags / sizeof *link_flags; i++)
    buf_printf(&out, "%s%s", i > 1 ? " " : "", link_flags[i]);
  return buf_text(&out);
}

static void add_key(BuildJob *job, const Dialect *dialect, Buf *key)
{
  Binding binding = driver_c_bindings(job);
  Str flags = flags_text(job, dialect);
  build_add_tool(job, dialect->compiler, key);
  build_add_tool(job, "wasm-ld", key);
  build_add_stat(job, STR("/usr/include/wasm32-wasi/stdlib.h"), key);
  for (size_t i = 0; dialect->libraries[i]; i++)
    build_add_stat(job, library_path(job, dialect->libraries[i]), key);
  buf_printf(key, "%.*s\n%.*s\n%.*s\n%s", STR_ARG(flags), STR_ARG(binding.header), STR_ARG(binding.source),
             support);
}

static bool build(BuildJob *job, const Dialect *dialect, DriverResult *out)
{
  Str bindings, version;
  if (!toolchain_is_there(job, dialect) || !add_bindings(job, &bindings)) return false;
  bool compiled = true;
  for (size_t i = 0; i < job->source_count; i++)
    if (build_is_main(&job->sources[i], dialect->extension))
      compiled = compile(job, dialect, build_source_name(job, &job->sources[i]), i) && compiled;
  if (!compiled || !compile(job, NULL, bindings, job->source_count)) return false;
  if (!link_objects(job, dialect, job->source_count + 1, &version)) return false;
  Str map, wasm, own_bindings = object_name(job, job->source_count);
  if (!build_take(job, STR("module.wasm"), &wasm) || !build_take(job, STR("module.map"), &map)) return false;
  out->wasm = driver_c_name_libraries(job->arena, wasm, map, own_bindings);
  out->toolchain =
      str_format(job->arena, "clang %.*s, wasi-libc%s %.*s", STR_ARG(version),
                 dialect == &cpp_dialect ? " with libc++" : "", STR_ARG(libraries_text(job, dialect)));
  out->flags = flags_text(job, dialect);
  return true;
}

void driver_c_key(BuildJob *job, Buf *key)
{
  add_key(job, &c_dialect, key);
}

void driver_cpp_key(BuildJob *job, Buf *key)
{
  add_key(job, &cpp_dialect, key);
}

bool driver_c(BuildJob *job, DriverResult *out)
{
  return build(job, &c_dialect, out);
}

bool driver_cpp(BuildJob *job, DriverResult *out)
{
  return build(job, &cpp_dialect, out);
}
