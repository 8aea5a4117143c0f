/* Names: declaring them, finding them, and saying what was meant when they are not there. */
#include "ifc/near.h"
#include "ifc/wit_resolve.h"

/* Looking for near names takes time; nobody reads that many errors. */
enum { SUGGESTIONS_MAX = 100 };

void report_duplicate(Resolver *self, AstName name, AstName first)
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

void check_fields(Resolver *self, const AstItem *item)
{
  if (item->field_count < 2) return;
  Map *names = map_new(self->arena);
  for (uint32_t i = 0; i < item->field_count; i++) {
    AstName *name = &item->fields[i].name;
    const AstName *first = map_put(names, name_folded(self->arena, name->text), name);
    if (first) report_duplicate(self, *name, *first);
  }
}

static void declare(Resolver *self, Scope *scope, Symbol symbol)
{
  Symbol *kept = arena_new_of(self->arena, Symbol);
  *kept = symbol;
  Symbol *first = map_put(scope->names, name_folded(self->arena, symbol.name), kept);
  if (first) report_duplicate(self, (AstName){symbol.name, symbol.span}, (AstName){first->name, first->span});
}

static TypeDef *add_typedef(Resolver *self, Scope *scope, AstName name, const AstItem *item)
{
  TypeDef *def = &scope->typedefs[scope->out->typedef_count++];
  *def = (TypeDef){.name = name.text,
                   .type = type_of_kind(TYPE_BOOL), /* until it is resolved, and where that fails */
                   .owner = scope->out,
                   .is_use = item->kind == AST_ITEM_USE,
                   .docs = docs_text(self->arena, item->docs.docs),
                   .span = name.span};
  return def;
}

/* As in the reference: what is left out takes along only what says so itself. */
static void check_gated(Resolver *self, const AstGate *gate, AstName name, const char *inside)
{
  if (gate->unstable.text.len) return;
  diag_error(self->diags, DIAG_NAME, name.span,
             "`%.*s` has no gate, but the %s it is in is left out: gate it too", STR_ARG(name.text), inside);
}

static void check_item_gated(Resolver *self, const Scope *scope, const AstItem *item)
{
  if (!scope->out && item->kind == AST_ITEM_USE)
    for (uint32_t i = 0; i < item->rename_count; i++)
      check_gated(self, &item->gate, item->renames[i].as, "interface");
  else if (!scope->out && item->kind != AST_ITEM_FUNCTION)
    check_gated(self, &item->gate, item->name, "interface");
  for (uint32_t i = 0; i < item->item_count; i++)
    if (item->items[i].function_kind != FUNCTION_STATIC)
      check_gated(self, &item->items[i].gate, item->items[i].name, "resource");
}

static void declare_item(Resolver *self, Scope *scope, AstItem *item)
{
  bool selected = !item->left_out;
  if (!selected) check_item_gated(self, scope, item);
  if (item->kind == AST_ITEM_USE) {
    for (uint32_t i = 0; i < item->rename_count; i++) {
      AstName name = item->renames[i].as;
      TypeDef *def = selected ? add_typedef(self, scope, name, item) : NULL;
      declare(self, scope, (Symbol){name.text, name.span, item, &item->renames[i], def, 0, VISIT_NEW});
    }
  } else {
    bool is_type = selected && item->kind != AST_ITEM_FUNCTION;
    TypeDef *def = is_type ? add_typedef(self, scope, item->name, item) : NULL;
    if (item->kind == AST_ITEM_RESOURCE && selected)
      report_unsupported(self, UNSUPPORTED_RESOURCE, item->name.span);
    declare(self, scope, (Symbol){item->name.text, item->name.span, item, NULL, def, 0, VISIT_NEW});
  }
}

void scope_declare(Resolver *self, Scope *scope)
{
  uint32_t typedefs = 0;
  for (uint32_t i = 0; i < scope->ast->item_count; i++) {
    AstItem *item = &scope->ast->items[i];
    item->left_out = !scope->out || !gate_selects(self, &item->gate);
    typedefs += item->kind == AST_ITEM_USE ? item->rename_count : item->kind != AST_ITEM_FUNCTION;
  }
  scope->typedefs = arena_array_of(self->arena, TypeDef, typedefs);
  if (scope->out) scope->out->typedefs = scope->typedefs;
  for (uint32_t i = 0; i < scope->ast->item_count; i++) declare_item(self, scope, &scope->ast->items[i]);
}

Symbol *scope_find(Resolver *self, const Scope *scope, Str name)
{
  Symbol *symbol = map_get(scope->names, name_folded(self->arena, name));
  return symbol && str_equal(symbol->name, name) ? symbol : NULL;
}

typedef struct ForeignWord {
  const char *word, *meaning;
} ForeignWord;

/* What other languages call WIT's types. */
static const char *foreign_meaning(Str word)
{
  static const ForeignWord words[] = {
      {"float32", "f32"},     {"float64", "f64"},    {"float", "f32"},     {"double", "f64"},
      {"i8", "s8"},           {"i16", "s16"},        {"i32", "s32"},       {"i64", "s64"},
      {"int", "s32"},         {"int32", "s32"},      {"int64", "s64"},     {"uint", "u32"},
      {"uint8", "u8"},        {"uint32", "u32"},     {"uint64", "u64"},    {"byte", "u8"},
      {"bytes", "list<u8>"},  {"usize", "u32"},      {"size", "u32"},      {"str", "string"},
      {"text", "string"},     {"boolean", "bool"},   {"vec", "list<…>"},   {"array", "list<…>"},
      {"maybe", "option<…>"}, {"either", "variant"}, {"union", "variant"}, {"struct", "record"},
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_equal(word, str_from_z(words[i].word))) return words[i].meaning;
  return NULL;
}

/* The interface of the package that declares a type of this name, or NULL. */
static const Scope *scope_with_type(Resolver *self, const Scope *but, Str name)
{
  for (size_t i = 0; i < self->scopes.len; i++) {
    const Scope *scope = self->scopes.at[i];
    const Symbol *symbol = scope == but ? NULL : scope_find(self, scope, name);
    if (symbol && symbol->def && !symbol->rename) return scope;
  }
  return NULL;
}

/* What may have been meant by a name that `scope` does not have: the end of a message. */
static Str suggestion(Resolver *self, const Scope *scope, const Scope *viewer, Str name)
{
  const char *meaning = foreign_meaning(name);
  if (self->diags->errors >= SUGGESTIONS_MAX) return STR("");
  if (meaning) return str_format(self->arena, "; WIT's is `%s`", meaning);
  const Scope *other = scope_with_type(self, scope, name);
  if (other) {
    Str owner = other->ast->name.text;
    return str_format(self->arena, "; interface `%.*s` has one: `use %.*s.{%.*s};`", STR_ARG(owner),
                      STR_ARG(owner), STR_ARG(name));
  }
  Near near = {.wanted = name};
  if (scope == viewer)
    for (TypeKind kind = 0; kind <= TYPE_TUPLE; kind++) near_consider(&near, type_kind_name(kind));
  for (size_t i = 0; i < map_count(scope->names); i++) {
    const Symbol *symbol = map_entry(scope->names, i)->value;
    if (symbol->def) near_consider(&near, symbol->name);
  }
  if (near.best.len) return str_format(self->arena, "; did you mean `%.*s`?", STR_ARG(near.best));
  return scope == viewer ? STR(": declare it in this interface, or `use` it from another") : STR("");
}

static void report_unknown_type(Resolver *self, const Scope *scope, const Scope *viewer, Str name, Span at)
{
  Str hint = suggestion(self, scope, viewer, name), owner = scope->ast->name.text;
  if (scope == viewer)
    diag_error(self->diags, DIAG_NAME, at, "no type `%.*s`%.*s", STR_ARG(name), STR_ARG(hint));
  else
    diag_error(self->diags, DIAG_NAME, at, "interface `%.*s` has no type `%.*s`%.*s", STR_ARG(owner),
               STR_ARG(name), STR_ARG(hint));
}

Symbol *scope_find_type(Resolver *self, const Scope *scope, const Scope *viewer, Str name, Span at)
{
  Symbol *symbol = scope_find(self, scope, name);
  if (symbol && symbol->def) return symbol;
  if (!symbol) {
    if (!scope->ast->broken) report_unknown_type(self, scope, viewer, name, at);
    return NULL;
  }
  Diag *diag;
  if (symbol->item->left_out)
    diag = diag_error(self->diags, DIAG_NAME, at,
                      "the type `%.*s` is left out, because its feature is not selected", STR_ARG(name));
  else
    diag = diag_error(self->diags, DIAG_TYPE, at, "`%.*s` is a function, not a type", STR_ARG(name));
  diag_note(self->diags, diag, symbol->span, "declared here");
  return NULL;
}

static void report_unknown_interface(Resolver *self, AstName name)
{
  Near near = {.wanted = name.text};
  for (size_t i = 0; i < self->scopes.len && self->diags->errors < SUGGESTIONS_MAX; i++)
    near_consider(&near, self->scopes.at[i]->ast->name.text);
  const AstHeader *header = &self->written->header;
  if (near.best.len)
    diag_error(self->diags, DIAG_NAME, name.span, "no interface `%.*s`; did you mean `%.*s`?",
               STR_ARG(name.text), STR_ARG(near.best));
  else
    diag_error(self->diags, DIAG_NAME, name.span, "no interface `%.*s` in package `%.*s:%.*s`",
               STR_ARG(name.text), STR_ARG(header->namespace.text), STR_ARG(header->name.text));
}

Scope *scope_of_path(Resolver *self, const Scope *from, const AstPath *path)
{
  const AstHeader *header = &self->written->header;
  if (path->namespace.text.len) {
    bool own = str_equal(path->namespace.text, header->namespace.text) &&
               str_equal(path->package.text, header->name.text);
    if (own)
      diag_error(self->diags, DIAG_NAME, path->span, "that is this package: write `use %.*s.{…};`",
                 STR_ARG(path->name.text));
    else
      report_unsupported(self, UNSUPPORTED_OTHER_PACKAGE, path->span);
    return NULL;
  }
  Str folded = name_folded(self->arena, path->name.text);
  TopName *found = map_get(from->file_uses, folded);
  if (!found) found = map_get(self->names, folded);
  if (!found || !str_equal(found->name.text, path->name.text)) {
    report_unknown_interface(self, path->name);
    return NULL;
  }
  if (found->scope && found->scope->out) return found->scope;
  Diag *diag = NULL;
  if (found->world)
    diag = diag_error(self->diags, DIAG_NAME, path->name.span, "`%.*s` is a world, not an interface",
                      STR_ARG(path->name.text));
  else if (found->scope)
    diag = diag_error(self->diags, DIAG_NAME, path->name.span,
                      "the interface `%.*s` is left out, because its feature is not selected",
                      STR_ARG(path->name.text));
  if (diag) diag_note(self->diags, diag, found->name.span, "declared here");
  return NULL;
}
