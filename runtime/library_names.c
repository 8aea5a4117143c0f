#include "runtime/library_names.h"

/* The standard library, and the crates that it is made with. */
static const char *const std_crates[] = {
    "__rustc",   "alloc", "compiler_builtins", "core", "dlmalloc",   "hashbrown",   "memchr",       "object",
    "addr2line", "gimli", "rustc_demangle",    "std",  "std_detect", "panic_abort", "panic_unwind",
};

/* What the crates that a name mentions say about it. */
typedef struct Crates {
  bool any, others; /* others than those of the standard library */
} Crates;

static void add_crate(Crates *self, Str crate)
{
  self->any = true;
  for (size_t i = 0; i < sizeof std_crates / sizeof *std_crates; i++)
    if (str_equal(crate, str_from_z(std_crates[i]))) return;
  self->others = true;
}

static bool is_digit(char byte)
{
  return byte >= '0' && byte <= '9';
}

static bool is_of_identifier(char byte)
{
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || is_digit(byte) || byte == '_';
}

/* Takes a decimal number; more than is left of the name is as good as infinite. */
static size_t take_number(Str name, size_t *at)
{
  size_t value = 0;
  for (; *at < name.len && is_digit(name.at[*at]); ++*at)
    if (value <= name.len) value = 10 * value + (size_t)(name.at[*at] - '0');
  return value;
}

/* --- names as people read them: core::fmt::write, <implementation::Item as core::cmp::Ord>::cmp */

static bool separates(Str name, size_t at)
{
  Str two = str_slice(name, at, at + 2);
  return str_equal(two, STR("::")) || str_equal(two, STR(".."));
}

/* A path begins where an identifier is followed by a separator and does not follow one. The old mangling
 * writes paths within one of its parts with dots, and signs as $LT$. */
static Crates crates_of_paths(Str name)
{
  Crates out = {0};
  bool begins = true;
  for (size_t at = 0; at < name.len;) {
    size_t start = at;
    while (at < name.len && is_of_identifier(name.at[at])) at++;
    if (at > start && begins && separates(name, at)) add_crate(&out, str_slice(name, start, at));
    begins = !(at < name.len && separates(name, at));
    at += begins ? 1 : 2;
  }
  return out;
}

/* --- names as linkers see them */

/* _ZN4core9panicking5panic17h118149a781a98a78E: Rust's old mangling is C++'s with a hash for the last part.
 */
static bool is_old_mangled(Str name)
{
  enum { HASH = sizeof "17h0123456789abcdefE" - 1 };
  size_t end = str_find(name, STR("E."));
  Str whole = end == SIZE_MAX ? name : str_slice(name, 0, end + 1);
  return str_starts_with(whole, STR("_ZN")) && whole.len > HASH && str_ends_with(whole, STR("E")) &&
         str_starts_with(str_slice(whole, whole.len - HASH, whole.len), STR("17h"));
}

static Crates crates_of_old(Str name)
{
  Crates out = {0};
  size_t at = sizeof "_ZN" - 1, len = take_number(name, &at);
  Str first = str_slice(name, at, at + (len < name.len ? len : name.len));
  if (str_find(first, STR("..")) == SIZE_MAX)
    add_crate(&out, first);
  else
    out = crates_of_paths(first);
  return out;
}

/* Goes behind the next '_', if that is `most` bytes away at most. */
static void skip_to_underscore(Str name, size_t *at, size_t most)
{
  size_t len = str_find(str_slice(name, *at, name.len), STR("_"));
  if (len <= most && len < name.len) *at += len + 1;
}

/* What a letter brings with it that is no name: a number of a back reference, a lifetime or a binder; which
 * one it is of several of that name, a small number but for crates ('s' is also i16); of a constant, after
 * its type, its digits. */
static void skip_operand(Str name, size_t *at, char tag, bool is_crate)
{
  enum { FEW = 3 };
  bool is_constant = tag == 'K' && *at < name.len && name.at[*at] >= 'a' && name.at[*at] <= 'z';
  if (tag == 'B' || tag == 'L' || tag == 'G') skip_to_underscore(name, at, name.len);
  if (tag == 's') skip_to_underscore(name, at, is_crate ? name.len : FEW);
  if (is_constant && name.at[*at] != 'p') skip_to_underscore(name, at, name.len);
}

/* Rust's mangling v0 (RFC 2603): letters, and names behind their lengths; a crate's is behind 'C' and perhaps
 * its hash. The crate that ends the symbol only says for whom a generic function was made. */
static Crates crates_of_new(Str name)
{
  Crates out = {0};
  bool is_crate = false;
  name = str_slice(name, 0, str_find(name, STR(".")));
  for (size_t at = sizeof "_R" - 1; at < name.len;) {
    char tag = name.at[at];
    if (!is_digit(tag)) {
      at++;
      skip_operand(name, &at, tag, is_crate);
      is_crate = tag == 'C' || (is_crate && tag == 's');
      continue;
    }
    size_t len = take_number(name, &at);
    if (at < name.len && name.at[at] == '_') at++;
    if (len > name.len - at) len = name.len - at;
    if (is_crate && at + len < name.len) add_crate(&out, str_slice(name, at, at + len));
    is_crate = false;
    at += len;
  }
  return out;
}

/* --- all */

/* Without what optimisers put before and behind: Binaryen the name of a pass that split the function, LLVM
 * " (.llvm.123)" where the name is demangled. */
static Str without_marks(Str name)
{
  size_t part = str_find(name, STR(" (."));
  if (part != SIZE_MAX) name = str_slice(name, 0, part);
  size_t dollar = str_starts_with(name, STR("byn-split-")) ? str_find(name, STR("$")) : SIZE_MAX;
  return dollar == SIZE_MAX ? name : str_slice(name, dollar + 1, name.len);
}

/* Of C++ a function's parameters stand behind its name, and what is its own may have those of a library. */
static bool has_parameters(Str name)
{
  size_t close = str_find_last(name, ')');
  Str rest = close == SIZE_MAX ? STR("") : str_slice(name, close + 1, name.len);
  return close != SIZE_MAX && (!rest.len || rest.at[0] == ' ');
}

bool is_library_name(Str name)
{
  Crates crates = {0};
  name = without_marks(name);
  if (str_starts_with(name, STR(LIBRARY_PREFIX))) return true;
  if (is_old_mangled(name))
    crates = crates_of_old(name);
  else if (str_starts_with(name, STR("_R")))
    crates = crates_of_new(name);
  else if (!has_parameters(name))
    crates = crates_of_paths(name);
  bool of_primitive =
      !crates.any && str_starts_with(name, STR("<")) && str_find(name, STR(">::")) != SIZE_MAX;
  return of_primitive || (crates.any && !crates.others);
}

static bool is_plumbing(Str name)
{
  return str_equal(name, STR("cabi_realloc")) || str_equal(name, STR("_initialize")) ||
         str_starts_with(name, STR("cabi_post_"));
}

const bool *library_functions(Arena *arena, const WasmModule *module, const FunctionNames *names)
{
  bool *out = arena_array_of(arena, bool, names->count);
  for (uint32_t i = 0; i < names->count; i++) out[i] = is_library_name(names->names[i]);
  for (uint32_t i = 0; i < module->export_count; i++) {
    const WasmExport *export = &module->exports[i];
    if (export->kind == WASM_FUNCTION && export->index < names->count && !is_plumbing(export->name))
      out[export->index] = false;
  }
  return out;
}
