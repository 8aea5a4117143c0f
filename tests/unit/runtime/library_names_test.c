/* Whose a function is, as far as names say. The names of Rust are those that rustc 1.63 and wasm-ld 14 made,
 * the mangled ones and what they are demangled to; those of C++ are wasm-ld's. */
#include "runtime/library_names.h"

#include "tests/unit/runtime/modules.h"

static const char *const of_libraries[] = {
    "~lib/rt/tlsf/initialize",
    "~lib/libc/dlmalloc",
    "byn-split-outlined-A$~lib/rt/itcms/__visit",
    "core::panicking::panic::h118149a781a98a78",
    "dlmalloc::dlmalloc::Dlmalloc$LT$A$GT$::dispose_chunk::hf88d5c91704b6402 (.llvm.11372828951406332253)",
    "_$LT$$RF$mut$u20$W$u20$as$u20$core..fmt..Write$GT$::write_str::he04451e4654e3f3b",
    "_$LT$core..fmt..Error$u20$as$u20$core..fmt..Debug$GT$::fmt::h38fce4814b4fd018",
    "alloc::raw_vec::finish_grow::<alloc::alloc::Global>",
    "<alloc::raw_vec::RawVec<alloc::slice::merge_sort::Run>>::reserve_for_push",
    "core::slice::sort::recurse::<i64, <[i64]>::sort_unstable::{closure#0}>",
    "<[i64]>::sort_unstable",
    "_ZN4core9panicking5panic17h118149a781a98a78E",
    "_ZN4core3ptr28drop_in_place$LT$$RF$u64$GT$17h1d02b19a6a06a02bE.llvm.5115463553621482282",
    "_ZN50_$LT$$RF$mut$u20$W$u20$as$u20$core..fmt..Write$GT$9write_str17he04451e4654e3f3bE",
    /* the last crate is the one that it was made for */
    "_RINvNtCs9tm3sCXHW8O_5alloc7raw_vec11finish_growNtNtB4_5alloc6GlobalECs8h3OARMipfi_14implementation",
    "_RNvMs_NtCs9tm3sCXHW8O_5alloc7raw_vecINtB4_6RawVecNtNvNtB6_5slice10merge_sort3RunE16reserve_for_push"
    "Cs8h3OARMipfi_14implementation",
};

static const char *const of_implementations[] = {
    "",
    "dlmalloc",
    "abort",
    "compress",
    "src/values/e0",
    "library",
    "lib/rt",
    "implementation::compress",
    "implementation::core::helper",
    "implementation::compress::hff26970c94520f2c",
    "<implementation::Item>::less",
    "<implementation::Item as core::cmp::Ord>::cmp",
    "core::ptr::drop_in_place::<implementation::Item>",
    "_$LT$implementation..Item$u20$as$u20$core..cmp..Ord$GT$::cmp::h0123456789abcdef",
    "_ZN14implementation8compress17hff26970c94520f2cE",
    "_ZN60_$LT$implementation..Item$u20$as$u20$core..cmp..PartialOrd$GT$11partial_cmp17h0123456789abcdefE",
    "_RNvMCs8h3OARMipfi_14implementationNtB2_4Item4less",
    "_RNvNtCs8h3OARMipfi_14implementation5core26helper",
    "_RINvNtCs4fqI2P2rA04_4core3ptr13drop_in_placeNtCs8h3OARMipfi_14implementation4ItemEB1_",
    /* an i16 before the crate is none of its hash */
    "_RINvNtCs4fqI2P2rA04_4core3ptr13drop_in_placeTsNtCs8h3OARMipfi_14implementation4ItemEEB1_",
    /* C++: parameters of a library's types are not the library's function */
    "total(std::__2::vector<int, std::__2::allocator<int> > const&)",
    "std::__2::vector<int, std::__2::allocator<int> > doubled<int>(std::__2::vector<int> const&)",
    "core::run()",
    "core::Engine::size() const",
    "_ZN4core3runEv",
    /* cut off, or malformed */
    "_R",
    "_RC",
    "_RNvC99999999999999999999999999999999999core3abc",
    "_RK",
    "_ZN",
    "_ZN17h0123456789abcdefE",
    "byn-split-outlined",
    "::",
    "core",
};

static void libraries_are_known_by_their_names(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof of_libraries / sizeof *of_libraries; i++)
    if (!is_library_name(str_from_z(of_libraries[i]))) fail_msg("own: %s", of_libraries[i]);
}

static void everything_else_is_the_implementations_own(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof of_implementations / sizeof *of_implementations; i++)
    if (is_library_name(str_from_z(of_implementations[i])))
      fail_msg("a library's: %s", of_implementations[i]);
}

/* Every beginning of a name is a name too. */
static void names_that_end_early_are_read_to_their_end(void **state)
{
  for (size_t i = 0; i < sizeof of_libraries / sizeof *of_libraries; i++)
    for (size_t len = 0; len < strlen(of_libraries[i]); len++) {
      Str cut = str_copy(*state, (Str){of_libraries[i], len});
      (void)is_library_name(cut);
    }
}

static void what_is_exported_is_own_whatever_it_is_called(void **state)
{
  WasmModule module =
      modules_read(*state, "(module (func (export \"~lib/f\")) (func (export \"cabi_realloc\"))"
                           " (func (export \"cabi_post_t:t/i#f\")) (func) (func (export \"_initialize\")))");
  FunctionNames names = function_names(*state, &module);
  for (uint32_t i = 0; i < names.count; i++) names.names[i] = STR("~lib/rt/f");
  const bool *of_library = library_functions(*state, &module, &names);
  static const bool want[] = {false, true, true, true, true};
  for (uint32_t i = 0; i < names.count; i++) assert_int_equal(of_library[i], want[i]);
}

static void names_are_written_as_they_are_read(void **state)
{
  Diags diags = diags_in(*state);
  WasmModule module = modules_read(*state, "(module (func) (func) (func))"), again;
  FunctionNames names = function_names(*state, &module);
  names.names[0] = STR("a b");
  names.names[2] = STR("~lib/libc/sbrk");
  assert_true(wasm_read(*state, STR("m"), wasm_with_function_names(*state, &module, &names), &again, &diags));
  FunctionNames read = function_names(*state, &again);
  assert_int_equal(read.count, 3);
  for (uint32_t i = 0; i < read.count; i++) assert_slice(read.names[i], names.names[i]);
}

static void people_read_the_interfaces_names(void **state)
{
  WasmModule module = modules_read(
      *state, "(module (func (export \"t:t/i#[method]store.put\"))"
              " (func (export \"cabi_post_t:t/i#f\")) (func (export \"memory-size\")) (func) (func))");
  FunctionNames names = function_names(*state, &module);
  names.names[0] = STR("__wasm_export_exports_t_t_i_method_store_put");
  names.names[3] = STR("helper");
  static const char *const want[] = {"[method]store.put", "cabi_post_t:t/i#f", "memory-size", "helper",
                                     "function 4"};
  for (uint32_t i = 0; i < names.count; i++) assert_slice(function_name(&names, i), str_from_z(want[i]));
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      TEST(libraries_are_known_by_their_names),         TEST(everything_else_is_the_implementations_own),
      TEST(names_that_end_early_are_read_to_their_end), TEST(what_is_exported_is_own_whatever_it_is_called),
      TEST(names_are_written_as_they_are_read),         TEST(people_read_the_interfaces_names),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
