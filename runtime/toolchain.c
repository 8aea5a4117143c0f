#include "runtime/aot_internal.h"

#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/base/process.h"
#include "ifc/base/vec.h"
#include "runtime/guest_side.h"
#include "runtime/sandbox.h"
#include "runtime/source_lines.h"
#include "runtime/translation.h"
#include "runtime/wasm_internal.h"

enum { OBJECT_LIMIT = 256 * 1024 * 1024, TRANSLATION_LIMIT = 512 * 1024 * 1024 };

/* The first two keep the generated C's meaning that of WebAssembly: calls in tail position must use up the
 * stack, and arithmetic on signalling NaNs must not be folded away. aot_test.c notices when they are gone. */
static const char *const common_flags[] = {
    "-fno-optimize-sibling-calls", "-frounding-math", "-ffp-contract=off", "-fno-math-errno",
    /* Frames larger than the guard below the stack are touched page by page. */
    "-fstack-clash-protection", "-O2", "-w", "-DNDEBUG", "-fno-ident", "-fno-asynchronous-unwind-tables",
    "-shared", "-fPIC", "-fno-plt", "-fvisibility=hidden", "-nostartfiles",
    "-Wl,-z,now,-z,noexecstack,--build-id=none,--as-needed", NULL};

typedef VEC(const char *) Flags;

static void add_layout_flags(Arena *arena, uint32_t layout, Flags *flags)
{
  static const char *const functions[] = {"-falign-functions=16", "-falign-functions=32",
                                          "-falign-functions=64"};
  static const char *const loops[] = {"-falign-loops=1", "-falign-loops=32"};
  if (!layout) return;
  vec_push(arena, flags, functions[layout % 3]);
  vec_push(arena, flags, loops[layout / 3 % 2]);
}

static void add_processor_flags(Arena *arena, Flags *flags)
{
#ifdef __x86_64__
  /* Rounding and counting bits in one instruction each; results are the same. Not by -march=x86-64-v2: clang
   * 14 then tunes for old processors, and SHA-256 takes twice the time. */
  if (__builtin_cpu_supports("sse4.1")) vec_push(arena, flags, "-msse4.1");
  if (__builtin_cpu_supports("popcnt")) vec_push(arena, flags, "-mpopcnt");
#else
  (void)arena;
  (void)flags;
#endif
}

/* gcc tells comparisons as they are after optimisation, where x ^ C == 0 has become x == C; those of floats
 * only with -fsignaling-nans, and those of a switch only when it is no table. */
static const char *const trace_flags[] = {"-fsanitize-coverage=trace-cmp",
                                          "-fsignaling-nans",
                                          "-fno-tree-switch-conversion",
                                          "-fno-jump-tables",
                                          "-DASSAY_TRACES",
                                          NULL};

/* A line table and no more. It does not change the code, but for one thing: each trap is called from where it
 * belongs. What is inlined from files of ours is given the line where it is used. */
static const char *const line_flags[] = {"-gline-directives-only", "-gdwarf-4", "-include", "lines.h", NULL};
static const char line_header[] =
    "#include <wasm-rt.h>\n__attribute__((nomerge)) void wasm_rt_trap(wasm_rt_trap_t);\n"
    "#define inline inline __attribute__((nodebug))\n";

/* Path, size and time of change: enough to notice an upgrade, without running the tool. */
static void put_stamp(Buf *out, Arena *arena, Str path)
{
  struct stat status = {0};
  if (stat(str_to_z(arena, path), &status)) status.st_size = -1;
  buf_printf(out, "%.*s %lld %lld.%09ld\n", STR_ARG(path), (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

static bool find_tool(Arena *arena, const char *name, const char *package, Str *out, Diags *diags)
{
  *out = process_find(arena, str_from_z(name));
  if (out->len) return true;
  Diag *diag = diag_error(diags, DIAG_TOOLCHAIN, SPAN_NONE,
                          "`%s` is needed to compile modules and is not on the PATH", name);
  diag_note(diags, diag, SPAN_NONE, "on Debian: apt-get install %s", package);
  return false;
}

bool toolchain_find(Arena *arena, const AotOptions *options, bool marked, Toolchain *out, Diags *diags)
{
  const char *compiler = options->traces ? "gcc" : options->compiler ? options->compiler : "clang";
  if (!find_tool(arena, "wasm2c", "wabt", &out->wasm2c, diags)) return false;
  if (!find_tool(arena, compiler, compiler, &out->compiler, diags)) return false;
  Flags flags = {0};
  for (size_t i = 0; common_flags[i]; i++) vec_push(arena, &flags, common_flags[i]);
  add_processor_flags(arena, &flags);
  add_layout_flags(arena, options->layout, &flags);
  /* For `if`s inside one another: WASM_IFS_MAX, and some braces of ours. */
  bool is_clang = str_ends_with(out->compiler, STR("clang"));
  if (is_clang) vec_push(arena, &flags, "-fbracket-depth=1100");
  out->tells_lines = marked && is_clang;
  for (size_t i = 0; out->tells_lines && line_flags[i]; i++) vec_push(arena, &flags, line_flags[i]);
  for (size_t i = 0; options->traces && trace_flags[i]; i++) vec_push(arena, &flags, trace_flags[i]);
  if (options->optimisation) vec_push(arena, &flags, options->optimisation); /* the last one counts */
  Buf text = buf_in(arena);
  put_stamp(&text, arena, out->wasm2c);
  put_stamp(&text, arena, out->compiler);
  put_stamp(&text, arena, STR("/usr/include/wasm-rt.h"));
  for (size_t i = 0; i < flags.len; i++) buf_printf(&text, "%s\n", flags.at[i]);
  if (options->in_one_piece) buf_z(&text, "in one piece\n");
  vec_push(arena, &flags, NULL);
  out->flags = flags.at;
  out->in_one_piece = options->in_one_piece;
  out->fingerprint = buf_text(&text);
  return true;
}

/* What a tool said, line by line, as notes; the name that the module has there means nothing to anybody. */
static void note_errors(Arena *arena, Diags *diags, Diag *diag, Str errors)
{
  Str prefix = STR("original.wasm:");
  for (int lines = 0; errors.len && lines < 5; lines++) {
    size_t end = str_find(errors, STR("\n"));
    if (end == SIZE_MAX) end = errors.len;
    Str line = str_slice(errors, 0, end);
    if (str_starts_with(line, prefix)) line = str_slice(line, prefix.len, line.len);
    line = wasm_printable(arena, str_trim(line), 200);
    if (line.len) diag_note(diags, diag, SPAN_NONE, "%.*s", STR_ARG(line));
    errors = str_slice(errors, end + 1, errors.len);
  }
}

static bool tool_succeeds(Arena *arena, const char *const *argv, Str folder, ProcessResult *result,
                          Diags *diags)
{
  return sandbox_tool(arena, argv, folder, NULL, 0, (Str){0}, result, diags) &&
         result->end == PROCESS_EXITED && result->status == 0;
}

/* --- why a module is refused */

typedef struct Feature {
  const char *flag; /* of wasm-validate */
  const char *text;
  const char *advice; /* for clang and wasm-ld, whose flags implementers know */
} Feature;

/* SIMD is on in wasm-validate unless switched off; it is the first. */
static const Feature features[] = {
    {"--disable-simd", "SIMD", "-mno-simd128"},
    {"--enable-threads", "atomics (threads)", "-mno-atomics, without -pthread"},
    {"--enable-exceptions", "exceptions", "-fno-exceptions"},
    {"--enable-tail-call", "tail calls", "-mno-tail-call"},
    {"--enable-extended-const", "extended constant expressions", "-mno-extended-const"},
    {"--enable-relaxed-simd", "relaxed SIMD", "-mno-relaxed-simd"},
    {"--enable-multi-memory", "several memories", NULL},
    {"--enable-memory64", "64-bit memory", "--target=wasm32"},
    {"--enable-function-references", "typed function references", NULL},
    {"--enable-gc", "garbage-collected types", NULL},
};
enum { FEATURE_COUNT = sizeof features / sizeof *features };

/* What wasm-validate says of the module when it is given this flag (NULL: none). */
static bool is_valid(Arena *arena, Str folder, const char *flag, ProcessResult *result, Diags *diags)
{
  const char *argv[] = {"wasm-validate", "--ignore-custom-section-errors", "original.wasm", flag, NULL};
  return tool_succeeds(arena, argv, folder, result, diags);
}

/* The feature that the module needs and wasm2c lacks; NULL when that is not what is wrong. */
static const Feature *missing_feature(Arena *arena, Str folder, ProcessResult *result, Diags *diags)
{
  ProcessResult ignored = {0};
  if (is_valid(arena, folder, NULL, result, diags))
    return is_valid(arena, folder, features[0].flag, &ignored, diags) ? NULL : &features[0];
  for (size_t i = 1; i < FEATURE_COUNT && result->end == PROCESS_EXITED; i++)
    if (is_valid(arena, folder, features[i].flag, &ignored, diags)) return &features[i];
  return NULL;
}

/* Says why wasm2c refused the module: a feature that it lacks, or the validator's words. False when the
 * validator finds nothing wrong. */
static bool explain_refusal(Arena *arena, const WasmModule *module, Str path, Str folder, Diags *diags)
{
  ProcessResult result = {0};
  if (!file_write(path_join(arena, folder, STR("original.wasm")), module->bytes, diags)) return true;
  size_t errors = diags->errors;
  const Feature *feature = missing_feature(arena, folder, &result, diags);
  if (diags->errors > errors) return true;
  /* It may also have been stopped, or found no memory: that is no word about the module. */
  if (!feature && (result.end != PROCESS_EXITED || result.status == 0)) return false;
  Diag *diag;
  if (feature) {
    diag = diag_error(diags, DIAG_UNSUPPORTED, SPAN_NONE,
                      "%.*s uses %s, which the compiler (wasm2c) cannot translate", STR_ARG(path),
                      feature->text);
    if (feature->advice) diag_note(diags, diag, SPAN_NONE, "rebuild with %s", feature->advice);
  } else {
    diag = diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s is not a valid WebAssembly module", STR_ARG(path));
    note_errors(arena, diags, diag, result.errors);
  }
  return true;
}

/* --- the two steps */

static void report_failure(Arena *arena, const char *tool, Str path, const ProcessResult *result,
                           Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_TOOLCHAIN, SPAN_NONE, "cannot compile %.*s: %s %.*s", STR_ARG(path),
                          tool, STR_ARG(sandbox_tool_text(arena, result)));
  note_errors(arena, diags, diag, result->errors);
}

static bool translate(Arena *arena, const Toolchain *self, const WasmModule *module, Str path, Str folder,
                      Diags *diags)
{
  const char *argv[] = {str_to_z(arena, self->wasm2c), "-n", "m", "m.wasm", "-o", "m.c", NULL};
  ProcessResult result = {0};
  size_t errors = diags->errors;
  if (tool_succeeds(arena, argv, folder, &result, diags)) return true;
  if (diags->errors > errors) return false;
  if (result.end != PROCESS_TIMED_OUT && explain_refusal(arena, module, path, folder, diags)) return false;
  report_failure(arena, "wasm2c", path, &result, diags);
  return false;
}

/* Runs a step of the compiler; `argv` ends without its NULL. */
static bool step(Arena *arena, const Toolchain *self, Str path, Str folder, Flags *argv, Str input,
                 Diags *diags)
{
  ProcessResult result = {0};
  size_t errors = diags->errors;
  vec_push(arena, argv, NULL);
  if (sandbox_tool(arena, argv->at, folder, NULL, 0, input, &result, diags) && result.end == PROCESS_EXITED &&
      result.status == 0)
    return true;
  if (diags->errors > errors) return false;
  report_failure(arena, str_to_z(arena, path_name(self->compiler)), path, &result, diags);
  return false;
}

static void add_compiler(Arena *arena, const Toolchain *self, Flags *argv)
{
  vec_push(arena, argv, str_to_z(arena, self->compiler));
  for (const char **flag = self->flags; *flag; flag++) vec_push(arena, argv, *flag);
}

/* As many compilers at once as there are processors, all of them in one compile worker. */
static bool compile_pieces(Arena *arena, const Toolchain *self, Str path, Str folder, uint32_t piece_count,
                           Diags *diags)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  Str at_once = str_format(arena, "-P%ld", processors > 0 ? processors : 1);
  const char *first[] = {"xargs", str_to_z(arena, at_once), "-I{}"}, *last[] = {"-c", "{}.c", "-o", "{}.o"};
  Flags argv = {0};
  for (size_t i = 0; i < sizeof first / sizeof *first; i++) vec_push(arena, &argv, first[i]);
  add_compiler(arena, self, &argv);
  for (size_t i = 0; i < sizeof last / sizeof *last; i++) vec_push(arena, &argv, last[i]);
  Buf names = buf_in(arena);
  buf_z(&names, "unit\n");
  for (uint32_t i = 0; i < piece_count; i++) buf_printf(&names, "piece%u\n", i);
  return step(arena, self, path, folder, &argv, buf_text(&names), diags);
}

static bool compile(Arena *arena, const Toolchain *self, Str path, Str folder, uint32_t piece_count,
                    Diags *diags)
{
  if (piece_count && !compile_pieces(arena, self, path, folder, piece_count, diags)) return false;
  Flags argv = {0};
  add_compiler(arena, self, &argv);
  vec_push(arena, &argv, "-o");
  vec_push(arena, &argv, "unit.so");
  vec_push(arena, &argv, piece_count ? "unit.o" : "unit.c");
  for (uint32_t i = 0; i < piece_count; i++)
    vec_push(arena, &argv, str_format(arena, "piece%u.o", i).at); /* ends with NUL */
  vec_push(arena, &argv, "-lm");
  return step(arena, self, path, folder, &argv, (Str){0}, diags);
}

/* What a tool made. Only if it is a file: tools that met a hostile module may have left a link to somewhere
 * else. */
static bool take_file(Arena *arena, Str folder, const char *name, size_t limit, Str *bytes, Diags *diags)
{
  Str path = path_join(arena, folder, str_from_z(name));
  struct stat status;
  if (lstat(str_to_z(arena, path), &status) == 0 && S_ISREG(status.st_mode))
    return file_read(arena, path, limit, bytes, diags);
  diag_error(diags, DIAG_TOOLCHAIN, SPAN_NONE, "the compiler made no %s", name);
  return false;
}

static bool put_file(Arena *arena, Str folder, const char *name, Str bytes, Diags *diags)
{
  return file_write(path_join(arena, folder, str_from_z(name)), bytes, diags);
}

/* Takes the translation apart; `piece_count` is how many pieces there are beside the unit. */
static bool split_translation(Arena *arena, const Toolchain *self, Str folder, Str plain,
                              uint32_t *piece_count, Diags *diags)
{
  Str whole;
  if (!take_file(arena, folder, "m.c", TRANSLATION_LIMIT, &whole, diags)) return false;
  Translation parts = translation_split(arena, whole, plain, "m.wasm", self->in_one_piece);
  if (!put_file(arena, folder, "helpers.c", parts.helpers, diags) ||
      !put_file(arena, folder, "lines.h", STR(line_header), diags) ||
      !put_file(arena, folder, "body.c", parts.body, diags))
    return false;
  for (uint32_t i = 0; i < parts.piece_count; i++) {
    const char *source = str_format(arena, "part%u.c", i).at, *unit = str_format(arena, "piece%u.c", i).at;
    if (!put_file(arena, folder, source, parts.pieces[i], diags) ||
        !put_file(arena, folder, unit, guest_side_piece(arena, source), diags))
      return false;
  }
  *piece_count = parts.piece_count;
  return true;
}

bool toolchain_run(Arena *arena, const Toolchain *self, const WasmModule *module, Str path, Str plain,
                   Str unit, Str folder, Str *object, Diags *diags)
{
  uint32_t piece_count = 0;
  return put_file(arena, folder, "m.wasm", plain, diags) && put_file(arena, folder, "unit.c", unit, diags) &&
         translate(arena, self, module, path, folder, diags) &&
         split_translation(arena, self, folder, plain, &piece_count, diags) &&
         compile(arena, self, path, folder, piece_count, diags) &&
         take_file(arena, folder, "unit.so", OBJECT_LIMIT, object, diags);
}
