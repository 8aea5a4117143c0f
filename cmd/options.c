#include "cmd/options.h"

#include "ifc/base/vec.h"

#include <math.h>

static const Option *option_find(const Option *table, Str name)
{
  for (const Option *o = table; o->name; o++) {
    if (str_equal(str_from_z(o->name), name)) return o;
    if (name.len == 2 && name.at[1] != '-' && o->letter == name.at[1]) return o;
  }
  return NULL;
}

/* The option that shares the longest beginning with `name`, if that is more than its dashes and one letter.
 */
static const Option *option_nearest(const Option *table, Str name)
{
  const Option *best = NULL;
  size_t best_length = 3;
  for (const Option *o = table; o->name; o++) {
    size_t n = 0;
    while (n < name.len && o->name[n] == name.at[n]) n++;
    if (n > best_length) best = o, best_length = n;
  }
  return best;
}

/* number = digits ["e" digits]: at most 2^64 - 1. */
static bool parse_number(Str text, uint64_t *out)
{
  size_t e = str_find(text, STR("e"));
  uint64_t mantissa, exponent = 0;
  if (!str_to_u64(str_slice(text, 0, e), &mantissa)) return false;
  if (e != SIZE_MAX && (!str_to_u64(str_slice(text, e + 1, text.len), &exponent) || exponent > 19))
    return false;
  for (; exponent; exponent--)
    if (__builtin_mul_overflow(mantissa, 10, &mantissa)) return false;
  *out = mantissa;
  return true;
}

/* budget = number ("ms" | "s" | "m")?: at most a day. */
static bool parse_budget(Str text, Budget *out)
{
  static const struct {
    const char *suffix;
    uint64_t ms;
  } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
  uint64_t number;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    Str suffix = str_from_z(units[i].suffix);
    if (!str_ends_with(text, suffix)) continue;
    if (!parse_number(str_slice(text, 0, text.len - suffix.len), &number)) return false;
    if (number == 0 || number > 86400000 / units[i].ms) return false;
    *out = (Budget){.ms = (uint32_t)(number * units[i].ms)};
    return true;
  }
  if (!parse_number(text, &number) || number == 0) return false;
  *out = (Budget){.count = number};
  return true;
}

/* list = name ("," name)*, spaces around names aside. */
static bool parse_list(Arena *arena, Str text, Strs *out)
{
  for (size_t at = 0; at <= text.len;) {
    Str rest = str_slice(text, at, text.len);
    size_t comma = str_find(rest, STR(","));
    Str name = str_trim(str_slice(rest, 0, comma));
    if (!name.len) return false;
    vec_push(arena, out, name);
    if (comma == SIZE_MAX) return true;
    at += comma + 1;
  }
  return false;
}

static bool option_store(Arena *arena, const Option *option, Str value, void *result)
{
  void *member = (char *)result + option->offset;
  switch (option->kind) {
  case OPTION_FLAG: *(bool *)member = true; return true;
  case OPTION_TEXT: *(Str *)member = value; return true;
  case OPTION_TEXTS: {
    Strs *list = member;
    vec_push(arena, list, value);
    return true;
  }
  case OPTION_LIST: return parse_list(arena, value, member);
  case OPTION_NUMBER: return parse_number(value, member);
  case OPTION_BUDGET: return parse_budget(value, member);
  }
  return false;
}

static const char *kind_form(OptionKind kind)
{
  if (kind == OPTION_LIST) return "names with commas between them";
  return kind == OPTION_BUDGET ? "a time such as 10s or 500ms, or a count such as 1e6" : "a number";
}

static bool option_unknown(const Option *table, Str name, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_USAGE, SPAN_NONE, "unknown option '%.*s'", STR_ARG(name));
  const Option *nearest = option_nearest(table, name);
  if (nearest)
    diag_note(diags, diag, SPAN_NONE, "did you mean '%s'?", nearest->name);
  else
    diag_note(diags, diag, SPAN_NONE, "--help lists the options");
  return false;
}

/* One option at args[*at]: "--name", "--name=value", "--name value", "-o value". */
static bool option_parse(Arena *arena, const Option *table, const Str *args, size_t count, size_t *at,
                         void *result, Diags *diags)
{
  Str arg = args[*at], value = {0};
  size_t equals = str_starts_with(arg, STR("--")) ? str_find(arg, STR("=")) : SIZE_MAX;
  Str name = str_slice(arg, 0, equals);
  const Option *option = option_find(table, name);
  if (!option) return option_unknown(table, name, diags);
  if (option->kind == OPTION_FLAG) {
    if (equals != SIZE_MAX) {
      diag_error(diags, DIAG_USAGE, SPAN_NONE, "option '%s' takes no value", option->name);
      return false;
    }
  } else if (equals != SIZE_MAX) {
    value = str_slice(arg, equals + 1, arg.len);
  } else if (*at + 1 < count) {
    value = args[++*at];
  } else {
    diag_error(diags, DIAG_USAGE, SPAN_NONE, "option '%s' needs a value: %s %s", option->name, option->name,
               option->argument);
    return false;
  }
  if (option_store(arena, option, value, result)) return true;
  diag_error(diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is not what option '%s' takes: %s", STR_ARG(value),
             option->name, kind_form(option->kind));
  return false;
}

bool options_parse(Arena *arena, const Option *table, const Str *args, size_t count, void *result,
                   Strs *operands, Diags *diags)
{
  bool good = true, options_over = false;
  *operands = (Strs){0};
  for (size_t i = 0; i < count; i++) {
    bool is_option = !options_over && args[i].len > 1 && args[i].at[0] == '-';
    if (!is_option)
      vec_push(arena, operands, args[i]);
    else if (str_equal(args[i], STR("--")))
      options_over = true;
    else
      good = option_parse(arena, table, args, count, &i, result, diags) && good;
  }
  return good;
}

enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

void options_wrap(Str text, size_t indent, Buf *out)
{
  size_t column = indent;
  for (size_t at = 0; at < text.len;) {
    Str rest = str_slice(text, at, text.len);
    size_t space = str_find(rest, STR(" ")), line = str_find(rest, STR("\n"));
    Str word = str_slice(rest, 0, space < line ? space : line);
    at += word.len + 1;
    if (!word.len) continue;
    if (column > indent && column + 1 + word.len > HELP_WIDTH) {
      buf_byte(out, '\n');
      buf_repeat(out, ' ', indent);
      column = indent;
    } else if (column > indent) {
      buf_byte(out, ' ');
      column++;
    }
    buf_str(out, word);
    column += word.len;
  }
  buf_byte(out, '\n');
}

void options_help(const Option *table, Buf *out)
{
  for (const Option *o = table; o->name; o++) {
    size_t start = out->len;
    buf_z(out, "  ");
    if (o->letter) buf_printf(out, "-%c, ", o->letter);
    buf_z(out, o->name);
    if (o->argument) buf_printf(out, " %s", o->argument);
    size_t width = out->len - start;
    if (width > HELP_COLUMN - 2) buf_byte(out, '\n'), width = 0;
    buf_repeat(out, ' ', HELP_COLUMN - width);
    options_wrap(str_from_z(o->help), HELP_COLUMN, out);
  }
}
