/* Names of types and functions: declaring them, finding them, and saying what was meant when they are not
 * there. */
#include "ifc/near.h"
#include "ifc/wit_resolve.h"

/* Looking for near names takes time; nobody reads that many errors. */
enum { SUGGESTIONS_MAX = 100, PLACES_MAX = 4 };

/* What was told of a name that is not there. */
typedef struct Unknown {
  Diag *diag;
  size_t places;
} Unknown;

bool unknown_is_told(Resolver *self, const Map *unknown, Str name, Span at)
{
  Unknown *told = unknown ? map_get(unknown, name) : NULL;
  if (told && ++told->places <= PLACES_MAX) diag_note(self->diags, told->diag, at, "and here");
  return told != NULL;
}

void unknown_told(Resolver *self, Map **unknown, Str name, Diag *diag)
{
  Unknown *told = arena_new_of(self->arena, Unknown);
  *told = (Unknown){diag, 1};
  if (!*unknown) *unknown = map_new(self->arena);
  map_put(*unknown, name, told);
}

void report_duplicate(Resolver *self, AstName name, AstName first)
{
  Diag *diag = diag_error(self->diags, DIAG_NAME, name.span, "the name `%.*s` is taken", STR_ARG(name.text));
  bool is_before = first.span.source != name.span.source || first.span.at < name.span.at;
  diag_note(self->diags, diag, first.span, is_before ? "declared here first" : "declared here too");
}

/* A `use` of the interface that it stands in, which is told as a cycle. */
static bool uses_itself(const Scope *self, const AstItem *item)
{
  return self->out && !self->world && item->kind == AST_ITEM_USE && !item->path->namespace.text.len &&
         str_equal(item->path->name.text, self->name.text);
}

static Symbol *declare(Scope *self, AstName name, AstItem *item, const AstRename *rename)
{
  Resolver *resolver = self->unit->resolver;
  Symbol *symbol = self->symbols++;
  *symbol = (Symbol){.item = item, .rename = rename, .left_out = item->left_out};
  if (item->kind == AST_ITEM_FUNCTION)
    symbol->place = name.span;
  else
    symbol->built = (Built){.type = type_of_kind(TYPE_BOOL), .is_broken = true}; /* until it is resolved */
  Symbol *first = map_put(self->names, name.text, symbol);
  bool is_own = first && (uses_itself(self, item) || uses_itself(self, first->item));
  if (first && !is_own) report_duplicate(resolver, name, symbol_name(first));
  return symbol;
}

/* Selected ones stand in the order written, the others behind them. */
static TypeDef *add_typedef(Scope *self, AstName name, const AstItem *item, uint32_t *from_end)
{
  Resolver *resolver = self->unit->resolver;
  TypeDef *def = &self->typedefs[item->left_out ? --*from_end : self->typedef_count++];
  *def = (TypeDef){.name = name.text,
                   .type = type_of_kind(TYPE_BOOL),
                   .owner = self->out,
                   .world = self->out ? NULL : self->world,
                   .is_use = item->kind == AST_ITEM_USE,
                   .docs = docs_text(resolver->arena, ast_docs(item->docs)),
                   .span = name.span};
  if (item->kind == AST_ITEM_RESOURCE) def->resource = def;
  return def;
}

static void report_ungated(Resolver *self, AstName name, AstName inside, const char *kind)
{
  Diag *diag = diag_error(self->diags, DIAG_NAME, name.span,
                          "`%.*s` is in %s `%.*s`, which is left out: gate it with the same feature",
                          STR_ARG(name.text), kind, STR_ARG(inside.text));
  diag_note(self->diags, diag, inside.span, "left out because its feature is not selected");
}

/* As in the reference: what is left out takes along only the types that say so themselves. */
static void check_gated(Scope *self, const AstItem *item)
{
  const char *kind = self->out ? "interface" : "world";
  for (uint32_t i = 0; item->kind == AST_ITEM_USE && i < item->rename_count; i++)
    report_ungated(self->unit->resolver, item->renames[i].name, self->name, kind);
  if (item->kind != AST_ITEM_USE && item->kind != AST_ITEM_FUNCTION)
    report_ungated(self->unit->resolver, item->name, self->name, kind);
}

static Span span_of_item(const AstItem *item)
{
  if (item->kind != AST_ITEM_USE) return item->name.span;
  return item->rename_count ? item->renames[0].name.span : item->path->span;
}

/* Of a resource that is left out. */
static void check_resource_gated(Scope *self, const AstItem *resource)
{
  for (uint32_t i = 0; i < resource->item_count; i++) {
    const AstItem *item = &resource->items[i];
    if (gate_selects(self->unit, item->gate, item->name.span))
      report_ungated(self->unit->resolver, item->name, resource->name, "resource");
  }
}

static void select_item(Scope *self, AstItem *item)
{
  bool selected = gate_selects(self->unit, item->gate, span_of_item(item));
  if (selected && self->left_out) check_gated(self, item);
  item->left_out = self->left_out || !selected;
  if (item->kind == AST_ITEM_RESOURCE && item->left_out && !self->left_out) check_resource_gated(self, item);
}

static uint32_t typedefs_of(const AstItem *item)
{
  return item->kind == AST_ITEM_USE ? item->rename_count : item->kind != AST_ITEM_FUNCTION;
}

/* Uses come first, functions last: where a name is declared twice, this says which of the two is told. */
static void declare_names(Scope *self, bool uses, bool functions)
{
  for (uint32_t i = 0; i < self->item_count; i++) {
    AstItem *item = self->items[i];
    if ((item->kind == AST_ITEM_USE) != uses || (item->kind == AST_ITEM_FUNCTION) != functions) continue;
    if (uses)
      for (uint32_t k = 0; k < item->rename_count; k++)
        declare(self, item->renames[k].as, item, &item->renames[k]);
    else
      declare(self, item->name, item, NULL);
  }
}

/* Gives each symbol of a type its typedef, in the order written. */
static void make_typedefs(Scope *self)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < self->item_count; i++) count += typedefs_of(self->items[i]);
  self->typedefs = arena_array_of(self->unit->resolver->arena, TypeDef, count);
  for (uint32_t i = 0; i < self->item_count; i++) {
    const AstItem *item = self->items[i];
    for (uint32_t k = 0; k < typedefs_of(item); k++) {
      const AstRename *rename = item->kind == AST_ITEM_USE ? &item->renames[k] : NULL;
      AstName name = rename ? rename->as : item->name;
      TypeDef *def = add_typedef(self, name, item, &count);
      Symbol *symbol = scope_find(self, name.text);
      if (symbol->item == item && symbol->rename == rename) symbol->def = def;
    }
  }
  if (self->out) self->out->typedefs = self->typedefs;
  if (self->out) self->out->typedef_count = self->typedef_count;
}

static void check_names(Scope *self)
{
  if (!valid_names_matter(self->unit->resolver, self->names)) return;
  size_t count = map_count(self->names);
  AstName *names = arena_array_of(self->unit->resolver->arena, AstName, count);
  for (size_t i = 0; i < count; i++) {
    const Symbol *symbol = map_entry(self->names, i)->value;
    names[i] = symbol_name(symbol);
  }
  valid_names(self->unit->resolver, names, count);
}

/* Room for all names. */
static void reserve_names(Scope *self)
{
  size_t count = 0;
  for (uint32_t i = 0; i < self->item_count; i++)
    count += self->items[i]->kind == AST_ITEM_USE ? self->items[i]->rename_count : 1;
  self->symbols = arena_array_of(self->unit->resolver->arena, Symbol, count);
  map_reserve(self->names, count);
}

void scope_declare(Scope *self)
{
  for (uint32_t i = 0; i < self->item_count; i++) select_item(self, self->items[i]);
  reserve_names(self);
  declare_names(self, true, false);
  declare_names(self, false, false);
  declare_names(self, false, true);
  make_typedefs(self);
  check_names(self);
}

/* What a left-out item names in another package need not be there. */
void scope_link(Scope *self)
{
  for (uint32_t i = 0; i < self->item_count; i++) {
    AstItem *item = self->items[i];
    if (item->kind != AST_ITEM_USE) continue;
    bool looked_up = !item->left_out || !item->path->namespace.text.len;
    Scope *found = looked_up ? interface_of_path(self, item->path) : NULL;
    vec_push(self->unit->resolver->arena, &self->targets, (UseTarget){item, found});
  }
}

Symbol *scope_find(const Scope *self, Str name)
{
  return map_get(self->names, name);
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

/* What other languages call the result of what has none. */
static bool is_nothing(Str word)
{
  return str_equal(word, STR("void")) || str_equal(word, STR("unit")) || str_equal(word, STR("none")) ||
         str_equal(word, STR("nothing"));
}

/* The interface of the package that declares a type of this name, or NULL. */
static const Scope *scope_with_type(const Scope *but, Str name)
{
  const Unit *unit = but->unit;
  for (size_t i = 0; i < unit->scopes.len; i++) {
    const Scope *scope = unit->scopes.at[i];
    const Symbol *symbol = scope == but ? NULL : scope_find(scope, name);
    if (symbol && symbol->def && !symbol->rename && !symbol->left_out) return scope;
  }
  return NULL;
}

/* What may have been meant by a name that the scope does not have: the end of a message. */
static Str suggestion(const Scope *self, const Scope *viewer, Str name)
{
  Resolver *resolver = self->unit->resolver;
  const char *meaning = foreign_meaning(name);
  if (resolver->diags->errors >= SUGGESTIONS_MAX) return STR("");
  if (meaning) return str_format(resolver->arena, "; WIT's is `%s`", meaning);
  if (is_nothing(name)) return STR(": a function without a result has no `->`");
  const Scope *other = scope_with_type(self, name);
  if (other && viewer->unit == self->unit) {
    Str owner = other->name.text;
    return str_format(resolver->arena, "; interface `%.*s` has one: `use %.*s.{%.*s};`", STR_ARG(owner),
                      STR_ARG(owner), STR_ARG(name));
  }
  Near near = {.wanted = name};
  if (self == viewer)
    for (TypeKind kind = 0; kind <= TYPE_TUPLE; kind++) near_consider(&near, type_kind_name(kind));
  for (size_t i = 0; i < map_count(self->names); i++) {
    const Symbol *symbol = map_entry(self->names, i)->value;
    if (symbol->def) near_consider(&near, symbol_name(symbol).text);
  }
  if (near.best.len) return str_format(resolver->arena, "; did you mean `%.*s`?", STR_ARG(near.best));
  if (self != viewer) return STR("");
  return self->out ? STR(": declare it in this interface, or `use` it from another")
                   : STR(": declare it in this world, or `use` it from an interface");
}

static void report_unknown_type(Scope *self, const Scope *viewer, Str name, Span at)
{
  Resolver *resolver = self->unit->resolver;
  if (unknown_is_told(resolver, self->unknown, name, at)) return;
  Str hint = suggestion(self, viewer, name);
  Diag *diag;
  if (self == viewer)
    diag = diag_error(resolver->diags, DIAG_NAME, at, "no type `%.*s`%.*s", STR_ARG(name), STR_ARG(hint));
  else
    diag = diag_error(resolver->diags, DIAG_NAME, at, "interface `%.*s` has no type `%.*s`%.*s",
                      STR_ARG(self->name.text), STR_ARG(name), STR_ARG(hint));
  unknown_told(resolver, &self->unknown, name, diag);
}

/* Said of what has to be gated too: the item, or the field, that names the type. */
static void report_left_out(const Scope *self, const Scope *viewer, const Symbol *symbol, Span at)
{
  Diags *diags = self->unit->resolver->diags;
  Span place = viewer->place.source ? viewer->place : at;
  Diag *diag =
      diag_error(diags, DIAG_NAME, place,
                 "this needs the type `%.*s`, which is left out, because its feature is not selected",
                 STR_ARG(symbol_name(symbol).text));
  if (place.at != at.at || place.source != at.source) diag_note(diags, diag, at, "it is named here");
  diag_note(diags, diag, symbol_name(symbol).span, "it is declared here");
  if (self->left_out)
    diag_note(diags, diag, self->name.span, "and left out with all of `%.*s`", STR_ARG(self->name.text));
  diag_note(diags, diag, SPAN_NONE, "gate this with the same feature, or select it with `--features`");
}

Symbol *scope_find_type(Scope *self, const Scope *viewer, Str name, Span at)
{
  Symbol *symbol = scope_find(self, name);
  Diags *diags = self->unit->resolver->diags;
  if (!symbol) {
    if (!self->is_broken) report_unknown_type(self, viewer, name, at);
    return NULL;
  }
  if (!symbol->def) {
    Diag *diag = diag_error(diags, DIAG_TYPE, at, "`%.*s` is a function, not a type", STR_ARG(name));
    diag_note(diags, diag, symbol->place, "declared here");
    return NULL;
  }
  bool seen_from_inside = viewer->left_out || (viewer->current && viewer->current->left_out);
  if (symbol->left_out && !seen_from_inside) {
    report_left_out(self, viewer, symbol, at);
    return NULL;
  }
  return symbol;
}
