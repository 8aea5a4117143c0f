/* Files, packages, interfaces and worlds. Above each function stands its production from WIT.md. */
#include "ifc/wit_parse.h"
#include "ifc/base/vec.h"
#include "ifc/near.h"

typedef VEC(AstItem) Items;
typedef VEC(AstRename) Renames;
typedef VEC(AstWorldItem) WorldItems;
typedef VEC(AstTop) Tops;

static bool item_of_file(Parser *self, void *context);

/* '{' item* '}'. A '}' that must be missing, because only a file holds what comes next, is taken as read. */
bool parse_block(Parser *self, ParseItem *item, void *context)
{
  static const char *const outer[] = {"interface", "world", "package", NULL};
  Token open = self->token;
  if (!parser_expect(self, TOKEN_LEFT_BRACE)) return false;
  uint32_t braces = self->braces;
  while (!parser_eat(self, TOKEN_RIGHT_BRACE)) {
    if (parser_at(self, TOKEN_END) || (item != item_of_file && parser_at_any_word(self, outer))) {
      Diag *diag = parser_expected(self, "'}'");
      diag_note(self->diags, diag, open.span, "to close this one");
      self->braces--;
      return true;
    }
    if (!item(self, context)) parser_skip_item(self, braces);
  }
  return true;
}

/* path ::= id | id ':' id '/' id ('@' version)?, where the first id has been read */
static bool parse_path_after(Parser *self, AstName first, AstPath *out)
{
  *out = (AstPath){.name = first, .span = first.span};
  if (parser_eat(self, TOKEN_COLON)) {
    out->namespace = first;
    if (!parser_expect_name(self, "the package's name", &out->package)) return false;
    if (!parser_expect(self, TOKEN_SLASH)) return false;
    if (!parser_expect_name(self, "the interface's name", &out->name)) return false;
    if (parser_at(self, TOKEN_AT) && !parser_expect_version(self, &out->version)) return false;
  }
  out->span = parser_span_from(self, first.span);
  return true;
}

static bool parse_path(Parser *self, AstPath *out)
{
  AstName first;
  return parser_expect_name(self, "an interface's name", &first) && parse_path_after(self, first, out);
}

/* '(' word '=' value ')' behind '@' and the gate's name; the value is a version, or the name of a feature */
static bool parse_gate_value(Parser *self, const char *word, bool is_version, AstName *out)
{
  AstName name = self->previous.kind == TOKEN_ID ? (AstName){self->previous.text, self->previous.span} : *out;
  if (!parser_expect(self, TOKEN_LEFT_PAREN) || !parser_expect_word(self, word)) return false;
  if (out->text.len) {
    diag_error(self->diags, DIAG_SYNTAX, name.span, "`@%.*s` is given twice", STR_ARG(name.text));
    return false;
  }
  if (!parser_at(self, TOKEN_EQUAL)) return parser_expect(self, TOKEN_EQUAL);
  if (is_version) {
    if (!parser_expect_version(self, out)) return false;
  } else {
    parser_advance(self);
    if (!parser_expect_name(self, "a feature's name", out)) return false;
  }
  return parser_expect(self, TOKEN_RIGHT_PAREN);
}

/* Rules of the reference: a gate is either since or unstable; deprecated comes with one of them. */
static void check_gate(Parser *self, const AstGate *gate)
{
  if (gate->since.text.len && gate->unstable.text.len)
    diag_error(self->diags, DIAG_SYNTAX, gate->unstable.span,
               "`@since` and `@unstable` exclude each other: keep one");
  if (gate->deprecated.text.len && !gate->since.text.len && !gate->unstable.text.len)
    diag_error(self->diags, DIAG_SYNTAX, gate->deprecated.span,
               "`@deprecated` needs a `@since` or `@unstable` beside it");
}

/* gate ::= ('@' 'unstable' '(' 'feature' '=' id ')' | '@' 'since' '(' 'version' '=' version ')' |
 *           '@' 'deprecated' '(' 'version' '=' version ')')* */
bool parse_gate(Parser *self, AstGate *out)
{
  while (parser_eat(self, TOKEN_AT)) {
    bool parsed;
    if (parser_eat_word(self, "since")) {
      parsed = parse_gate_value(self, "version", true, &out->since);
    } else if (parser_eat_word(self, "unstable")) {
      parsed = parse_gate_value(self, "feature", false, &out->unstable);
    } else if (parser_eat_word(self, "deprecated")) {
      parsed = parse_gate_value(self, "version", true, &out->deprecated);
    } else {
      parser_expected(self, "`since`, `unstable` or `deprecated` after '@'");
      return false;
    }
    if (!parsed) return false;
  }
  check_gate(self, out);
  return true;
}

/* use-names-item ::= id | id 'as' id */
static bool element_of_renames(Parser *self, void *context)
{
  AstRename rename;
  if (!parser_expect_name(self, "a type's name", &rename.name)) return false;
  rename.as = rename.name;
  if (parser_eat_word(self, "as") && !parser_expect_name(self, "the new name", &rename.as)) return false;
  vec_push(self->arena, (Renames *)context, rename);
  return true;
}

/* use-item ::= 'use' path '.' '{' use-names-list '}' ';' */
static bool parse_use(Parser *self, AstItem *out)
{
  Renames renames = {0};
  out->kind = AST_ITEM_USE;
  parser_advance(self);
  if (!parse_path(self, &out->path) || !parser_expect(self, TOKEN_DOT)) return false;
  if (!parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_renames, &renames)) return false;
  out->renames = renames.at;
  out->rename_count = (uint32_t)renames.len;
  return parser_expect_semicolon(self);
}

typedef struct ItemSyntax {
  const char *word;
  bool (*parse)(Parser *self, AstItem *out);
} ItemSyntax;

static const ItemSyntax ITEMS[] = {
    {"type", parse_alias},  {"record", parse_record},     {"variant", parse_variant}, {"enum", parse_names},
    {"flags", parse_names}, {"resource", parse_resource}, {"use", parse_use},
};

/* The production that the current word begins, or NULL. */
static const ItemSyntax *item_syntax(const Parser *self)
{
  for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS; i++)
    if (parser_at_word(self, ITEMS[i].word)) return &ITEMS[i];
  return NULL;
}

/* Behind a word that is followed by neither ':' nor anything else that makes it an item. */
static void report_no_item(Parser *self, AstName word)
{
  Near near = {.wanted = word.text};
  for (size_t i = 0; i < sizeof ITEMS / sizeof *ITEMS; i++) near_consider(&near, str_from_z(ITEMS[i].word));
  Diag *diag = parser_expected(self, "':'");
  if (diag && near.best.len && parser_at(self, TOKEN_ID))
    diag_note(self->diags, diag, word.span, "did you mean `%.*s`?", STR_ARG(near.best));
}

/* func-item ::= id ':' func-type ';' */
static bool parse_function(Parser *self, AstItem *out)
{
  AstName name;
  out->kind = AST_ITEM_FUNCTION;
  if (!parser_expect_name(self, "a type, a function or `use`", &name)) return false;
  if (!parser_eat(self, TOKEN_COLON)) {
    report_no_item(self, name);
    return false;
  }
  out->name = name;
  return parse_function_type(self, out) && parser_expect_semicolon(self);
}

typedef struct InterfaceItems {
  Items items;
  bool broken;
} InterfaceItems;

/* interface-item ::= gate (type-item | record-item | … | use-item | func-item). A type that did not parse is
 * kept by its name, so that uses of it are not reported as well. */
static bool item_of_interface(Parser *self, void *context)
{
  InterfaceItems *list = context;
  AstItem item = {.docs = parser_docs(self)};
  Span from = self->token.span;
  bool parsed = parse_gate(self, &item.gate);
  if (parsed) {
    const ItemSyntax *syntax = item_syntax(self);
    if (!item.docs.docs.len && self->token.docs.len) item.docs = parser_docs(self);
    parsed = syntax ? syntax->parse(self, &item) : parse_function(self, &item);
  }
  if (!parsed) {
    list->broken = list->broken || !item.name.text.len;
    if (!item.name.text.len || item.kind == AST_ITEM_FUNCTION) return false;
    item.kind = AST_ITEM_ALIAS;
    item.type = arena_new_of(self->arena, AstType);
    item.field_count = 0;
  }
  item.span = parser_span_from(self, from);
  vec_push(self->arena, &list->items, item);
  return parsed;
}

static bool parse_interface_body(Parser *self, AstInterface *out)
{
  InterfaceItems list = {0};
  bool parsed = parse_block(self, item_of_interface, &list);
  out->items = list.items.at;
  out->item_count = (uint32_t)list.items.len;
  out->broken = list.broken;
  return parsed;
}

/* interface-item ::= gate 'interface' id '{' interface-items* '}' */
static bool parse_interface(Parser *self, AstTop *out, AstDocs docs, AstGate gate)
{
  AstInterface *interface = arena_new_of(self->arena, AstInterface);
  interface->docs = docs;
  interface->gate = gate;
  parser_advance(self);
  if (!parser_expect_name(self, "the interface's name", &interface->name)) return false;
  out->interface = interface;
  interface->broken = true;
  return parse_interface_body(self, interface);
}

/* 'interface' '{' interface-items* '}' | func-type ';' of "import NAME: …" */
static bool parse_extern_type(Parser *self, AstWorldItem *out)
{
  if (parser_eat_word(self, "interface")) {
    out->interface = arena_new_of(self->arena, AstInterface);
    return parse_interface_body(self, out->interface);
  }
  out->item = arena_new_of(self->arena, AstItem);
  *out->item = (AstItem){.kind = AST_ITEM_FUNCTION, .name = out->name};
  return parse_function_type(self, out->item) && parser_expect_semicolon(self);
}

/* import-item ::= 'import' id ':' extern-type | 'import' path ';' | 'import' id ':' path ';'
 * export-item ::= the same with 'export' */
static bool parse_extern(Parser *self, AstWorldItem *out)
{
  static const char *const extern_words[] = {"func", "async", "interface", NULL};
  AstName first, second;
  out->kind = parser_at_word(self, "import") ? AST_WORLD_IMPORT : AST_WORLD_EXPORT;
  parser_advance(self);
  if (!parser_expect_name(self, "a name", &first)) return false;
  if (!parser_eat(self, TOKEN_COLON))
    return parse_path_after(self, first, &out->path) && parser_expect_semicolon(self);
  if (parser_at_any_word(self, extern_words)) {
    out->name = first;
    return parse_extern_type(self, out);
  }
  if (!parser_expect_name(self, "`func`, `interface` or an interface's name", &second)) return false;
  if (!parser_eat(self, TOKEN_SLASH)) {
    out->name = first;
    return parse_path_after(self, second, &out->path) && parser_expect_semicolon(self);
  }
  AstPath path = {.namespace = first, .package = second};
  if (!parser_expect_name(self, "the interface's name", &path.name)) return false;
  if (parser_at(self, TOKEN_AT) && !parser_expect_version(self, &path.version)) return false;
  path.span = parser_span_from(self, first.span);
  out->path = path;
  return parser_expect_semicolon(self);
}

/* include-item ::= 'include' path ';' | 'include' path 'with' '{' include-names-list '}' */
static bool parse_include(Parser *self, AstWorldItem *out)
{
  Renames renames = {0};
  out->kind = AST_WORLD_INCLUDE;
  parser_advance(self);
  if (!parse_path(self, &out->path)) return false;
  if (!parser_eat_word(self, "with")) return parser_expect_semicolon(self);
  bool parsed = parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_renames, &renames);
  out->renames = renames.at;
  out->rename_count = (uint32_t)renames.len;
  return parsed;
}

/* world-items ::= gate (export-item | import-item | use-item | typedef-item | include-item) */
static bool item_of_world(Parser *self, void *context)
{
  AstWorldItem item = {.docs = parser_docs(self)};
  if (!parse_gate(self, &item.gate)) return false;
  const ItemSyntax *syntax = item_syntax(self);
  bool parsed;
  if (parser_at_word(self, "import") || parser_at_word(self, "export")) {
    parsed = parse_extern(self, &item);
  } else if (parser_at_word(self, "include")) {
    parsed = parse_include(self, &item);
  } else if (syntax) {
    item.kind = AST_WORLD_ITEM;
    item.item = arena_new_of(self->arena, AstItem);
    parsed = syntax->parse(self, item.item);
  } else {
    parser_expected(self, "`import`, `export`, `include`, `use` or a type");
    return false;
  }
  vec_push(self->arena, (WorldItems *)context, item);
  return parsed;
}

/* world-item ::= gate 'world' id '{' world-items* '}' */
static bool parse_world(Parser *self, AstTop *out, AstDocs docs, AstGate gate)
{
  WorldItems items = {0};
  AstWorld *world = arena_new_of(self->arena, AstWorld);
  world->docs = docs;
  world->gate = gate;
  parser_advance(self);
  if (!parser_expect_name(self, "the world's name", &world->name)) return false;
  out->world = world;
  bool parsed = parse_block(self, item_of_world, &items);
  world->items = items.at;
  world->item_count = (uint32_t)items.len;
  return parsed;
}

/* toplevel-use-item ::= 'use' path ('as' id)? ';' */
static bool parse_top_use(Parser *self, AstTop *out)
{
  AstPath path;
  parser_advance(self);
  if (!parse_path(self, &path)) return false;
  AstName as = path.name;
  if (parser_eat_word(self, "as") && !parser_expect_name(self, "the new name", &as)) return false;
  out->use = path;
  out->use_as = as;
  return parser_expect_semicolon(self);
}

/* package-decl ::= 'package' id ':' id ('@' version)?, with ';' or '{' still to come */
static bool parse_header(Parser *self, AstHeader *out)
{
  AstHeader header = {.docs = parser_docs(self)};
  Span from = self->token.span;
  parser_advance(self);
  if (!parser_expect_name(self, "the package's namespace, as in `package my-name:shapes;`",
                          &header.namespace))
    return false;
  *out = header;
  if (!parser_expect(self, TOKEN_COLON)) return false;
  if (!parser_expect_name(self, "the package's name", &out->name)) return false;
  if (parser_at(self, TOKEN_AT) && !parser_expect_version(self, &out->version)) return false;
  out->span = parser_span_from(self, from);
  return true;
}

/* '{' package-items* '}' of package-nested-decl, whose header has been read */
static bool parse_nested_package(Parser *self, const AstHeader *header, AstTop *out)
{
  Tops tops = {0};
  if (parser_at(self, TOKEN_SEMICOLON)) {
    Diag *diag = parser_expected(self, "'{'");
    diag_note(self->diags, diag, SPAN_NONE,
              "the package line comes first in a file, once; further packages are `package … { … }`");
    return false;
  }
  if (self->nesting >= NESTING_MAX) {
    diag_error(self->diags, DIAG_SYNTAX, header->span, "packages are nested more than %d deep", NESTING_MAX);
    return false;
  }
  self->nesting++;
  bool parsed = parse_block(self, item_of_file, &tops);
  self->nesting--;
  AstFile *package = arena_new_of(self->arena, AstFile);
  *package = (AstFile){self->lexer.source, *header, tops.at, (uint32_t)tops.len};
  out->package = package;
  return parsed;
}

/* package-items ::= toplevel-use-item | interface-item | world-item | package-nested-decl */
static bool item_of_file(Parser *self, void *context)
{
  AstTop top = {0};
  AstGate gate = {0};
  AstDocs docs = parser_docs(self);
  bool parsed;
  if (!parse_gate(self, &gate)) return false;
  if (!docs.docs.len && self->token.docs.len) docs = parser_docs(self);
  if (parser_at_word(self, "interface")) {
    parsed = parse_interface(self, &top, docs, gate);
  } else if (parser_at_word(self, "world")) {
    parsed = parse_world(self, &top, docs, gate);
  } else if (parser_at_word(self, "use")) {
    parsed = parse_top_use(self, &top);
  } else if (parser_at_word(self, "package")) {
    AstHeader header = {0};
    parsed = parse_header(self, &header) && parse_nested_package(self, &header, &top);
  } else {
    Diag *diag = parser_expected(self, "`interface`, `world` or `use`");
    if (diag && item_syntax(self))
      diag_note(self->diags, diag, SPAN_NONE, "types and functions stand in an `interface NAME { … }`");
    return false;
  }
  if (top.interface || top.world || top.package || top.use.name.text.len)
    vec_push(self->arena, (Tops *)context, top);
  return parsed;
}

/* package-decl ';', or the first nested package where a '{' follows */
static bool parse_package_line(Parser *self, AstFile *file, Tops *tops)
{
  AstHeader header = {0};
  bool parsed = parse_header(self, &header);
  if (parsed && parser_at(self, TOKEN_LEFT_BRACE)) {
    AstTop top = {0};
    parsed = parse_nested_package(self, &header, &top);
    vec_push(self->arena, tops, top);
    return parsed;
  }
  file->header = header;
  file->header.broken = !parsed;
  return parsed && parser_expect_semicolon(self);
}

/* wit-file ::= (package-decl ';')? package-items* */
static void parse_file(Parser *self, AstFile *file)
{
  Tops tops = {0};
  parser_advance(self);
  if (parser_at_word(self, "package") && !parse_package_line(self, file, &tops)) parser_skip_item(self, 0);
  while (!parser_at(self, TOKEN_END)) {
    if (item_of_file(self, &tops)) continue;
    bool stray = self->braces == 0 && parser_eat(self, TOKEN_RIGHT_BRACE);
    if (!stray) parser_skip_item(self, 0);
  }
  file->tops = tops.at;
  file->top_count = (uint32_t)tops.len;
}

AstFile *wit_parse_file(Arena *arena, const Source *source, Diags *diags)
{
  Parser parser = {.arena = arena, .diags = diags};
  if (!lexer_begin(&parser.lexer, source, diags)) return NULL;
  AstFile *file = arena_new_of(arena, AstFile);
  file->source = source;
  parse_file(&parser, file);
  return file;
}
