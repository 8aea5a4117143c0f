/* Implementations that call others: values cross from memory to memory, each instance is its own, and faults
 * tell whose they are. */
#include "tests/unit/runtime/echo.h"

static const char wit[] =
    "package t:t@1.2.0;\n"
    "interface low { count: func() -> u32; twice: func(x: string) -> string; sink: func(how: u32) -> u32; }\n"
    "interface middle { count: func() -> u32; }\n"
    "interface high { both: func() -> tuple<u32, u32>; twice: func(x: string) -> string; sink: func(how: "
    "u32) -> u32;\n"
    "  wide: func() -> u32; }\n";

/* `twice` puts a string behind itself; `sink` fails as it is told to. */
static const char low_wat[] =
    "(module (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 1024)) (global $count (mut "
    "i32) (i32.const 0))\n"
    " (func $realloc (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local i32)\n"
    "  (local.set 4 (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))\n"
    "  (global.set $top (i32.add (local.get 4) (local.get 3))) (local.get 4))\n"
    " (func (export \"t:t/low@1.2.0#count\") (result i32)\n"
    "  (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))\n"
    " (func (export \"t:t/low@1.2.0#twice\") (param $at i32) (param $len i32) (result i32) (local $new i32)\n"
    "  (local.set $new (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.mul (local.get $len) "
    "(i32.const 2))))\n"
    "  (memory.copy (local.get $new) (local.get $at) (local.get $len))\n"
    "  (memory.copy (i32.add (local.get $new) (local.get $len)) (local.get $at) (local.get $len))\n"
    "  (i32.store (i32.const 8) (local.get $new)) (i32.store (i32.const 12) (i32.mul (local.get $len) "
    "(i32.const 2)))\n"
    "  (i32.const 8))\n"
    " (func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.load (local.get 0))))\n"
    " (func $sink (export \"t:t/low@1.2.0#sink\") (param i32) (result i32)\n"
    "  (if (i32.eqz (local.get 0)) (then unreachable))\n"
    "  (if (i32.eq (local.get 0) (i32.const 1)) (then (return (i32.load (i32.const 0x7fffffff)))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 2)) (then (loop (br 0))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 3)) (then (return (call $deep (i32.const 0)))))\n"
    "  (local.get 0)))";

static const char middle_wat[] = "(module (import \"t:t/low@1.2.0\" \"count\" (func $count (result i32)))\n"
                                 " (func (export \"t:t/middle#count\") (result i32) (call $count)))";

/* Imports are named with and without a version. */
static const char high_wat[] =
    "(module (import \"t:t/low\" \"count\" (func $low (result i32)))\n"
    " (import \"t:t/middle@1.2.0\" \"count\" (func $middle (result i32)))\n"
    " (import \"t:t/low@1.2.0\" \"twice\" (func $twice (param i32 i32 i32)))\n"
    " (import \"t:t/low@1.2.0\" \"sink\" (func $sink (param i32) (result i32)))\n"
    " (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 1024)) (global $bad (mut i32) "
    "(i32.const 0))\n"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local i32)\n"
    "  (if (global.get $bad) (then (drop (call $low))))\n"
    "  (local.set 4 (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))\n"
    "  (global.set $top (i32.add (local.get 4) (local.get 3))) (local.get 4))\n"
    " (func (export \"t:t/high#both\") (result i32)\n"
    "  (i32.store (i32.const 16) (call $low)) (i32.store (i32.const 20) (call $middle)) (i32.const 16))\n"
    " (func (export \"t:t/high#twice\") (param i32 i32) (result i32)\n"
    "  (call $twice (local.get 0) (local.get 1) (i32.const 32)) (i32.const 32))\n"
    " (func (export \"t:t/high#wide\") (result i32)\n"
    "  (global.set $bad (i32.const 1)) (call $twice (i32.const 0) (i32.const 1) (i32.const 32)) (i32.const "
    "0))\n"
    " (func (export \"t:t/high#sink\") (param i32) (result i32)\n"
    "  (if (i32.eq (local.get 0) (i32.const 9)) (then (call $twice (i32.const 0xfffffff0) (i32.const 32) "
    "(i32.const 32))))\n"
    "  (if (i32.eq (local.get 0) (i32.const 8)) (then (call $twice (i32.const 0) (i32.const 1) (i32.const "
    "33))))\n"
    "  (call $sink (local.get 0))))";

static bool load(Arena *arena, const char *name, const char *wat, const Implementation *providers,
                 size_t count, Implementation *out, Diags *diags)
{
  Str folder = str_from_z(getenv("ASSAY_HOME"));
  Str path = path_join(arena, folder, str_format(arena, "%s.wasm", name));
  assert_true(file_write(path, modules_wasm(arena, wat), diags));
  return implementation_load_with(arena, path, modules_interface_of(arena, wit, name), providers, count, out,
                                  diags);
}

/* All three, linked. */
static Loaded *load_all(Arena *arena)
{
  Diags diags = diags_in(arena);
  Implementation *at = arena_array_of(arena, Implementation, 3);
  Loaded *self = arena_new_of(arena, Loaded);
  bool fine = load(arena, "low", low_wat, NULL, 0, &at[0], &diags) &&
              load(arena, "middle", middle_wat, at, 1, &at[1], &diags) &&
              load(arena, "high", high_wat, at, 2, &at[2], &diags) &&
              aot_compile(arena, &at[2].module, at[2].path, NULL, &self->object, &diags);
  modules_show(&diags);
  assert_true(fine);
  self->interface = at[2].fit.interface;
  self->fit = at[2].fit;
  self->program = program_open(arena, self->object, &self->fit, &(GuestLimits){.call_ms = 200}, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static void values_cross_from_memory_to_memory(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_all(arena);
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "twice", "\"añ\"", "\"añañ\"");
  modules_expect(arena, loaded, guest, "twice", "\"\"", "\"\"");
  modules_expect(arena, loaded, guest, "sink", "7", "7");
  guest_free(guest);
  program_close(loaded->program);
}

/* Who is needed by two is there once; other guests of the program have another; a reset is one for all. */
static void instances_belong_to_the_one_that_was_asked_for(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_all(arena);
  Guest *one = modules_guest(loaded), *other = modules_guest(loaded);
  Fault fault = {0};
  modules_expect(arena, loaded, one, "both", "", "(1, 2)");
  modules_expect(arena, loaded, one, "both", "", "(3, 4)");
  modules_expect(arena, loaded, other, "both", "", "(1, 2)");
  assert_true(guest_reset(one, &fault));
  modules_expect(arena, loaded, one, "both", "", "(1, 2)");
  guest_free(one);
  guest_free(other);
  one = modules_guest(loaded);
  modules_expect(arena, loaded, one, "both", "", "(1, 2)");
  guest_free(one);
  program_close(loaded->program);
}

static void assert_starts(const char *text, const char *start)
{
  if (strncmp(text, start, strlen(start)) != 0) print_error("«%s», want «%s…»\n", text, start);
  assert_int_equal(strncmp(text, start, strlen(start)), 0);
}

static void faults_tell_whose_they_are(void **state)
{
  static const struct {
    const char *how;
    FaultKind kind;
    const char *detail;
  } cases[] = {
      {"0", FAULT_UNREACHABLE, "in low"}, {"1", FAULT_OUT_OF_BOUNDS, "in low"},
      {"2", FAULT_TIME_LIMIT, "in low"},  {"3", FAULT_STACK_EXHAUSTED, "in low"},
      {"9", FAULT_BAD_POINTER, "string"}, {"8", FAULT_MISALIGNED, "string"},
  };
  Arena *arena = *state;
  Loaded *loaded = load_all(arena);
  Guest *guest = modules_guest(loaded);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Fault fault = modules_expect_fault(arena, loaded, guest, "sink", cases[i].how, cases[i].kind);
    assert_starts(fault.detail, cases[i].detail);
    Fault none = {0};
    assert_true(guest_reset(guest, &none));
    modules_expect(arena, loaded, guest, "sink", "7", "7");
  }
  guest_free(guest);
  program_close(loaded->program);
}

/* A module is not done with a call while its result is lowered. */
static void a_module_in_realloc_cannot_call_others(void **state)
{
  Arena *arena = *state;
  Loaded *loaded = load_all(arena);
  Guest *guest = modules_guest(loaded);
  modules_expect_fault(arena, loaded, guest, "wide", "", FAULT_REENTERED);
  guest_free(guest);
  program_close(loaded->program);
}

static void what_is_needed_must_be_there_and_fit(void **state)
{
  Arena *arena = *state;
  Diags none = diags_in(arena), early = diags_in(arena), wrong = diags_in(arena), unknown = diags_in(arena);
  Implementation low, out;
  assert_false(load(arena, "middle", middle_wat, NULL, 0, &out, &none));
  modules_assert_says(&none, "needs t:t/low, and no implementation of it is given");
  assert_true(load(arena, "low", low_wat, NULL, 0, &low, &early));
  assert_false(load(arena, "middle",
                    "(module (import \"t:t/low@1.2.0\" \"count\" (func $count (result i64)))\n"
                    " (func (export \"t:t/middle#count\") (result i32) (i32.const 0)))",
                    &low, 1, &out, &wrong));
  modules_assert_says(&wrong, "import `t:t/low@1.2.0.count` has signature () -> i64");
  modules_assert_says(&wrong, "expected () -> i32, because count: func() -> u32");
  assert_false(load(arena, "middle",
                    "(module (import \"a:b/c\" \"count\" (func $count (result i32)))\n"
                    " (func (export \"t:t/middle#count\") (result i32) (i32.const 0)))",
                    &low, 1, &out, &unknown));
  modules_assert_says(&unknown, "nothing here provides: `a:b/c.count`");
  modules_assert_says(&unknown, "with --with IMPL.wasm");
}

/* --- every type, through generated bindings on both sides */

static Str line_of(Str text, Arena *arena, const char *prefix, Str function)
{
  Str call = str_format(arena, " %s_%.*s(", prefix, STR_ARG(function));
  size_t at = str_find(text, call), start = at;
  assert_true(at != SIZE_MAX);
  while (text.at[start - 1] != '\n') start--;
  Str rest = str_slice(text, start, text.len);
  return str_slice(rest, 0, str_find(rest, STR(";")));
}

static void echo_one(const Type *type, uint32_t i, const char *to, Buf *out)
{
  if (type->kind == TYPE_OPTION)
    buf_printf(out, "  %s.is_some = maybe_p%u != NULL;\n  if (maybe_p%u) %s.val = *maybe_p%u;\n", to, i, i,
               to, i);
  else
    buf_printf(out, "  %s = %sp%u;\n", to, is_by_value(type) ? "" : "*", i);
}

/* The body of a function that hands back what it is given. */
static void echo_body(const Function *function, Buf *out)
{
  const Type *type = function->params[0].type;
  if (function->param_count > 1)
    for (uint32_t i = 0; i < function->param_count; i++) {
      char to[32];
      snprintf(to, sizeof to, "ret->f%u", i);
      echo_one(function->params[i].type, i, to, out);
    }
  else if (is_by_value(type))
    buf_z(out, "  return p0;\n");
  else if (type->kind == TYPE_OPTION)
    buf_z(out, "  if (maybe_p0) *ret = *maybe_p0;\n  return maybe_p0 != NULL;\n");
  else if (type->kind == TYPE_RESULT)
    buf_printf(out, "  %s%sreturn !p0->is_err;\n",
               type->element ? "if (!p0->is_err) *ret = p0->val.ok;\n  " : "",
               type->error ? "if (p0->is_err) *err = p0->val.err;\n  " : "");
  else
    buf_z(out, "  *ret = *p0;\n");
}

/* The body of one that asks the function of the same name in the other interface. */
static void forward_body(const Function *function, Buf *out)
{
  const Type *result = function->result;
  bool returns = is_by_value(result) || result->kind == TYPE_OPTION || result->kind == TYPE_RESULT;
  buf_printf(out, "  %st_t_i_%.*s(", returns ? "return " : "", STR_ARG(function->name));
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Type *type = function->params[i].type;
    const char *form = is_by_value(type) ? "p" : type->kind == TYPE_OPTION ? "(void *)maybe_p" : "(void *)p";
    buf_printf(out, "%s%s%u", i ? ", " : "", form, i);
  }
  bool has_ret = !is_by_value(result) && (result->kind != TYPE_RESULT || result->element);
  if (has_ret) buf_z(out, ", (void *)ret");
  if (result->kind == TYPE_RESULT && result->error) buf_z(out, ", (void *)err");
  buf_z(out, ");\n");
}

static Str make_source(Arena *arena, const Interface *interface, void (*body)(const Function *, Buf *))
{
  Binding binding = bind_c(arena, interface);
  Str prefix = str_format(arena, "exports_t_t_%.*s", STR_ARG(interface->name));
  Buf out = buf_in(arena);
  buf_printf(&out, "#include \"%.*s\"\n", STR_ARG(binding.header_name));
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    Str line = line_of(binding.header, arena, str_to_z(arena, prefix), function->name);
    buf_printf(&out, "%.*s\n{\n", STR_ARG(line));
    body(function, &out);
    buf_z(&out, "}\n");
  }
  return buf_text(&out);
}

static void build_pair(Arena *arena, const Interface *interface, void (*body)(const Function *, Buf *),
                       const Implementation *before, size_t count, Implementation *out)
{
  Diags diags = diags_in(arena);
  Str folder = str_from_z(getenv("ASSAY_HOME"));
  Str source = path_join(arena, folder, str_format(arena, "%.*s.c", STR_ARG(interface->name)));
  Str module = path_join(arena, folder, str_format(arena, "%.*s.wasm", STR_ARG(interface->name)));
  BuildOptions options = {&source, 1, interface, NULL};
  BuildResult built;
  bool fine = file_write(source, make_source(arena, interface, body), &diags) &&
              build_module(arena, &options, &built, &diags) && file_write(module, built.wasm, &diags) &&
              implementation_load_with(arena, module, interface, before, count, out, &diags);
  modules_show(&diags);
  assert_true(fine);
}

static void echo_some(void *context, SandboxPort *port)
{
  Trial *self = context;
  Fault fault = {0};
  Guest *guest = guest_new(self->program, &fault);
  if (!guest)
    sandbox_send(port, fault_text(self->arena, &fault));
  else if (check_all(self, port, guest, CALLS / 4, echo_once))
    sandbox_send(port, STR("done"));
}

static void imports_in_c_pass_every_value(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Maker maker = {.arena = arena, .rng = rng_from_seed(11)};
  const Package *package = make_package(&maker);
  Implementation low, high;
  build_pair(arena, package_interface(package, STR("i")), echo_body, NULL, 0, &low);
  build_pair(arena, package_interface(package, STR("j")), forward_body, &low, 1, &high);
  assert_int_equal(high.fit.import_count, high.fit.interface->function_count);
  Trial trial = {.arena = arena, .interface = high.fit.interface, .fit = high.fit, .seed = 5};
  assert_true(aot_compile(arena, &high.module, high.path, NULL, &trial.object, &diags));
  bool done = false;
  SandboxJob job = {open_program, echo_some, &trial};
  SandboxOutcome outcome;
  assert_true(sandbox_run(&job, &(SandboxLimits){0}, show_message, &done, &outcome, &diags));
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_true(done);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(values_cross_from_memory_to_memory),   TEST(instances_belong_to_the_one_that_was_asked_for),
      TEST(faults_tell_whose_they_are),           TEST(a_module_in_realloc_cannot_call_others),
      TEST(what_is_needed_must_be_there_and_fit), TEST(imports_in_c_pass_every_value),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
