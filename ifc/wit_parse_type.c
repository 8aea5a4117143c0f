/* Types, type definitions and functions. Above each function stands its production from WIT.md. */
#include "ifc/base/vec.h"
#include "ifc/wit_parse.h"

typedef VEC(AstType *) Types;

static AstType *new_type(Parser *self, AstTypeKind kind)
{
  AstType *type = arena_new_of(self->arena, AstType);
  type->kind = kind;
  type->span = self->token.span;
  return type;
}

static bool element_of_types(Parser *self, void *context)
{
  AstType *type;
  if (!parse_type(self, &type)) return false;
  vec_push(self->arena, (Types *)context, type);
  return true;
}

static void take_parts(AstType *type, const Types *parts)
{
  type->parts = parts->at;
  type->part_count = (uint32_t)parts->len;
}

/* '<' ty '>' */
static bool parse_argument(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_expect(self, TOKEN_LESS) || !element_of_types(self, &parts)) return false;
  take_parts(type, &parts);
  return parser_expect(self, TOKEN_GREATER);
}

/* future ::= 'future' | 'future' '<' ty '>', and stream likewise */
static bool parse_optional_argument(Parser *self, AstType *type)
{
  return !parser_at(self, TOKEN_LESS) || parse_argument(self, type);
}

/* list ::= 'list' '<' ty '>' | 'list' '<' ty ',' integer '>' */
static bool parse_list_arguments(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_expect(self, TOKEN_LESS) || !element_of_types(self, &parts)) return false;
  take_parts(type, &parts);
  if (parser_eat(self, TOKEN_COMMA)) {
    Token length = self->token;
    type->kind = AST_TYPE_FIXED_LIST;
    if (!parser_at(self, TOKEN_INTEGER)) {
      parser_expected(self, "a fixed length");
      return false;
    }
    if (!str_to_u64(length.text, &type->length) || type->length > UINT32_MAX) {
      diag_error(self->diags, DIAG_TYPE, length.span, "a list's length is less than 2^32");
      return false;
    }
    parser_advance(self);
  }
  return parser_expect(self, TOKEN_GREATER);
}

/* result ::= 'result' | 'result' '<' ty '>' | 'result' '<' ty ',' ty '>' | 'result' '<' '_' ',' ty '>' */
static bool parse_result_arguments(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_eat(self, TOKEN_LESS)) return true;
  bool ok_absent = parser_eat(self, TOKEN_UNDERSCORE);
  if (ok_absent)
    vec_push(self->arena, &parts, NULL);
  else if (!element_of_types(self, &parts))
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
    if (!element_of_types(self, &parts)) return false;
  }
  take_parts(type, &parts);
  return parser_expect(self, TOKEN_GREATER);
}

/* tuple ::= 'tuple' '<' ty (',' ty)* ','? '>' */
static bool parse_tuple_arguments(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_list(self, TOKEN_LESS, TOKEN_GREATER, element_of_types, &parts)) return false;
  take_parts(type, &parts);
  return true;
}

/* map ::= 'map' '<' ty ',' ty '>' */
static bool parse_map_arguments(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_expect(self, TOKEN_LESS) || !element_of_types(self, &parts)) return false;
  if (!parser_expect(self, TOKEN_COMMA) || !element_of_types(self, &parts)) return false;
  take_parts(type, &parts);
  return parser_expect(self, TOKEN_GREATER);
}

static bool parse_named_type(Parser *self, AstType *type)
{
  AstName name;
  if (name_is_keyword(self->token.text) && !self->token.escaped && parser_at(self, TOKEN_ID)) {
    parser_expected(self, "a type");
    return false;
  }
  if (!parser_expect_name(self, "a type", &name)) return false;
  type->name = name.text;
  return true;
}

/* handle ::= 'own' '<' id '>' | 'borrow' '<' id '>' */
static bool parse_handle_argument(Parser *self, AstType *type)
{
  Types parts = {0};
  if (!parser_expect(self, TOKEN_LESS)) return false;
  AstType *resource = new_type(self, AST_TYPE_NAME);
  if (!parse_named_type(self, resource)) return false;
  vec_push(self->arena, &parts, resource);
  take_parts(type, &parts);
  return parser_expect(self, TOKEN_GREATER);
}

static bool parse_no_arguments(Parser *self, AstType *type)
{
  (void)self;
  (void)type;
  return true;
}

/* What each keyword for a type begins. */
typedef struct TypeSyntax {
  const char *word;
  AstTypeKind kind;
  bool (*arguments)(Parser *self, AstType *type);
} TypeSyntax;

static const TypeSyntax CONSTRUCTORS[] = {
    {"list", AST_TYPE_BUILT_IN, parse_list_arguments},
    {"option", AST_TYPE_BUILT_IN, parse_argument},
    {"result", AST_TYPE_BUILT_IN, parse_result_arguments},
    {"tuple", AST_TYPE_BUILT_IN, parse_tuple_arguments},
    {"map", AST_TYPE_MAP, parse_map_arguments},
    {"stream", AST_TYPE_STREAM, parse_optional_argument},
    {"future", AST_TYPE_FUTURE, parse_optional_argument},
    {"own", AST_TYPE_OWN, parse_handle_argument},
    {"borrow", AST_TYPE_BORROW, parse_handle_argument},
    {"error-context", AST_TYPE_ERROR_CONTEXT, parse_no_arguments},
};

/* The built-in kind that the current token names, up to and with `last`; TYPE_KIND_COUNT where none. */
static TypeKind built_in_kind(const Parser *self)
{
  if (!parser_at(self, TOKEN_ID) || self->token.escaped) return TYPE_KIND_COUNT;
  for (TypeKind kind = 0; kind <= TYPE_TUPLE; kind++)
    if (str_equal(self->token.text, type_kind_name(kind))) return kind;
  return TYPE_KIND_COUNT;
}

static bool parse_type_here(Parser *self, AstType *type)
{
  type->built_in = built_in_kind(self);
  if (type->built_in <= TYPE_STRING) {
    type->kind = AST_TYPE_BUILT_IN;
    parser_advance(self);
    return true;
  }
  for (size_t i = 0; i < sizeof CONSTRUCTORS / sizeof *CONSTRUCTORS; i++) {
    if (!parser_eat_word(self, CONSTRUCTORS[i].word)) continue;
    type->kind = CONSTRUCTORS[i].kind;
    return CONSTRUCTORS[i].arguments(self, type);
  }
  type->kind = AST_TYPE_NAME;
  return parse_named_type(self, type);
}

/* ty ::= 'u8' | 'u16' | … | 'string' | tuple | list | option | result | handle | future | stream | map |
 *        'error-context' | id */
bool parse_type(Parser *self, AstType **out)
{
  AstType *type = new_type(self, AST_TYPE_ERROR);
  *out = type;
  if (self->nesting >= NESTING_MAX) {
    diag_error(self->diags, DIAG_TYPE, type->span, "types are nested more than %d deep: name some of them",
               NESTING_MAX);
    return false;
  }
  self->nesting++;
  bool parsed = parse_type_here(self, type);
  self->nesting--;
  if (!parsed) type->kind = AST_TYPE_ERROR;
  type->span = parser_span_from(self, type->span);
  return parsed;
}

typedef struct FieldList {
  VEC(AstField) fields;
  const char *what; /* an element is called, in messages */
} FieldList;

static void take_fields(AstItem *item, const FieldList *list)
{
  item->fields = list->fields.at;
  item->field_count = (uint32_t)list->fields.len;
}

/* id ':' ty, of a record's field or a parameter */
static bool element_of_fields(Parser *self, void *context)
{
  FieldList *list = context;
  AstField field = {.docs = parser_docs(self)};
  if (!parser_expect_name(self, list->what, &field.name) || !parser_expect(self, TOKEN_COLON)) return false;
  if (!parse_type(self, &field.type)) return false;
  vec_push(self->arena, &list->fields, field);
  return true;
}

/* variant-case ::= id | id '(' ty ')' */
static bool element_of_cases(Parser *self, void *context)
{
  FieldList *list = context;
  AstField field = {.docs = parser_docs(self)};
  if (!parser_expect_name(self, list->what, &field.name)) return false;
  if (parser_eat(self, TOKEN_LEFT_PAREN))
    if (!parse_type(self, &field.type) || !parser_expect(self, TOKEN_RIGHT_PAREN)) return false;
  vec_push(self->arena, &list->fields, field);
  return true;
}

/* id, of an enum's case or a flag */
static bool element_of_names(Parser *self, void *context)
{
  FieldList *list = context;
  AstField field = {.docs = parser_docs(self)};
  if (!parser_expect_name(self, list->what, &field.name)) return false;
  vec_push(self->arena, &list->fields, field);
  if (!parser_at(self, TOKEN_LEFT_PAREN) && !parser_at(self, TOKEN_COLON)) return true;
  Diag *diag = parser_expected(self, "',' or '}'");
  diag_note(self->diags, diag, SPAN_NONE, "only a variant's cases carry values: `variant … { %.*s(u32) }`",
            STR_ARG(field.name.text));
  return false;
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
  FieldList list = {.what = "a field's name"};
  out->kind = AST_ITEM_RECORD;
  parser_advance(self);
  if (!parser_expect_name(self, "the record's name", &out->name)) return false;
  bool parsed = parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_fields, &list);
  take_fields(out, &list);
  return parsed;
}

/* variant-items ::= 'variant' id '{' variant-cases '}' */
bool parse_variant(Parser *self, AstItem *out)
{
  FieldList list = {.what = "a case's name"};
  out->kind = AST_ITEM_VARIANT;
  parser_advance(self);
  if (!parser_expect_name(self, "the variant's name", &out->name)) return false;
  bool parsed = parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_cases, &list);
  take_fields(out, &list);
  return parsed;
}

/* enum-items ::= 'enum' id '{' enum-cases '}'; flags-items ::= 'flags' id '{' flags-fields '}' */
bool parse_names(Parser *self, AstItem *out)
{
  bool is_enum = parser_at_word(self, "enum");
  FieldList list = {.what = is_enum ? "a case's name" : "a flag's name"};
  out->kind = is_enum ? AST_ITEM_ENUM : AST_ITEM_FLAGS;
  parser_advance(self);
  if (!parser_expect_name(self, is_enum ? "the enum's name" : "the flags' name", &out->name)) return false;
  bool parsed = parser_list(self, TOKEN_LEFT_BRACE, TOKEN_RIGHT_BRACE, element_of_names, &list);
  take_fields(out, &list);
  return parsed;
}

/* param-list ::= '(' named-type-list ')' */
static bool parse_params(Parser *self, AstItem *out)
{
  FieldList list = {.what = "a parameter's name"};
  if (!parser_list(self, TOKEN_LEFT_PAREN, TOKEN_RIGHT_PAREN, element_of_fields, &list)) return false;
  take_fields(out, &list);
  return true;
}

/* result-list ::= ϵ | '->' ty */
static bool parse_result(Parser *self, AstItem *out)
{
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
  out->is_async = parser_eat_word(self, "async");
  return parser_expect_word(self, "func") && parse_params(self, out) && parse_result(self, out);
}

/* resource-method ::= func-item | id ':' 'static' func-type ';' | 'constructor' param-list result-list ';' */
static bool parse_method(Parser *self, AstItem *out)
{
  out->kind = AST_ITEM_FUNCTION;
  if (parser_at_word(self, "constructor")) {
    out->function_kind = FUNCTION_CONSTRUCTOR;
    out->name = (AstName){self->token.text, self->token.span};
    parser_advance(self);
    return parse_params(self, out) && parse_result(self, out) && parser_expect_semicolon(self);
  }
  if (!parser_expect_name(self, "a method's name or `constructor`", &out->name)) return false;
  if (!parser_expect(self, TOKEN_COLON)) return false;
  out->function_kind = parser_eat_word(self, "static") ? FUNCTION_STATIC : FUNCTION_METHOD;
  return parse_function_type(self, out) && parser_expect_semicolon(self);
}

typedef VEC(AstItem) Items;

static bool item_of_resource(Parser *self, void *context)
{
  AstItem item = {.docs = parser_docs(self)};
  Span from = self->token.span;
  if (!parse_gate(self, &item.gate) || !parse_method(self, &item)) return false;
  item.span = parser_span_from(self, from);
  vec_push(self->arena, (Items *)context, item);
  return true;
}

/* resource-item ::= 'resource' id ';' | 'resource' id '{' resource-method* '}' */
bool parse_resource(Parser *self, AstItem *out)
{
  Items items = {0};
  out->kind = AST_ITEM_RESOURCE;
  parser_advance(self);
  if (!parser_expect_name(self, "the resource's name", &out->name)) return false;
  if (!parser_at(self, TOKEN_LEFT_BRACE)) return parser_expect_semicolon(self);
  bool parsed = parse_block(self, item_of_resource, &items);
  out->items = items.at;
  out->item_count = (uint32_t)items.len;
  return parsed;
}
