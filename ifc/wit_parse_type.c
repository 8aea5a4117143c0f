/* Types, type definitions and functions. Above each function stands its production from WIT.md. */
#include "ifc/wit_parse.h"

#include "ifc/wit_hint.h"

static AstType *new_type(Parser *self)
{
  AstType *type = arena_new_of(self->body, AstType);
  type->span = self->token.span;
  return type;
}

/* Leaves the type on the stack of parts, which parse_type takes them from. */
static bool parse_part(Parser *self)
{
  AstType *type;
  if (!parse_type(self, &type)) return false;
  parser_push(self, types, type);
  return true;
}

static bool element_of_types(Parser *self, const char *what)
{
  (void)what;
  return parse_part(self);
}

/* '<' ty '>' */
static bool parse_argument(Parser *self, AstType *type)
{
  (void)type;
  return parser_expect(self, TOKEN_LESS) && parse_part(self) && parser_expect(self, TOKEN_GREATER);
}

/* future ::= 'future' | 'future' '<' ty '>', and stream likewise */
static bool parse_optional_argument(Parser *self, AstType *type)
{
  return !parser_at(self, TOKEN_LESS) || parse_argument(self, type);
}

/* list ::= 'list' '<' ty '>' | 'list' '<' ty ',' integer '>' */
static bool parse_list_arguments(Parser *self, AstType *type)
{
  if (!parser_expect(self, TOKEN_LESS) || !parse_part(self)) return false;
  if (parser_eat(self, TOKEN_COMMA)) {
    Token length = self->token;
    type->kind = AST_TYPE_FIXED_LIST;
    if (!parser_at(self, TOKEN_INTEGER)) {
      parser_expected(self, "the list's fixed length, a number");
      return false;
    }
    uint64_t value;
    bool fits = str_to_u64(length.text, &value) && value <= UINT32_MAX;
    type->length = fits ? (uint32_t)value : 1;
    if (!fits) diag_error(self->diags, DIAG_TYPE, length.span, "a list's length is less than 2^32");
    parser_advance(self);
  }
  return parser_expect(self, TOKEN_GREATER);
}

/* result ::= 'result' | 'result' '<' ty '>' | 'result' '<' ty ',' ty '>' | 'result' '<' '_' ',' ty '>' */
static bool parse_result_arguments(Parser *self, AstType *type)
{
  (void)type;
  if (!parser_eat(self, TOKEN_LESS)) return true;
  bool ok_absent = parser_eat(self, TOKEN_UNDERSCORE);
  if (ok_absent)
    parser_push(self, types, NULL);
  else if (!parse_part(self))
    return false;
  if (ok_absent && parser_at(self, TOKEN_GREATER)) {
    parser_expected(self, "',' and the type of the error (without either, write `result`)");
    return false;
  }
  if (parser_eat(self, TOKEN_COMMA)) {
    if (parser_at(self, TOKEN_UNDERSCORE)) {
      parser_expected(self, "the type of the error (without one, write `result<T>`)");
      return false;
    }
    if (!parse_part(self)) return false;
  }
  return parser_expect(self, TOKEN_GREATER);
}

/* tuple ::= 'tuple' '<' ty (',' ty)* ','? '>' */
static bool parse_tuple_arguments(Parser *self, AstType *type)
{
  (void)type;
  return parser_list(self, TOKEN_LESS, TOKEN_GREATER, element_of_types, "a type");
}

/* A part whose place is told where it is the wrong one. */
static bool parse_placed_part(Parser *self)
{
  bool outer = self->places_count;
  self->places_count = true;
  bool parsed = parse_part(self);
  self->places_count = outer;
  return parsed;
}

/* map ::= 'map' '<' ty ',' ty '>' */
static bool parse_map_arguments(Parser *self, AstType *type)
{
  (void)type;
  return parser_expect(self, TOKEN_LESS) && parse_placed_part(self) && parser_expect(self, TOKEN_COMMA) &&
         parse_part(self) && parser_expect(self, TOKEN_GREATER);
}

static bool parse_named_type(Parser *self, AstType *type)
{
  AstName name;
  if (self->token.keyword) {
    parser_expected(self, "a type");
    return false;
  }
  bool misspelt = self->token.misspelt;
  if (!misspelt && !parser_at(self, TOKEN_ID)) {
    hint_note(self, parser_expected(self, "a type"), hint_for_type(self));
    return false;
  }
  if (!parser_expect_name(self, "a type", &name)) return false;
  type->kind = AST_TYPE_NAME;
  type->name = name.text;
  if (!parser_at(self, TOKEN_LESS)) return true;
  const char *hint = hint_of_generic(name.text);
  Diag *told = misspelt ? self->diags->last : NULL; /* for the name, unless that was dropped */
  if (told && told->span.at != name.span.at) return false;
  if (!told)
    told = diag_error(self->diags, DIAG_TYPE, self->token.span,
                      "`%.*s` takes no types: only those that are part of WIT do", STR_ARG(name.text));
  if (hint) diag_note(self->diags, told, SPAN_NONE, "%s", hint);
  return false;
}

/* handle ::= 'own' '<' id '>' | 'borrow' '<' id '>' */
static bool parse_handle_argument(Parser *self, AstType *type)
{
  (void)type;
  if (!parser_expect(self, TOKEN_LESS)) return false;
  AstType *resource = new_type(self);
  if (self->token.keyword) {
    parser_expected(self, "the name of a resource");
    return false;
  }
  if (!parse_named_type(self, resource)) return false;
  parser_push(self, types, resource);
  return parser_expect(self, TOKEN_GREATER);
}

/* What each keyword for a type begins. */
typedef struct TypeSyntax {
  bool is_type;
  AstTypeKind kind;
  TypeKind built_in;
  bool (*arguments)(Parser *self, AstType *type); /* NULL: none */
} TypeSyntax;

#define SYNTAX(kind, built_in, arguments)             \
  {                                                   \
    true, AST_TYPE_##kind, TYPE_##built_in, arguments \
  }
#define SIMPLE(name) SYNTAX(BUILT_IN, name, NULL)
static const TypeSyntax TYPES[KEYWORD_COUNT] = {
    [KEYWORD_BOOL] = SIMPLE(BOOL),
    [KEYWORD_S8] = SIMPLE(S8),
    [KEYWORD_U8] = SIMPLE(U8),
    [KEYWORD_S16] = SIMPLE(S16),
    [KEYWORD_U16] = SIMPLE(U16),
    [KEYWORD_S32] = SIMPLE(S32),
    [KEYWORD_U32] = SIMPLE(U32),
    [KEYWORD_S64] = SIMPLE(S64),
    [KEYWORD_U64] = SIMPLE(U64),
    [KEYWORD_F32] = SIMPLE(F32),
    [KEYWORD_F64] = SIMPLE(F64),
    [KEYWORD_CHAR] = SIMPLE(CHAR),
    [KEYWORD_STRING] = SIMPLE(STRING),
    [KEYWORD_LIST] = SYNTAX(BUILT_IN, LIST, parse_list_arguments),
    [KEYWORD_OPTION] = SYNTAX(BUILT_IN, OPTION, parse_argument),
    [KEYWORD_RESULT] = SYNTAX(BUILT_IN, RESULT, parse_result_arguments),
    [KEYWORD_TUPLE] = SYNTAX(BUILT_IN, TUPLE, parse_tuple_arguments),
    [KEYWORD_MAP] = SYNTAX(MAP, MAP, parse_map_arguments),
    [KEYWORD_STREAM] = SYNTAX(STREAM, STREAM, parse_optional_argument),
    [KEYWORD_FUTURE] = SYNTAX(FUTURE, FUTURE, parse_optional_argument),
    [KEYWORD_OWN] = SYNTAX(OWN, OWN, parse_handle_argument),
    [KEYWORD_BORROW] = SYNTAX(BORROW, BORROW, parse_handle_argument),
    [KEYWORD_ERROR_CONTEXT] = SYNTAX(ERROR_CONTEXT, ERROR_CONTEXT, NULL),
};

/* A word that is a type by itself, such as `u32`: one node stands for it wherever its place does not count.
 */
static AstType *shared_word(Parser *self)
{
  Keyword word = self->token.keyword;
  const TypeSyntax *syntax = &TYPES[word];
  if (!syntax->is_type || syntax->arguments || self->places_count || self->nesting >= NESTING_MAX)
    return NULL;
  if (!self->words[word]) {
    AstType *type = arena_new_of(self->arena, AstType);
    *type = (AstType){.kind = syntax->kind, .built_in = syntax->built_in};
    self->words[word] = type;
  }
  parser_advance(self);
  return self->words[word];
}

static bool parse_type_here(Parser *self, AstType *type)
{
  const TypeSyntax *syntax = &TYPES[self->token.keyword];
  if (self->token.misspelt) syntax = &TYPES[name_keyword(name_kebab(self->arena, self->token.text))];
  if (!syntax->is_type) return parse_named_type(self, type);
  type->kind = syntax->kind;
  type->built_in = syntax->built_in;
  parser_advance(self);
  return !syntax->arguments || syntax->arguments(self, type);
}

/* ty ::= 'u8' | 'u16' | … | 'string' | tuple | list | option | result | handle | future | stream | map |
 *        'error-context' | id */
bool parse_type(Parser *self, AstType **out)
{
  *out = shared_word(self);
  if (*out) return true;
  AstType *type = new_type(self);
  size_t base = self->stacks.types.len;
  *out = type;
  if (self->nesting >= NESTING_MAX) {
    diag_error(self->diags, DIAG_TYPE, type->span, "types are nested more than %d deep: name some of them",
               NESTING_MAX);
    return false;
  }
  self->nesting++;
  bool parsed = parse_type_here(self, type);
  self->nesting--;
  AstType **parts;
  uint32_t count;
  parser_keep(self, self->body, types, base, &parts, &count);
  if (count) type->parts = parts;
  type->part_count = count;
  if (!parsed) type->kind = AST_TYPE_ERROR;
  type->span = parser_span_from(self, type->span);
  return parsed;
}

/* id ':' ty, of a record's field or a parameter */
static bool element_of_fields(Parser *self, const char *what)
{
  AstField field = {.docs = parser_docs(self)};
  if (TYPES[self->token.keyword].is_type && parser_peek(self) != TOKEN_COLON) {
    Diag *diag = parser_expected(self, what);
    diag_note(self->diags, diag, SPAN_NONE, "both name and type are written: `NAME: %.*s`",
              STR_ARG(self->token.text));
    return false;
  }
  if (!parser_expect_name(self, what, &field.name)) return false;
  if (!parser_eat(self, TOKEN_COLON)) {
    Diag *diag = parser_expected(self, "':'");
    bool is_alone = parser_at(self, TOKEN_COMMA) || parser_at(self, TOKEN_RIGHT_PAREN);
    if (diag && is_alone)
      diag_note(self->diags, diag, SPAN_NONE, "both name and type are written: `NAME: TYPE`");
    return false;
  }
  if (!parse_type(self, &field.type)) return false;
  parser_push(self, fields, field);
  return true;
}

/* variant-case ::= id | id '(' ty ')' */
static bool element_of_cases(Parser *self, const char *what)
{
  AstField field = {.docs = parser_docs(self)};
  if (!parser_expect_name(self, what, &field.name)) return false;
  if (parser_eat(self, TOKEN_LEFT_PAREN))
    if (!parse_type(self, &field.type) || !parser_expect(self, TOKEN_RIGHT_PAREN)) return false;
  parser_push(self, fields, field);
  if (field.type || (!parser_at(self, TOKEN_COLON) && !parser_at(self, TOKEN_LEFT_BRACE))) return true;
  Diag *diag = parser_expected(self, "',' or '}'");
  diag_note(self->diags, diag, SPAN_NONE, "a case with a value is written `%.*s(TYPE)`",
            STR_ARG(field.name.text));
  return false;
}

/* id, of an enum's case or a flag */
static bool element_of_names(Parser *self, const char *what)
{
  AstField field = {.docs = parser_docs(self)};
  if (!parser_expect_name(self, what, &field.name)) return false;
  parser_push(self, fields, field);
  if (!parser_at(self, TOKEN_LEFT_PAREN) && !parser_at(self, TOKEN_COLON)) return true;
  Diag *diag = parser_expected(self, "',' or '}'");
  diag_note(self->diags, diag, SPAN_NONE, "only a variant's cases carry values: `variant … { %.*s(u32) }`",
            STR_ARG(field.name.text));
  return false;
}

/* A list of fields, cases, flags or parameters, into the item. */
static bool parse_fields(Parser *self, TokenKind open, TokenKind close, ParseElement *element,
                         const char *what, AstItem *out)
{
  size_t base = self->stacks.fields.len;
  bool parsed = parser_list(self, open, close, element, what);
  parser_keep(self, self->body, fields, base, &out->fields, &out->field_count);
  return parsed;
}

/* type-item ::= 'type' id '=' ty ';' */
bool parse_alias(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_ALIAS;
  parser_advance(self);
  if (!parser_expect_name(self, "the type's name", &out->name)) return false;
  if (!parser_expect(self, TOKEN_EQUAL) || !parse_type(self, &out->type)) return false;
  return parser_expect_semicolon(self);
}

/* record-item ::= 'record' id '{' record-fields '}' */
bool parse_record(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_RECORD;
  parser_advance(self);
  if (!parser_expect_name(self, "the record's name", &out->name)) return false;
  return parse_fields(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_fields, "a field's name", out);
}

/* variant-items ::= 'variant' id '{' variant-cases '}' */
bool parse_variant(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_VARIANT;
  parser_advance(self);
  if (!parser_expect_name(self, "the variant's name", &out->name)) return false;
  return parse_fields(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_cases, "a case's name", out);
}

/* enum-items ::= 'enum' id '{' enum-cases '}'; flags-items ::= 'flags' id '{' flags-fields '}' */
bool parse_names(Parser *self, AstItem *out)
{
  bool is_enum = parser_at_keyword(self, KEYWORD_ENUM);
  out->kind = is_enum ? AST_ITEM_ENUM : AST_ITEM_FLAGS;
  parser_advance(self);
  if (!parser_expect_name(self, is_enum ? "the enum's name" : "the flags' name", &out->name)) return false;
  return parse_fields(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_names,
                      is_enum ? "a case's name" : "a flag's name", out);
}

/* param-list ::= '(' named-type-list ')' */
static bool parse_params(Parser *self, AstItem *out)
{
  return parse_fields(self, TOKEN_LEFT_PAREN, TOKEN_RIGHT_PAREN, element_of_fields, "a parameter's name",
                      out);
}

/* result-list ::= ϵ | '->' ty */
static bool parse_result(Parser *self, AstItem *out)
{
  if (!parser_at(self, TOKEN_ARROW) && TYPES[self->token.keyword].is_type) {
    parser_missing(self, "'->' or ';'");
    return parse_type(self, &out->type);
  }
  if (!parser_eat(self, TOKEN_ARROW)) return true;
  if (!parser_at(self, TOKEN_LEFT_PAREN)) return parse_type(self, &out->type);
  Diag *diag = parser_expected(self, "a type");
  diag_note(self->diags, diag, SPAN_NONE,
            "a function has at most one result: leave out `->`, or return a tuple or a record");
  return false;
}

/* func-type ::= 'async'? 'func' param-list result-list */
bool parse_function_type(Parser *self, AstItem *out)
{
  out->is_async = parser_eat_keyword(self, KEYWORD_ASYNC);
  bool misplaced = out->is_async && parser_at_keyword(self, KEYWORD_STATIC);
  if (misplaced) {
    Diag *diag = parser_expected(self, "`func`");
    diag_note(self->diags, diag, SPAN_NONE, "`static` comes first: `static async func`");
    return false;
  }
  return parser_expect_keyword(self, KEYWORD_FUNC) && parse_params(self, out) && parse_result(self, out);
}

/* resource-method ::= func-item | id ':' 'static' func-type ';' | 'constructor' param-list result-list ';' */
static bool parse_method(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_FUNCTION;
  if (parser_at_keyword(self, KEYWORD_CONSTRUCTOR)) {
    out->function_kind = FUNCTION_CONSTRUCTOR;
    out->name = (AstName){self->token.text, self->token.span};
    parser_advance(self);
    if (!parse_params(self, out)) return false;
    self->places_count = true;
    bool parsed = parse_result(self, out);
    self->places_count = false;
    return parsed && parser_expect_semicolon(self);
  }
  if ((parser_at_keyword(self, KEYWORD_STATIC) || parser_at_keyword(self, KEYWORD_FUNC)) &&
      parser_peek(self) == TOKEN_ID) {
    bool is_static = parser_at_keyword(self, KEYWORD_STATIC);
    Diag *diag = parser_expected(self, "a method's name or `constructor`");
    diag_note(self->diags, diag, SPAN_NONE, "the name comes first: `NAME: %sfunc(…) -> …;`",
              is_static ? "static " : "");
    return false;
  }
  if (!parser_expect_name(self, "a method's name or `constructor`", &out->name)) return false;
  if (!parser_expect(self, TOKEN_COLON)) return false;
  if (parser_at_keyword(self, KEYWORD_CONSTRUCTOR)) {
    Diag *diag = parser_expected(self, "`func` or `static`");
    diag_note(self->diags, diag, SPAN_NONE, "a constructor has no name: `constructor(…);`");
    return false;
  }
  out->function_kind = parser_eat_keyword(self, KEYWORD_STATIC) ? FUNCTION_STATIC : FUNCTION_METHOD;
  return parse_function_type(self, out) && parser_expect_semicolon_or(self, hint_behind_function(self));
}

static bool item_of_resource(Parser *self, void *context)
{
  (void)context;
  AstItem item = {.docs = parser_docs(self)};
  if (!parse_gate(self, &item.gate)) return false;
  if (!item.docs.docs_len && self->token.docs.len) item.docs = parser_docs(self);
  if (!parse_method(self, &item)) return false;
  parser_push(self, items, item);
  return true;
}

/* resource-item ::= 'resource' id ';' | 'resource' id '{' resource-method* '}' */
bool parse_resource(Parser *self, AstItem *out)
{
  size_t base = self->stacks.items.len;
  out->kind = AST_ITEM_RESOURCE;
  parser_advance(self);
  if (!parser_expect_name(self, "the resource's name", &out->name)) return false;
  if (!parser_at(self, TOKEN_LEFT_BRACE)) return parser_expect_semicolon(self);
  bool parsed = parse_block(self, item_of_resource, NULL);
  parser_keep(self, self->body, items, base, &out->items, &out->item_count);
  return parsed;
}

TypeKind ast_item_type(AstItemKind kind)
{
  switch (kind) {
  case AST_ITEM_RECORD: return TYPE_RECORD;
  case AST_ITEM_VARIANT: return TYPE_VARIANT;
  case AST_ITEM_ENUM: return TYPE_ENUM;
  default: return TYPE_FLAGS;
  }
}
