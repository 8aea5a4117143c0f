/* What the reference parser reads but no component may contain: asked for with WIT_VALID. */
#include "ifc/wit_resolve.h"

/* Flags beyond that have no form in components; and where names are compared one with another. */
enum { FLAGS_MAX = 32, FEW = 8 };

static bool is_asked(const Resolver *self)
{
  return self->options->level == WIT_VALID;
}

static bool has_upper(Str name)
{
  for (size_t i = 0; i < name.len; i++)
    if (name.at[i] >= 'A' && name.at[i] <= 'Z') return true;
  return false;
}

static void report_case(Resolver *self, AstName name, AstName first)
{
  Diag *diag;
  if (str_equal(name.text, first.text))
    diag = diag_error(self->diags, DIAG_NAME, name.span, "the name `%.*s` is taken", STR_ARG(name.text));
  else
    diag = diag_error(self->diags, DIAG_NAME, name.span,
                      "the names `%.*s` and `%.*s` differ only in case: rename one", STR_ARG(name.text),
                      STR_ARG(first.text));
  diag_note(self->diags, diag, first.span, "declared here first");
}

bool valid_names_matter(const Resolver *self, const Map *names)
{
  if (!is_asked(self)) return false;
  for (size_t i = 0; i < map_count(names); i++)
    if (has_upper(map_entry(names, i)->key)) return true;
  return false;
}

void valid_names(Resolver *self, const AstName *names, size_t count)
{
  if (!is_asked(self)) return;
  Map *folded = map_new(self->arena);
  for (size_t i = 0; i < count; i++) {
    AstName *name = arena_new_of(self->arena, AstName);
    *name = names[i];
    const AstName *first = map_put(folded, name_folded(self->arena, name->text), name);
    if (first) report_case(self, *name, *first);
  }
}

/* Names of parameters are unique already, but for their case. */
void valid_params(Resolver *self, const AstItem *item)
{
  bool any_upper = false;
  for (uint32_t i = 0; i < item->field_count; i++)
    any_upper = any_upper || has_upper(item->fields[i].name.text);
  if (!any_upper || !is_asked(self)) return;
  Map *names = map_new(self->arena);
  for (uint32_t i = 0; i < item->field_count; i++) {
    AstName *name = &item->fields[i].name;
    const AstName *first = map_put(names, name_folded(self->arena, name->text), name);
    if (first && !str_equal(first->text, name->text)) report_case(self, *name, *first);
  }
}

typedef struct ItemWords {
  const char *what, *part;
} ItemWords;

/* Of AST_ITEM_RECORD to AST_ITEM_FLAGS. */
static ItemWords item_words(AstItemKind kind)
{
  switch (kind) {
  case AST_ITEM_RECORD: return (ItemWords){"record", "field"};
  case AST_ITEM_VARIANT: return (ItemWords){"variant", "case"};
  case AST_ITEM_ENUM: return (ItemWords){"enum", "case"};
  default: return (ItemWords){"flags", "flag"};
  }
}

static void check_count(Resolver *self, const AstItem *item)
{
  AstName name = item->name;
  ItemWords words = item_words(item->kind);
  if (!item->field_count && (item->kind == AST_ITEM_RECORD || item->kind == AST_ITEM_FLAGS))
    diag_error(self->diags, DIAG_TYPE, name.span, "%s `%.*s` is empty: components need at least one %s",
               words.what, STR_ARG(name.text), words.part);
  if (item->kind == AST_ITEM_FLAGS && item->field_count > FLAGS_MAX)
    diag_error(self->diags, DIAG_TYPE, name.span,
               "flags `%.*s` has %u flags, but components allow %d: split it", STR_ARG(name.text),
               item->field_count, FLAGS_MAX);
}

static bool same_but_for_case(Str a, Str b)
{
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++) {
    char left = a.at[i], right = b.at[i];
    if (left >= 'A' && left <= 'Z') left = (char)(left - 'A' + 'a');
    if (right >= 'A' && right <= 'Z') right = (char)(right - 'A' + 'a');
    if (left != right) return false;
  }
  return true;
}

void valid_fields(Resolver *self, const AstItem *item)
{
  if (!is_asked(self)) return;
  check_count(self, item);
  Map *names = item->field_count > FEW ? map_new(self->arena) : NULL;
  for (uint32_t i = 0; i < item->field_count; i++) {
    AstName *name = &item->fields[i].name;
    const AstName *first = names ? map_put(names, name_folded(self->arena, name->text), name) : NULL;
    for (uint32_t k = 0; !names && k < i && !first; k++)
      if (same_but_for_case(item->fields[k].name.text, name->text)) first = &item->fields[k].name;
    if (first) report_case(self, *name, *first);
  }
}

void valid_type(Resolver *self, const AstType *ast, const Type *type)
{
  if (!is_asked(self) || type->alias || type->named) return;
  if (type->kind == TYPE_TUPLE && !type->count)
    diag_error(self->diags, DIAG_TYPE, ast->span, "a tuple has at least one element; leave this one out");
  if (type->kind == TYPE_FIXED_LIST && !type->count)
    diag_error(self->diags, DIAG_TYPE, ast->span, "a list of a fixed length has at least one element");
  if (type->kind == TYPE_STREAM && type->element && type->element->kind == TYPE_CHAR)
    diag_error(self->diags, DIAG_TYPE, ast->span,
               "components allow no `stream<char>`: stream bytes or strings (`stream<u8>`) instead");
}
