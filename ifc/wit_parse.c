/* Files, packages, interfaces and worlds. Above each function stands its production from WIT.md. */
#include "ifc/wit_parse.h"
#include "ifc/near.h"
#include "ifc/wit.h"
#include "ifc/wit_hint.h"

static bool item_of_file(Parser *self, void *context);

/* Where the line begins that a token stands in; false where that is too far back to look. */
static bool line_start(const Token *token, size_t *out)
{
  enum { FAR = 200 };
  Str before = str_slice(token->span.source->text, 0, token->span.at);
  Str near = str_slice(before, before.len > FAR ? before.len - FAR : 0, before.len);
  size_t newline = str_find_last(near, '\n');
  *out = newline == SIZE_MAX ? 0 : (size_t)(near.at - before.at) + newline + 1;
  return newline != SIZE_MAX || near.len == before.len;
}

/* At what only a file holds, on a line of its own that is indented no deeper than that of `open`: a '}' must
 * be missing. */
static bool at_outer_item(const Parser *self, const Token *open)
{
  size_t line, open_line, indentation = 0;
  if (!parser_at_keyword(self, KEYWORD_INTERFACE) && !parser_at_keyword(self, KEYWORD_WORLD) &&
      !parser_at_keyword(self, KEYWORD_PACKAGE))
    return false;
  if (!line_start(&self->token, &line) || !line_start(open, &open_line) || line == open_line) return false;
  Str text = self->lexer.source->text;
  while (text.at[open_line + indentation] == ' ' || text.at[open_line + indentation] == '\t') indentation++;
  Str lead = str_slice(text, line, self->token.span.at);
  return lead.len <= indentation && !str_trim(lead).len;
}

/* '{' item* '}'. A '}' that must be missing is taken as read. */
bool parse_block(Parser *self, ParseItem *item, void *context)
{
  Token open = self->token;
  if (!parser_expect(self, TOKEN_LEFT_BRACE)) return false;
  uint32_t braces = self->braces;
  while (!parser_eat(self, TOKEN_RIGHT_BRACE)) {
    if (parser_at(self, TOKEN_END) || (item != item_of_file && at_outer_item(self, &open))) {
      Diag *diag = parser_expected(self, "'}'");
      if (diag) diag_note(self->diags, diag, open.span, "to close this one");
      self->braces--;
      return true;
    }
    if (!item(self, context)) parser_skip_item(self, braces);
  }
  return true;
}

/* What follows a path's namespace and ':' */
static bool parse_qualified_path(Parser *self, AstPath *out)
{
  if (!parser_expect_name(self, "the package's name", &out->package)) return false;
  if (!parser_expect(self, TOKEN_SLASH)) return false;
  if (!parser_expect_name(self, "the interface's name", &out->name)) return false;
  return !parser_at(self, TOKEN_AT) || parser_expect_version(self, &out->version);
}

/* path ::= id | id ':' id '/' id ('@' version)?; the first id has been read if there is a `first` */
static bool parse_path(Parser *self, const AstName *first, const AstPath **out)
{
  AstName name;
  if (first)
    name = *first;
  else if (!parser_expect_name(self, "an interface's name", &name))
    return false;
  AstPath *path = arena_new_of(self->arena, AstPath);
  *path = (AstPath){.name = name, .span = name.span};
  *out = path;
  if (parser_eat(self, TOKEN_COLON)) {
    path->namespace = name;
    if (!parse_qualified_path(self, path)) return false;
  }
  path->span = parser_span_from(self, name.span);
  return true;
}

/* use-names-item ::= id | id 'as' id */
static bool element_of_use(Parser *self, const char *what)
{
  AstRename rename;
  if (!parser_expect_name(self, what, &rename.name)) return false;
  rename.as = rename.name;
  if (parser_eat_keyword(self, KEYWORD_AS) && !parser_expect_name(self, "the new name", &rename.as))
    return false;
  parser_push(self, renames, rename);
  return true;
}

/* include-names-item ::= id 'as' id */
static bool element_of_include(Parser *self, const char *what)
{
  AstRename rename;
  if (!parser_expect_name(self, what, &rename.name)) return false;
  if (!parser_expect_keyword(self, KEYWORD_AS) || !parser_expect_name(self, "the new name", &rename.as))
    return false;
  parser_push(self, renames, rename);
  return true;
}

/* '{' names '}' of a `use` or an `include` */
static bool parse_renames(Parser *self, ParseElement *element, const char *what, const AstRename **out,
                          uint32_t *count)
{
  size_t base = self->stacks.renames.len;
  bool parsed = parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element, what);
  parser_keep(self, self->arena, renames, base, out, count);
  return parsed;
}

/* use-item ::= 'use' path '.' '{' use-names-list '}' ';' */
static bool parse_use(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_USE;
  parser_advance(self);
  if (!parse_path(self, NULL, &out->path)) return false;
  bool has_dot = parser_eat(self, TOKEN_DOT);
  if (!has_dot || !parser_at(self, TOKEN_LEFT_BRACE)) {
    Diag *diag = parser_expected(self, has_dot ? "'{'" : "'.'");
    if (diag)
      diag_note(self->diags, diag, SPAN_NONE, "types are named one by one: `use %.*s.{TYPE, …};`",
                STR_ARG(span_text(out->path->span)));
    return false;
  }
  if (!parse_renames(self, element_of_use, "a type's name", &out->renames, &out->rename_count)) return false;
  return parser_expect_semicolon(self);
}

/* The productions of items that keywords begin, types first. */
typedef bool ParseTyped(Parser *self, AstItem *out);
static ParseTyped *const ITEMS[KEYWORD_COUNT] = {
    [KEYWORD_TYPE] = parse_alias, [KEYWORD_RECORD] = parse_record, [KEYWORD_VARIANT] = parse_variant,
    [KEYWORD_ENUM] = parse_names, [KEYWORD_FLAGS] = parse_names,   [KEYWORD_RESOURCE] = parse_resource,
    [KEYWORD_USE] = parse_use,
};

/* The production that the current word begins, or NULL. */
static ParseTyped *item_syntax(const Parser *self)
{
  return ITEMS[self->token.keyword];
}

/* The word that was meant by another one; empty where none is near. */
static Str nearest(Str word, const char *const *words)
{
  Near near = {.wanted = word};
  for (; *words; words++) near_consider(&near, str_from_z(*words));
  return near.best;
}

/* Behind a word that is followed by neither ':' nor anything else that makes it an item. */
static void report_no_item(Parser *self, AstName word)
{
  static const char *const words[] = {"type", "record", "variant", "enum", "flags", "resource", "use", NULL};
  Diag *diag = parser_expected(self, "':'");
  const char *hint = parser_at(self, TOKEN_ID) ? hint_of_item(word.text) : NULL;
  Str near = diag && !hint ? nearest(word.text, words) : STR("");
  hint_note(self, diag, hint);
  if (near.len && parser_at(self, TOKEN_ID))
    diag_note(self->diags, diag, word.span, "did you mean `%.*s`?", STR_ARG(near));
}

/* At what begins no item of those that these words begin. */
static void report_none_of(Parser *self, const char *wanted, const char *const *words, const char *hint)
{
  Diag *diag = parser_expected(self, wanted);
  if (!diag) return;
  Str near = parser_at(self, TOKEN_ID) && !self->token.keyword ? nearest(self->token.text, words) : STR("");
  if (near.len)
    diag_note(self->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near));
  else if (hint)
    diag_note(self->diags, diag, SPAN_NONE, "%s", hint);
}

/* "async f: func", "async func f" */
static bool at_misplaced_async(const Parser *self)
{
  return parser_at_keyword(self, KEYWORD_ASYNC) && parser_peek(self) == TOKEN_ID;
}

/* func-item ::= id ':' func-type ';' */
static bool parse_function(Parser *self, AstItem *out)
{
  AstName name;
  out->kind = AST_ITEM_FUNCTION;
  if (parser_at_keyword(self, KEYWORD_FUNC) || at_misplaced_async(self)) {
    bool is_async = parser_at_keyword(self, KEYWORD_ASYNC);
    Diag *diag = parser_expected(self, "a function's name");
    diag_note(self->diags, diag, SPAN_NONE, "the name comes first: `NAME: %sfunc(…) -> …;`",
              is_async ? "async " : "");
    return false;
  }
  if (parser_at_keyword(self, KEYWORD_IMPORT) || parser_at_keyword(self, KEYWORD_EXPORT)) {
    Diag *diag = parser_expected(self, "a type, a function or `use`");
    diag_note(self->diags, diag, SPAN_NONE, "imports and exports stand in a `world NAME { … }`");
    return false;
  }
  if (!parser_expect_name(self, "a type, a function or `use`", &name)) return false;
  if (!parser_eat(self, TOKEN_COLON)) {
    report_no_item(self, name);
    return false;
  }
  out->name = name;
  return parse_function_type(self, out) && parser_expect_semicolon_or(self, hint_behind_function(self));
}

/* Of a type that did not parse the name is kept, so that uses of it are not reported as well. */
static bool keep_name(Parser *self, AstItem *item)
{
  if (!item->name.text.len || item->kind == AST_ITEM_FUNCTION) return false;
  item->kind = AST_ITEM_ALIAS;
  item->type = arena_new_of(self->body, AstType);
  item->field_count = 0;
  return true;
}

/* interface-item ::= gate (type-item | record-item | … | use-item | func-item) */
static bool item_of_interface(Parser *self, void *context)
{
  bool *broken = context;
  AstItem item = {.docs = parser_docs(self)};
  bool parsed = parse_gate(self, &item.gate);
  if (parsed) {
    ParseTyped *parse = item_syntax(self);
    if (!item.docs.docs_len && self->token.docs.len) item.docs = parser_docs(self);
    parsed = parse ? parse(self, &item) : parse_function(self, &item);
  }
  if (!parsed) {
    *broken = *broken || !item.name.text.len;
    if (!keep_name(self, &item)) return false;
  }
  parser_push(self, items, item);
  return parsed;
}

static bool parse_interface_body(Parser *self, AstInterface *out)
{
  size_t base = self->stacks.items.len;
  out->broken = false;
  bool parsed = parse_block(self, item_of_interface, &out->broken);
  parser_keep(self, self->body, items, base, &out->items, &out->item_count);
  return parsed;
}

/* interface-item ::= gate 'interface' id '{' interface-items* '}' */
static bool parse_interface(Parser *self, AstTop *out, AstDocs docs, const AstGate *gate)
{
  AstInterface *interface = arena_new_of(self->arena, AstInterface);
  interface->docs = docs;
  interface->gate = gate;
  parser_advance(self);
  if (!parser_expect_name(self, "the interface's name", &interface->name)) return false;
  out->interface = interface;
  pool_enter(self, interface);
  bool parsed = parse_interface_body(self, interface);
  self->body = self->arena;
  interface->broken = interface->broken || !parsed;
  return parsed;
}

/* 'interface' '{' interface-items* '}' | func-type ';' of "import NAME: …" */
static bool parse_extern_type(Parser *self, AstWorldItem *out)
{
  if (parser_eat_keyword(self, KEYWORD_INTERFACE)) {
    out->interface = arena_new_of(self->arena, AstInterface);
    return parse_interface_body(self, out->interface);
  }
  out->item = arena_new_of(self->arena, AstItem);
  *out->item = (AstItem){.kind = AST_ITEM_FUNCTION, .name = out->name};
  return parse_function_type(self, out->item) && parser_expect_semicolon_or(self, hint_behind_function(self));
}

/* What follows "import NAME:" or "export NAME:", of which the ':' has been read. "NAME: a/b" is no name and a
 * path, but a path with a namespace. */
static bool parse_extern_after(Parser *self, AstName first, AstWorldItem *out)
{
  AstName second;
  if (parser_at_keyword(self, KEYWORD_FUNC) || parser_at_keyword(self, KEYWORD_ASYNC) ||
      parser_at_keyword(self, KEYWORD_INTERFACE)) {
    out->name = first;
    return parse_extern_type(self, out);
  }
  if (!parser_expect_name(self, "`func`, `interface` or an interface's name", &second)) return false;
  if (!parser_eat(self, TOKEN_SLASH)) {
    out->name = first;
    return parse_path(self, &second, &out->path) && parser_expect_semicolon(self);
  }
  AstPath *path = arena_new_of(self->arena, AstPath);
  *path = (AstPath){.namespace = first, .package = second};
  out->path = path;
  if (!parser_expect_name(self, "the interface's name", &path->name)) return false;
  if (parser_at(self, TOKEN_AT) && !parser_expect_version(self, &path->version)) return false;
  path->span = parser_span_from(self, first.span);
  return parser_expect_semicolon(self);
}

/* import-item ::= 'import' id ':' extern-type | 'import' path ';' | 'import' id ':' path ';'
 * export-item ::= the same with 'export' */
static bool parse_extern(Parser *self, AstWorldItem *out)
{
  AstName first;
  out->kind = parser_at_keyword(self, KEYWORD_IMPORT) ? AST_WORLD_IMPORT : AST_WORLD_EXPORT;
  parser_advance(self);
  bool is_func = parser_at_keyword(self, KEYWORD_FUNC), is_async = parser_at_keyword(self, KEYWORD_ASYNC);
  if ((is_func || is_async || parser_at_keyword(self, KEYWORD_INTERFACE)) && parser_peek(self) == TOKEN_ID) {
    Diag *diag = parser_expected(self, "a name");
    diag_note(self->diags, diag, SPAN_NONE, "the name comes first: `NAME: %s`",
              is_func    ? "func(…) -> …;"
              : is_async ? "async func(…) -> …;"
                         : "interface { … }");
    return false;
  }
  if (!parser_expect_name(self, "a name", &first)) return false;
  if (parser_eat(self, TOKEN_COLON)) return parse_extern_after(self, first, out);
  const char *hint = parser_at(self, TOKEN_LEFT_PAREN)
                         ? "a function is imported or exported as `NAME: func(…) -> …;`"
                         : NULL;
  return parse_path(self, &first, &out->path) && parser_expect_semicolon_or(self, hint);
}

/* include-item ::= 'include' path ';' | 'include' path 'with' '{' include-names-list '}' */
static bool parse_include(Parser *self, AstWorldItem *out)
{
  out->kind = AST_WORLD_INCLUDE;
  parser_advance(self);
  if (!parse_path(self, NULL, &out->path)) return false;
  if (!parser_eat_keyword(self, KEYWORD_WITH)) return parser_expect_semicolon(self);
  return parse_renames(self, element_of_include, "an import's or export's name", &out->renames,
                       &out->rename_count);
}

static const AstPath no_path;

/* world-items ::= gate (export-item | import-item | use-item | typedef-item | include-item) */
static bool parse_world_item(Parser *self)
{
  AstWorldItem item = {.path = &no_path, .docs = parser_docs(self)};
  if (!parse_gate(self, &item.gate)) return false;
  if (!item.docs.docs_len && self->token.docs.len) item.docs = parser_docs(self);
  ParseTyped *parse = item_syntax(self);
  bool parsed;
  if (parser_at_keyword(self, KEYWORD_IMPORT) || parser_at_keyword(self, KEYWORD_EXPORT)) {
    parsed = parse_extern(self, &item);
  } else if (parser_at_keyword(self, KEYWORD_INCLUDE)) {
    gate_without_external_id(self, item.gate, "an `include`");
    parsed = parse_include(self, &item);
  } else if (parse) {
    item.kind = AST_WORLD_ITEM;
    item.item = arena_new_of(self->arena, AstItem);
    parsed = parse(self, item.item);
    if (!parsed && !keep_name(self, item.item)) return false;
  } else {
    static const char *const words[] = {"import", "export", "include",  "use",  "type", "variant",
                                        "record", "flags",  "resource", "enum", NULL};
    bool behind_brace = parser_at(self, TOKEN_SEMICOLON) && self->previous.kind == TOKEN_RIGHT_BRACE;
    report_none_of(self, "`import`, `export`, `include`, `use` or a type", words,
                   parser_at(self, TOKEN_ID)
                       ? "functions of a world are imported or exported: `import NAME: func(…);`"
                   : behind_brace ? "no ';' stands behind the '}' of an item; only of a `use`"
                                  : NULL);
    return false;
  }
  if (parsed || item.kind == AST_WORLD_ITEM) parser_push(self, world_items, item);
  return parsed;
}

static bool item_of_world(Parser *self, void *context)
{
  bool *broken = context;
  bool parsed = parse_world_item(self);
  *broken = *broken || !parsed;
  return parsed;
}

/* world-item ::= gate 'world' id '{' world-items* '}' */
static bool parse_world(Parser *self, AstTop *out, AstDocs docs, const AstGate *gate)
{
  size_t base = self->stacks.world_items.len;
  AstWorld *world = arena_new_of(self->arena, AstWorld);
  world->docs = docs;
  world->gate = gate;
  parser_advance(self);
  if (!parser_expect_name(self, "the world's name", &world->name)) return false;
  out->world = world;
  bool parsed = parse_block(self, item_of_world, &world->broken);
  parser_keep(self, self->arena, world_items, base, &world->items, &world->item_count);
  return parsed;
}

/* toplevel-use-item ::= 'use' path ('as' id)? ';' */
static bool parse_top_use(Parser *self, AstTop *out)
{
  const AstPath *path;
  parser_advance(self);
  if (!parse_path(self, NULL, &path)) return false;
  AstName as = path->name;
  if (parser_eat_keyword(self, KEYWORD_AS) && !parser_expect_name(self, "the new name", &as)) return false;
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
  if (!parser_eat(self, TOKEN_COLON)) {
    Diag *diag = parser_expected(self, "':'");
    if (diag)
      diag_note(self->diags, diag, SPAN_NONE, "a package has a namespace and a name: `package my-name:%.*s;`",
                STR_ARG(header.namespace.text));
    return false;
  }
  if (!parser_expect_name(self, "the package's name", &out->name)) return false;
  if (parser_at(self, TOKEN_AT) && !parser_expect_version(self, &out->version)) return false;
  out->span = parser_span_from(self, from);
  return true;
}

/* '{' package-items* '}' of package-nested-decl, whose header has been read */
static bool parse_nested_package(Parser *self, const AstHeader *header, AstTop *out)
{
  size_t base = self->stacks.tops.len;
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
  bool parsed = parse_block(self, item_of_file, NULL);
  self->nesting--;
  AstFile *package = arena_new_of(self->arena, AstFile);
  package->source = self->lexer.source;
  package->header = *header;
  parser_keep(self, self->arena, tops, base, &package->tops, &package->top_count);
  out->package = package;
  return parsed;
}

/* Reports gates before `what`, which takes none. */
static void expect_no_gate(Parser *self, const AstGate *gate, const char *what)
{
  if (gate)
    diag_error(self->diags, DIAG_SYNTAX, self->token.span, "no gate stands before %s: remove it", what);
}

/* package-nested-decl ::= package-decl '{' package-items* '}' */
static bool parse_nested(Parser *self, AstTop *out)
{
  AstHeader header = {0};
  return parse_header(self, &header) && parse_nested_package(self, &header, out);
}

/* package-items ::= toplevel-use-item | interface-item | world-item | package-nested-decl */
static bool item_of_file(Parser *self, void *context)
{
  (void)context;
  AstTop top = {0};
  const AstGate *gate;
  AstDocs docs = parser_docs(self);
  bool parsed;
  if (!parse_gate(self, &gate)) return false;
  if (!docs.docs_len && self->token.docs.len) docs = parser_docs(self);
  switch (self->token.keyword) {
  case KEYWORD_INTERFACE:
    gate_without_external_id(self, gate, "an interface");
    parsed = parse_interface(self, &top, docs, gate);
    break;
  case KEYWORD_WORLD: parsed = parse_world(self, &top, docs, gate); break;
  case KEYWORD_USE:
    expect_no_gate(self, gate, "a `use` outside of interfaces and worlds");
    parsed = parse_top_use(self, &top);
    break;
  case KEYWORD_PACKAGE:
    expect_no_gate(self, gate, "a package");
    parsed = parse_nested(self, &top);
    break;
  default: {
    static const char *const words[] = {"interface", "world", "use", "package", NULL};
    report_none_of(self, "`interface`, `world` or `use`", words,
                   item_syntax(self) ? "types and functions stand in an `interface NAME { … }`" : NULL);
    return false;
  }
  }
  if (top.interface || top.world || top.package || top.use) parser_push(self, tops, top);
  return parsed;
}

/* package-decl ';', or the first nested package where a '{' follows */
static bool parse_package_line(Parser *self, AstFile *file)
{
  AstHeader header = {0};
  bool parsed = parse_header(self, &header);
  if (parsed && parser_at(self, TOKEN_LEFT_BRACE)) {
    AstTop top = {0};
    parsed = parse_nested_package(self, &header, &top);
    parser_push(self, tops, top);
    return parsed;
  }
  file->header = header;
  file->header.broken = !parsed;
  bool is_number = parser_at(self, TOKEN_INTEGER) || parser_at(self, TOKEN_FLOAT);
  const char *hint = is_number                      ? "the version follows an '@', as in `@1.2.3`"
                     : parser_at(self, TOKEN_COLON) ? "a package has one namespace and one name, no more"
                                                    : NULL;
  return parsed && parser_expect_semicolon_or(self, hint);
}

/* wit-file ::= (package-decl ';')? package-items* */
static void parse_file(Parser *self, AstFile *file)
{
  parser_advance(self);
  /* A name that begins a file was meant for the word `package`. */
  file->header.broken = parser_at(self, TOKEN_ID) && !self->token.keyword;
  if (parser_at_keyword(self, KEYWORD_PACKAGE) && !parse_package_line(self, file)) parser_skip_item(self, 0);
  while (!parser_at(self, TOKEN_END)) {
    if (self->braces == 0 && parser_at(self, TOKEN_RIGHT_BRACE)) {
      diag_error(self->diags, DIAG_SYNTAX, self->token.span, "this '}' closes nothing: remove it");
      parser_advance(self);
    } else if (!item_of_file(self, NULL)) {
      parser_skip_item(self, 0);
    }
  }
  parser_keep(self, self->arena, tops, 0, &file->tops, &file->top_count);
}

bool wit_is_module(Str text)
{
  return str_starts_with(text, (Str){"\0asm", 4});
}

static AstFile *parse_source(Arena *arena, const Source *source, bool once, Diags *diags)
{
  if (wit_is_module(source->text)) {
    diag_error(diags, DIAG_INPUT, (Span){source, 0, 0}, "this is a WebAssembly binary; expected WIT text");
    return NULL;
  }
  Parser parser = {.arena = arena, .body = arena, .diags = diags};
  if (!lexer_begin(&parser.lexer, source, diags)) return NULL;
  AstFile *file = arena_new_of(arena, AstFile);
  file->source = source;
  if (once) parser.pools = &file->pools;
  parse_file(&parser, file);
  parser_release(&parser);
  return file;
}

AstFile *wit_parse_file(Arena *arena, const Source *source, Diags *diags)
{
  return parse_source(arena, source, false, diags);
}

AstFile *wit_parse_file_once(Arena *arena, const Source *source, Diags *diags)
{
  return parse_source(arena, source, true, diags);
}
