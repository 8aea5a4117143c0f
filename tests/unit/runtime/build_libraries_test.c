/* Which functions `build` says are from libraries: those that the linker took from archives, and nothing in
 * which code of the sources can be. */
#include "runtime/build.h"
#include "runtime/library_names.h"
#include "tests/unit/runtime/modules.h"

typedef struct Built {
  FunctionNames names;
  const bool *of_library;
} Built;

static Built built(Arena *arena, const char *name, const char *text)
{
  Diags diags = diags_in(arena);
  WasmModule *module = arena_new_of(arena, WasmModule);
  Str path = modules_write(arena, name, str_from_z(text));
  BuildOptions options = {&path, 1, modules_interface(arena, "f: func(xs: list<u64>) -> list<u64>;"), NULL};
  BuildResult result = {0};
  bool made =
      build_module(arena, &options, &result, &diags) && wasm_read(arena, path, result.wasm, module, &diags);
  modules_show(&diags);
  assert_true(made);
  Built self = {.names = function_names(arena, module)};
  self.of_library = library_functions(arena, module, &self.names);
  return self;
}

/* How many functions whose name contains the part there are: of libraries, or the implementation's own. */
static size_t count(const Built *self, const char *part, bool of_library)
{
  size_t out = 0;
  for (uint32_t i = 0; i < self->names.count; i++)
    out += self->of_library[i] == of_library && str_find(self->names.names[i], str_from_z(part)) != SIZE_MAX;
  return out;
}

static void assert_only(const Built *self, const char *part, bool of_library)
{
  if (count(self, part, of_library) > 0 && count(self, part, !of_library) == 0) return;
  for (uint32_t i = 0; i < self->names.count; i++)
    print_error("%s %.*s\n", self->of_library[i] ? "library" : "own    ", STR_ARG(self->names.names[i]));
  fail_msg("%s is not only %s", part, of_library ? "a library's" : "own");
}

/* Functions that call each other stay functions of their own. */
#define C_HEAD                                                            \
  "#include \"i.h\"\n#include <stdlib.h>\n"                               \
  "static int turns;\n"                                                   \
  "static __attribute__((noinline)) uint64_t dispose_chunk(uint64_t x)\n" \
  "{ return turns++ > 9 || x < 2 ? 7 : dispose_chunk(x / 2) + dispose_chunk(x - 1); }\n"
#define C_FUNCTION                                                                         \
  "void exports_t_t_i_f(i_list_u64_t *xs, i_list_u64_t *ret)\n"                            \
  "{\n"                                                                                    \
  "  for (size_t i = 0; i < xs->len; i++) xs->ptr[i] = MORE(dispose_chunk(xs->ptr[i]));\n" \
  "  *ret = *xs;\n"                                                                        \
  "  if (turns > 5) ret->ptr = realloc(ret->ptr, 8 * ret->len + 8);\n"                     \
  "}\n"

static void what_c_takes_from_archives_is_a_librarys(void **state)
{
  Built self = built(*state, "archives.c", C_HEAD "#define MORE(x) (x)\n" C_FUNCTION);
  assert_only(&self, "dlmalloc", true);
  assert_only(&self, "dlfree", true);
  assert_only(&self, "cabi_realloc", true); /* generated, and calls nothing of the source */
  assert_int_equal(count(&self, "__wasm_export_exports_t_t_i_f", false), 1);
  assert_int_equal(count(&self, "__wasm_export_exports_t_t_i_f_post_return", true), 1);
}

/* wasi-libc's allocator has a function of this name too. */
static void names_that_a_library_has_too_are_told_apart(void **state)
{
  Built self = built(*state, "names.c", C_HEAD "#define MORE(x) (x)\n" C_FUNCTION);
  assert_int_equal(count(&self, "dispose_chunk", false), 1);
  assert_int_equal(count(&self, "dispose_chunk", true), 1);
}

static void what_calls_the_source_is_its_own(void **state)
{
  Built self =
      built(*state, "allocator.c",
            C_HEAD "#define MORE(x) (x)\n"
                   "static _Alignas(16) char room[1 << 16];\nstatic size_t used;\n"
                   "void *malloc(size_t n) { used += (n + 15) & ~15u; return room + used - n; }\n"
                   "void free(void *p) { (void)p; }\n"
                   "void *calloc(size_t a, size_t b) { return malloc(a * b); }\n"
                   "void *realloc(void *p, size_t n) { (void)p; return malloc(n); }\n"
                   "void *aligned_alloc(size_t a, size_t n) { (void)a; return malloc(n); }\n" C_FUNCTION);
  assert_only(&self, "cabi_realloc", false);
  assert_int_equal(count(&self, "malloc", true), 0);
}

static void a_source_cannot_call_its_own_a_librarys(void **state)
{
  static const char liar[] =
      "static __attribute__((noinline)) uint64_t liar(uint64_t x) __asm__(\"~lib/libc/liar\");\n"
      "static uint64_t liar(uint64_t x) { return turns++ > 9 ? x : liar(x / 2) + liar(x + 1); }\n"
      "#define MORE(x) liar(x)\n";
  Str text = str_format(*state, "%s%s%s", C_HEAD, liar, C_FUNCTION);
  Built self = built(*state, "liar.c", str_to_z(*state, text));
  assert_only(&self, "liar", false);
}

/* The linker's map is lines; this symbol would begin one that says it is from an archive. */
static void a_symbol_that_would_forge_the_map_makes_all_own(void **state)
{
  static const char forger[] =
      "static __attribute__((noinline)) uint64_t forger(uint64_t x)\n"
      "  __asm__(\"a\\n       -        1        1         /usr/lib/wasm32-wasi/libc.a(x.o):(y\");\n"
      "static uint64_t forger(uint64_t x) { return turns++ > 9 ? x : forger(x / 2) + forger(x + 1); }\n"
      "#define MORE(x) forger(x)\n";
  Str text = str_format(*state, "%s%s%s", C_HEAD, forger, C_FUNCTION);
  Built self = built(*state, "forger.c", str_to_z(*state, text));
  assert_int_equal(count(&self, "", true), 0);
}

#define RUST_HEAD "mod bindings;\nuse bindings::exports::t::t::i::Guest;\nstruct Component;\n"
#define RUST_FUNCTION                                         \
  "impl Guest for Component {\n"                              \
  "  fn f(mut xs: Vec<u64>) -> Vec<u64> {\n"                  \
  "    xs.sort_unstable_by(|a, b| (a ^ 77).cmp(&(b ^ 5)));\n" \
  "    for i in 0..xs.len() { let x = xs[i]; xs.push(x); }\n" \
  "    xs\n"                                                  \
  "  }\n"                                                     \
  "}\n"                                                       \
  "bindings::export!(Component with_types_in bindings);\n"

/* Sorting calls the source's closure, which is then in it. */
static void what_rust_makes_for_a_closure_is_its_own(void **state)
{
  Built self = built(*state, "closure.rs", RUST_HEAD RUST_FUNCTION);
  assert_only(&self, "panicking", true);
  assert_only(&self, "dlmalloc", true);
  assert_only(&self, "cabi_realloc", true);
  assert_only(&self, "core::slice::sort::recurse", false);
}

static void an_allocator_in_rust_is_its_own(void **state)
{
  static const char allocator[] =
      "use std::alloc::{GlobalAlloc, Layout, System};\nstruct Mine;\n"
      "unsafe impl GlobalAlloc for Mine {\n"
      "  unsafe fn alloc(&self, l: Layout) -> *mut u8 { System.alloc(l) }\n"
      "  unsafe fn dealloc(&self, p: *mut u8, l: Layout) { System.dealloc(p, l) }\n}\n"
      "#[global_allocator]\nstatic MINE: Mine = Mine;\n";
  Str text = str_format(*state, "%s%s%s", RUST_HEAD, allocator, RUST_FUNCTION);
  Built self = built(*state, "allocator.rs", str_to_z(*state, text));
  assert_only(&self, "cabi_realloc", false);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      TEST(what_c_takes_from_archives_is_a_librarys),
      TEST(names_that_a_library_has_too_are_told_apart),
      TEST(what_calls_the_source_is_its_own),
      TEST(a_source_cannot_call_its_own_a_librarys),
      TEST(a_symbol_that_would_forge_the_map_makes_all_own),
      TEST(what_rust_makes_for_a_closure_is_its_own),
      TEST(an_allocator_in_rust_is_its_own),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
