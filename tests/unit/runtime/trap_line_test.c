/* A trap tells the line of the module's sources, where the module has it. */
#include "tests/unit/runtime/modules.h"

static const char items[] = "f: func(x: s32) -> s32;";

static const char first_source[] = "int deeper(int x);\n"
                                   "volatile int place;\n"
                                   "static inline int inlined(int x)\n"
                                   "{\n"
                                   "  return 100 / x; /* AT inlined */\n"
                                   "}\n"
                                   "__attribute__((export_name(\"t:t/i#f\"))) int f(int x)\n"
                                   "{\n"
                                   "  if (x == 1) return 7;\n"
                                   "  place = x;\n"
                                   "  if (place == 3) {\n"
                                   "    place = 1;\n"
                                   "    __builtin_trap(); /* AT panic */\n"
                                   "  }\n"
                                   "  if (place == 4)\n"
                                   "    return 5 %\n"
                                   "           (place - 4); /* AT remainder */\n"
                                   "  if (place == 5)\n"
                                   "    return *(volatile int *)0xfffffff0; /* AT wild */\n"
                                   "  if (x < 10) return inlined(x);\n"
                                   "  return deeper(x);\n"
                                   "}\n";

static const char second_source[] = "\n\n"
                                    "volatile int places[4];\n"
                                    "__attribute__((noinline)) int deeper(int x)\n"
                                    "{\n"
                                    "  places[0] = x;\n"
                                    "  return 7 / (places[0] - 10); /* AT second */\n"
                                    "}\n";

static const struct {
  const char *arg;
  FaultKind kind;
  const char *file, *function, *mark;
} cases[] = {{"0", FAULT_DIVIDE_BY_ZERO, "first.c", "f", "inlined"},
             {"3", FAULT_UNREACHABLE, "first.c", "f", "panic"},
             {"5", FAULT_OUT_OF_BOUNDS, "first.c", "f", "wild"},
             {"10", FAULT_DIVIDE_BY_ZERO, "second.c", "deeper", "second"}};

static const char *const levels[] = {"-O1", "-O2"};
static const char *const formats[] = {"-gdwarf-4", "-gdwarf-5"};

/* The number of the line that says "AT mark". */
static unsigned marked_line(Arena *arena, const char *mark)
{
  const char *sources[] = {first_source, second_source};
  Str text = str_format(arena, "/* AT %s */", mark);
  for (size_t i = 0; i < 2; i++) {
    unsigned line = 1;
    size_t at = str_find(str_from_z(sources[i]), text);
    if (at == SIZE_MAX) continue;
    for (size_t k = 0; k < at; k++) line += sources[i][k] == '\n';
    return line;
  }
  fail_msg("no line is marked %s", mark);
  return 0;
}

static void run_tool(Arena *arena, const char *const *argv)
{
  Diags diags = diags_in(arena);
  ProcessResult result;
  ProcessOptions options = {.argv = argv, .folder = str_from_z(getenv("ASSAY_HOME"))};
  assert_true(process_run(arena, &options, &result, &diags));
  if (result.status) print_error("%.*s", STR_ARG(result.errors));
  assert_int_equal(result.status, 0);
}

static void compile_source(Arena *arena, const char *name, const char *text, const char *level,
                           const char *format)
{
  Diags diags = diags_in(arena);
  Str folder = str_from_z(getenv("ASSAY_HOME"));
  const char *source = str_format(arena, "%s.c", name).at, *object = str_format(arena, "%s.o", name).at;
  const char *argv[] = {"clang", "--target=wasm32", level, format, "-c", source, "-o", object, NULL};
  assert_true(file_write(path_join(arena, folder, str_from_z(source)), str_from_z(text), &diags));
  run_tool(arena, argv);
}

static Str linked(Arena *arena, const char *level, const char *format)
{
  Diags diags = diags_in(arena);
  Str bytes = {0}, out = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("m.wasm"));
  const char *argv[] = {"wasm-ld", "--no-entry", "first.o", "second.o", "-o", "m.wasm", NULL};
  compile_source(arena, "first", first_source, level, format);
  compile_source(arena, "second", second_source, level, format);
  run_tool(arena, argv);
  assert_true(file_read(arena, out, SIZE_MAX, &bytes, &diags));
  return bytes;
}

static Loaded *load(Arena *arena, Str bytes, WasmVariant variant)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  AotOptions options = {.variant = variant};
  self->interface = modules_interface(arena, items);
  bool fine = wasm_read(arena, STR("m.wasm"), bytes, &self->module, &diags) &&
              implementation_fit(arena, &self->module, STR("m.wasm"), self->interface, &self->fit, &diags) &&
              aot_compile(arena, &self->module, STR("m.wasm"), &options, &self->object, &diags);
  if (fine) self->program = program_open(arena, self->object, &self->fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static Fault fault_of(Arena *arena, const Loaded *loaded, const char *arg, FaultKind kind)
{
  Guest *guest = modules_guest(loaded);
  Fault fault = modules_expect_fault(arena, loaded, guest, "f", arg, kind);
  guest_free(guest);
  return fault;
}

static void expect_lines(Arena *arena, Str bytes, WasmVariant variant)
{
  Loaded *loaded = load(arena, bytes, variant);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Fault fault = fault_of(arena, loaded, cases[i].arg, cases[i].kind);
    unsigned line = marked_line(arena, cases[i].mark);
    assert_slice(str_format(arena, "%s in %s", fault.line, fault.function),
                 str_format(arena, "%s:%u in %s", cases[i].file, line, cases[i].function));
  }
  program_close(loaded->program);
}

static void a_trap_tells_its_line(void **state)
{
  for (size_t level = 0; level < 2; level++)
    for (size_t format = 0; format < 2; format++)
      expect_lines(*state, linked(*state, levels[level], formats[format]), WASM_PLAIN);
}

static void every_variant_tells_it(void **state)
{
  Str bytes = linked(*state, "-O2", "-gdwarf-4");
  expect_lines(*state, bytes, WASM_METERED);
  expect_lines(*state, bytes, WASM_COVER);
}

/* The operands of a division over two lines: which of them it is has several answers, but it is one of them.
 */
static void the_message_has_the_line(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load(arena, linked(arena, "-O1", "-gdwarf-4"), WASM_PLAIN);
  Fault fault = fault_of(arena, loaded, "0", FAULT_DIVIDE_BY_ZERO);
  unsigned line = marked_line(arena, "inlined");
  assert_slice(fault_text(arena, &fault),
               str_format(arena, "divided an integer by zero, in `f` (first.c:%u)", line));
  fault = fault_of(arena, loaded, "4", FAULT_DIVIDE_BY_ZERO);
  line = marked_line(arena, "remainder");
  Str lines[] = {str_format(arena, "first.c:%u", line - 1), str_format(arena, "first.c:%u", line)};
  assert_true(str_equal(str_from_z(fault.line), lines[0]) || str_equal(str_from_z(fault.line), lines[1]));
  program_close(loaded->program);
}

/* Without lines the object is as ever. */
static void without_lines_there_is_the_function(void **state)
{
  Arena *arena = *state;
  WasmModule module;
  Diags diags = diags_in(arena);
  const Str removed[] = {STR(".debug_line")};
  assert_true(wasm_read(arena, STR("m.wasm"), linked(arena, "-O2", "-gdwarf-4"), &module, &diags));
  Loaded *loaded = load(arena, wasm_with_customs(arena, &module, removed, 1, NULL, 0), WASM_PLAIN);
  Fault fault = fault_of(arena, loaded, "10", FAULT_DIVIDE_BY_ZERO);
  assert_string_equal(fault.line, "");
  Str object = {0};
  assert_true(file_read(arena, loaded->object, SIZE_MAX, &object, &diags));
  assert_true(str_find(object, STR(".debug_line")) == SIZE_MAX);
  program_close(loaded->program);
}

/* What it says of its lines is anybody's: the module runs all the same. */
static void lines_that_lie_do_no_harm(void **state)
{
  Arena *arena = *state;
  WasmModule module;
  Diags diags = diags_in(arena);
  assert_true(wasm_read(arena, STR("m.wasm"), linked(arena, "-O1", "-gdwarf-4"), &module, &diags));
  Str honest = wasm_custom(&module, STR(".debug_line"));
  const Str removed[] = {STR(".debug_line")};
  char *ones = arena_array_of(arena, char, honest.len), *file = arena_array_of(arena, char, honest.len);
  memset(ones, 0xff, honest.len);
  memcpy(file, honest.at, honest.len);
  size_t name = str_find(honest, STR("first.c"));
  assert_true(name != SIZE_MAX);
  memcpy(file + name, "\x1b[31m`\n", sizeof "first.c" - 1);
  const Str lies[] = {str_slice(honest, 0, honest.len / 2), {ones, honest.len}, {file, honest.len}};
  const char *const lines[] = {NULL, "", "\\x1b[31m`\\x0a:"};
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    WasmCustom custom = {STR(".debug_line"), lies[i]};
    Loaded *loaded = load(arena, wasm_with_customs(arena, &module, removed, 1, &custom, 1), WASM_PLAIN);
    Fault fault = fault_of(arena, loaded, "0", FAULT_DIVIDE_BY_ZERO);
    if (lines[i]) assert_true(str_starts_with(str_from_z(fault.line), str_from_z(lines[i])));
    if (lines[i] && !*lines[i]) assert_string_equal(fault.line, "");
    Guest *guest = modules_guest(loaded);
    modules_expect(arena, loaded, guest, "f", "1", "7");
    guest_free(guest);
    program_close(loaded->program);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_trap_tells_its_line),     TEST(every_variant_tells_it),
      TEST(the_message_has_the_line),  TEST(without_lines_there_is_the_function),
      TEST(lines_that_lie_do_no_harm),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
