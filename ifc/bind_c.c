#include "ifc/bind_c.h"

/* What wit-bindgen escapes (C's and C++'s words, and the names it gives to out-parameters), and C's
 * `restrict`, which it lets through into headers that do not compile. */
static const char *const RESERVED[] = {
    "alignas",  "alignof",      "and",       "asm",      "auto",      "bitand",   "bitor",    "bool",
    "break",    "case",         "catch",     "char",     "class",     "compl",    "concept",  "const",
    "continue", "consteval",    "constexpr", "default",  "constinit", "decltype", "delete",   "do",
    "double",   "else",         "enum",      "explicit", "export",    "extern",   "false",    "float",
    "for",      "friend",       "goto",      "if",       "inline",    "int",      "long",     "mutable",
    "new",      "namespace",    "noexcept",  "not",      "nullptr",   "operator", "or",       "private",
    "public",   "protected",    "reflexpr",  "register", "return",    "requires", "restrict", "short",
    "signed",   "synchronized", "sizeof",    "static",   "struct",    "switch",   "template", "this",
    "throw",    "true",         "try",       "typedef",  "typeid",    "typename", "union",    "unsigned",
    "using",    "virtual",      "void",      "volatile", "while",     "xor",      "ret",      "err",
};

static Str name_to_snake(Arena *arena, Str kebab, bool upper)
{
  char *out = arena_alloc_raw(arena, kebab.len + 2);
  for (size_t i = 0; i < kebab.len; i++) {
    char c = kebab.at[i];
    if (c == '-' || c == '.')
      c = '_';
    else if (upper && c >= 'a' && c <= 'z')
      c = (char)(c - 'a' + 'A');
    else if (!upper && c >= 'A' && c <= 'Z')
      c = (char)(c - 'A' + 'a');
    out[i] = c;
  }
  return (Str){out, kebab.len};
}

Str name_to_c(Arena *arena, Str kebab)
{
  Str snake = name_to_snake(arena, kebab, false);
  for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++)
    if (str_equal(snake, str_from_z(RESERVED[i]))) return str_format(arena, "%.*s_", STR_ARG(snake));
  return snake;
}

Str name_to_c_upper(Arena *arena, Str kebab)
{
  return name_to_snake(arena, kebab, true);
}

Str bind_c_header_name(Arena *arena, Str world)
{
  return str_format(arena, "%.*s.h", STR_ARG(name_to_snake(arena, world, false)));
}

Binding bind_c(Arena *arena, const Interface *interface)
{
  return bind_c_world(arena, bind_world(arena, interface));
}

Binding bind_c_world(Arena *arena, const World *world)
{
  CBinding binding = c_binding_new(arena, world);
  return (Binding){
      .header_name = bind_c_header_name(arena, world->name),
      .header = c_header(&binding),
      .source_name = str_format(arena, "%.*s_bindings.c", STR_ARG(binding.world)),
      .source = c_source(&binding),
  };
}
