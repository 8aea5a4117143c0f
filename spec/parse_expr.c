/* Reading expressions: one function a production, named after it. */
#include "ifc/base/vec.h"
#include "spec/ast.h"

typedef VEC(Expr *) Exprs;
typedef VEC(Name) Names;

Expr *expr_new(Cursor *self, ExprKind kind, Span span)
{
  Expr *expr = arena_new_of(self->unit->arena, Expr);
  expr->kind = kind;
  expr->span = span;
  return expr;
}

/* Gives the node its operands and ends it at the token taken last. NULL, with a diagnostic, when the tree
 * becomes too high for what walks it. */
static Expr *finish(Cursor *self, Expr *expr, Expr **args, size_t count)
{
  expr->args = args;
  expr->count = (uint32_t)count;
  expr->span = span_join(expr->span, self->last);
  for (size_t i = 0; i < count; i++)
    if (args[i]->height >= expr->height) expr->height = (uint16_t)(args[i]->height + 1);
  if (expr->height <= HEIGHT_MAX) return expr;
  diag_error(self->unit->diags, DIAG_SYNTAX, expr->span,
             "this expression is more than %d operations deep: take parts out into a `let` or a `fn`",
             HEIGHT_MAX);
  return NULL;
}

static Expr *finish_one(Cursor *self, Expr *expr, Expr *arg)
{
  if (!arg) return NULL;
  Expr **args = arena_array_of(self->unit->arena, Expr *, 1);
  args[0] = arg;
  return finish(self, expr, args, 1);
}

static Expr *finish_two(Cursor *self, Expr *expr, Expr *first, Expr *second)
{
  if (!first || !second) return NULL;
  Expr **args = arena_array_of(self->unit->arena, Expr *, 2);
  args[0] = first;
  args[1] = second;
  return finish(self, expr, args, 2);
}

/* exprs ::= (expr (',' expr)* ','?)? CLOSE */
static bool exprs(Cursor *self, TokenKind close, Exprs *out)
{
  while (!cursor_at(self, close)) {
    Expr *expr = expr_parse(self);
    if (!expr) return false;
    vec_push(self->unit->arena, out, expr);
    if (!cursor_accept(self, TOKEN_COMMA)) break;
  }
  return cursor_expect(self, close);
}

/* domain ::= expr ('..' '='? expr)? */
bool domain_parse(Cursor *self, Domain *out)
{
  *out = (Domain){0};
  Expr *first = expr_parse(self);
  if (!first) return false;
  if (!cursor_accept(self, TOKEN_DOT_DOT)) {
    out->list = first;
    return true;
  }
  out->low = first;
  out->closed = cursor_accept(self, TOKEN_EQUAL);
  out->high = expr_parse(self);
  return out->high != NULL;
}

static uint16_t domain_height(const Domain *domain)
{
  if (domain->list) return domain->list->height;
  return domain->low->height > domain->high->height ? domain->low->height : domain->high->height;
}

/* The node `x in domain: …`; its operands and the rest come from the caller. */
static Expr *with_domain(Cursor *self, Expr *expr)
{
  expr->domain = arena_new_of(self->unit->arena, Domain);
  if (!domain_parse(self, expr->domain)) return NULL;
  expr->height = (uint16_t)(domain_height(expr->domain) + 1);
  return expr;
}

/* each ::= name 'in' domain (',' each | TAIL)   one node for each name, the first outermost. */
static Expr *each(Cursor *self, ExprKind kind, Span start, Expr *(*tail)(Cursor *self, Expr *innermost))
{
  Expr *expr = expr_new(self, kind, start);
  if (!cursor_name(self, "a variable's name", &expr->name) || !cursor_expect_word(self, STR("in")))
    return NULL;
  if (!with_domain(self, expr)) return NULL;
  if (!cursor_accept(self, TOKEN_COMMA)) return tail(self, expr);
  expr->op = 1;
  if (!cursor_descend(self)) return NULL;
  Expr *inner = each(self, kind, self->token.span, tail);
  cursor_ascend(self);
  return finish_one(self, expr, inner);
}

static Expr *quantifier_tail(Cursor *self, Expr *innermost)
{
  if (!cursor_expect(self, TOKEN_COLON)) return NULL;
  return finish_one(self, innermost, expr_parse(self));
}

/* for-all ::= 'for' 'all' each ':' expr */
static Expr *for_all(Cursor *self)
{
  Span start = cursor_take(self).span;
  return cursor_expect_word(self, STR("all")) ? each(self, EXPR_FOR_ALL, start, quantifier_tail) : NULL;
}

/* exists ::= 'exists' each ':' expr */
static Expr *exists(Cursor *self)
{
  Span start = cursor_take(self).span;
  return each(self, EXPR_EXISTS, start, quantifier_tail);
}

static Expr *comprehension_tail(Cursor *self, Expr *innermost)
{
  Expr *condition = NULL;
  if (cursor_accept_word(self, STR("if"))) {
    condition = expr_parse(self);
    if (!condition) return NULL;
  }
  if (!cursor_expect(self, TOKEN_COLON)) return NULL;
  Expr *element = expr_parse(self);
  return condition ? finish_two(self, innermost, element, condition) : finish_one(self, innermost, element);
}

/* list ::= '[' exprs | '[' 'for' each ('if' expr)? ':' expr ']' */
static Expr *list(Cursor *self)
{
  Span start = cursor_take(self).span;
  if (cursor_accept_word(self, STR("for"))) {
    Expr *expr = each(self, EXPR_EACH, start, comprehension_tail);
    if (!expr || !cursor_expect(self, TOKEN_RIGHT_BRACKET)) return NULL;
    expr->span = span_join(start, self->last);
    return expr;
  }
  Exprs elements = {0};
  if (!exprs(self, TOKEN_RIGHT_BRACKET, &elements)) return NULL;
  return finish(self, expr_new(self, EXPR_LIST, start), elements.at, elements.len);
}

/* group ::= '(' expr ')'; tuple ::= '(' expr ',' … ')' */
static Expr *group(Cursor *self)
{
  Span start = cursor_take(self).span;
  Exprs elements = {0};
  bool comma = false;
  while (!cursor_at(self, TOKEN_RIGHT_PAREN)) {
    Expr *expr = expr_parse(self);
    if (!expr) return NULL;
    vec_push(self->unit->arena, &elements, expr);
    comma = cursor_accept(self, TOKEN_COMMA);
    if (!comma) break;
  }
  if (!cursor_expect(self, TOKEN_RIGHT_PAREN)) return NULL;
  if (elements.len == 1 && !comma) {
    elements.at[0]->span = span_join(start, self->last);
    return elements.at[0];
  }
  return finish(self, expr_new(self, EXPR_TUPLE, start), elements.at, elements.len);
}

/* record ::= '{' (name ':' expr),* '}' | '{' ':' '}'; flags ::= '{' name,* '}' */
static Expr *braces(Cursor *self)
{
  Span start = cursor_take(self).span;
  Expr *expr = expr_new(self, EXPR_FLAGS, start);
  Exprs values = {0};
  Names labels = {0};
  if (cursor_accept(self, TOKEN_COLON)) {
    expr->kind = EXPR_RECORD;
  } else {
    while (!cursor_at(self, TOKEN_RIGHT_BRACE)) {
      Name label;
      if (!cursor_name(self, "a field's or flag's name", &label)) return NULL;
      vec_push(self->unit->arena, &labels, label);
      if (labels.len == 1 && cursor_at(self, TOKEN_COLON)) expr->kind = EXPR_RECORD;
      if (expr->kind == EXPR_RECORD) {
        Expr *value = cursor_expect(self, TOKEN_COLON) ? expr_parse(self) : NULL;
        if (!value) return NULL;
        vec_push(self->unit->arena, &values, value);
      }
      if (!cursor_accept(self, TOKEN_COMMA)) break;
    }
  }
  if (!cursor_expect(self, TOKEN_RIGHT_BRACE)) return NULL;
  expr->labels = labels.at;
  expr = finish(self, expr, values.at, values.len);
  if (expr) expr->count = (uint32_t)labels.len;
  return expr;
}

bool let_parse(Cursor *self, LetDecl *out)
{
  cursor_take(self); /* 'let' or 'var' */
  return let_rest_parse(self, out);
}

bool let_rest_parse(Cursor *self, LetDecl *out)
{
  *out = (LetDecl){0};
  if (!cursor_name(self, "a variable's name", &out->name)) return false;
  if (cursor_accept(self, TOKEN_COLON)) {
    out->type = type_parse(self);
    if (!out->type) return false;
  }
  if (!cursor_expect(self, TOKEN_EQUAL)) return false;
  out->value = expr_parse(self);
  return out->value && cursor_expect(self, TOKEN_SEMICOLON);
}

Expr *block_parse(Cursor *self)
{
  if (!cursor_at_word(self, STR("let"))) return expr_parse(self);
  if (!cursor_descend(self)) return NULL;
  Expr *expr = expr_new(self, EXPR_LET, self->token.span);
  LetDecl let;
  Expr *body = let_parse(self, &let) ? block_parse(self) : NULL;
  cursor_ascend(self);
  expr->name = let.name;
  expr->written = let.type;
  return finish_two(self, expr, let.value, body);
}

static void statement_in_block(Cursor *self, size_t errors)
{
  Diag *last = self->unit->diags->last;
  self->closes = true;
  if (last && self->unit->diags->errors > errors)
    diag_note(self->unit->diags, last, SPAN_NONE,
              "`if` gives a value, and statements cannot stand in it: write `expect if … { … } else { … };`");
}

/* braced ::= '{' block '}' */
static Expr *braced(Cursor *self)
{
  if (!cursor_expect(self, TOKEN_LEFT_BRACE)) return NULL;
  bool is_statement = cursor_at_word(self, STR("expect"));
  size_t errors = self->unit->diags->errors;
  self->blocks++;
  Expr *expr = block_parse(self);
  if (!expr || !cursor_expect(self, TOKEN_RIGHT_BRACE)) {
    if (is_statement) statement_in_block(self, errors);
    return NULL;
  }
  self->blocks--;
  return expr;
}

/* if ::= 'if' expr braced 'else' (if | braced) */
static Expr *if_else(Cursor *self)
{
  if (!cursor_descend(self)) return NULL;
  Expr *expr = expr_new(self, EXPR_IF, cursor_take(self).span);
  Expr *condition = expr_parse(self);
  Expr *yes = condition ? braced(self) : NULL;
  Expr *no = NULL;
  if (yes && cursor_expect_word(self, STR("else")))
    no = cursor_at_word(self, STR("if")) ? if_else(self) : braced(self);
  cursor_ascend(self);
  if (!no) return NULL;
  Expr **args = arena_array_of(self->unit->arena, Expr *, 3);
  args[0] = condition;
  args[1] = yes;
  args[2] = no;
  return finish(self, expr, args, 3);
}

/* arm ::= ('_' | name ('(' (name | '_') ')')?) '=>' block */
static bool arm(Cursor *self, Arm *out)
{
  *out = (Arm){0};
  if (cursor_at(self, TOKEN_UNDERSCORE)) {
    out->label.span = cursor_take(self).span;
  } else {
    if (!cursor_name(self, "a case, or `_` for all others", &out->label)) return false;
    out->has_payload = cursor_accept(self, TOKEN_LEFT_PAREN);
    if (out->has_payload) {
      if (!cursor_accept(self, TOKEN_UNDERSCORE) &&
          !cursor_name(self, "a name for the payload", &out->binding))
        return false;
      if (!cursor_expect(self, TOKEN_RIGHT_PAREN)) return false;
    }
  }
  if (!cursor_expect(self, TOKEN_FAT_ARROW)) return false;
  out->body = block_parse(self);
  return out->body != NULL;
}

/* match ::= 'match' expr '{' arm (',' arm)* ','? '}' */
static Expr *match(Cursor *self)
{
  Expr *expr = expr_new(self, EXPR_MATCH, cursor_take(self).span);
  Expr *subject = expr_parse(self);
  if (!subject || !cursor_expect(self, TOKEN_LEFT_BRACE)) return NULL;
  self->blocks++;
  VEC(Arm) arms = {0};
  while (!cursor_at(self, TOKEN_RIGHT_BRACE)) {
    Arm next;
    if (!arm(self, &next)) return NULL;
    if (next.body->height >= expr->height) expr->height = (uint16_t)(next.body->height + 1);
    vec_push(self->unit->arena, &arms, next);
    if (!cursor_accept(self, TOKEN_COMMA)) break;
  }
  if (!cursor_expect(self, TOKEN_RIGHT_BRACE)) return NULL;
  self->blocks--;
  expr->arms = arms.at;
  expr->arm_count = (uint32_t)arms.len;
  return finish_one(self, expr, subject);
}

/* generate ::= 'generate' '(' type ',' 'size' ':' expr ',' 'seed' ':' expr ')' */
static Expr *generate(Cursor *self)
{
  Expr *expr = expr_new(self, EXPR_GENERATE, cursor_take(self).span);
  if (!cursor_expect(self, TOKEN_LEFT_PAREN)) return NULL;
  expr->written = type_parse(self);
  if (!expr->written || !cursor_expect(self, TOKEN_COMMA)) return NULL;
  if (!cursor_expect_word(self, STR("size")) || !cursor_expect(self, TOKEN_COLON)) return NULL;
  Expr *size = expr_parse(self);
  if (!size || !cursor_expect(self, TOKEN_COMMA)) return NULL;
  if (!cursor_expect_word(self, STR("seed")) || !cursor_expect(self, TOKEN_COLON)) return NULL;
  Expr *seed = expr_parse(self);
  cursor_accept(self, TOKEN_COMMA);
  if (!seed || !cursor_expect(self, TOKEN_RIGHT_PAREN)) return NULL;
  return finish_two(self, expr, size, seed);
}

static Expr *literal(Cursor *self, ExprKind kind)
{
  Expr *expr = expr_new(self, kind, self->token.span);
  expr->token = cursor_take(self);
  return expr;
}

/* name | name '(' exprs | ('b' | 'hex') string   where the string follows at once. */
static Expr *name_or_call(Cursor *self)
{
  Token token = cursor_take(self);
  bool adjacent = self->token.span.at == token.span.at + token.span.len;
  bool prefix = str_equal(token.text, STR("b")) || str_equal(token.text, STR("hex"));
  if (prefix && !token.escaped && adjacent && cursor_at(self, TOKEN_STRING)) {
    Expr *expr = literal(self, EXPR_BYTES);
    expr->op = token.text.at[0] == 'h';
    expr->span = span_join(token.span, expr->span);
    return expr;
  }
  Expr *expr = expr_new(self, EXPR_NAME, token.span);
  expr->name = (Name){token.text, token.span};
  expr->bare = true;
  expr->escaped = token.escaped;
  if (!cursor_accept(self, TOKEN_LEFT_PAREN)) return expr;
  Exprs args = {0};
  expr->kind = EXPR_CALL;
  expr->bare = false;
  return exprs(self, TOKEN_RIGHT_PAREN, &args) ? finish(self, expr, args.at, args.len) : NULL;
}

/* '@' name '(' exprs: the library's function, whatever else has its name. */
static Expr *library_call(Cursor *self)
{
  Span start = cursor_take(self).span;
  if (!cursor_at(self, TOKEN_ID)) {
    cursor_error(self, "the name of a library function");
    return NULL;
  }
  Expr *expr = name_or_call(self);
  if (!expr) return NULL;
  if (expr->kind != EXPR_CALL) {
    cursor_error(self, "'('");
    return NULL;
  }
  expr->op = 1;
  expr->span = span_join(start, expr->span);
  return expr;
}

/* An unescaped name that begins something else than a name. */
static Expr *keyword(Cursor *self, bool *found)
{
  *found = true;
  if (cursor_at_word(self, STR("if"))) return if_else(self);
  if (cursor_at_word(self, STR("match"))) return match(self);
  if (cursor_at_word(self, STR("for"))) return for_all(self);
  if (cursor_at_word(self, STR("exists"))) return exists(self);
  if (cursor_at_word(self, STR("true")) || cursor_at_word(self, STR("false")))
    return literal(self, EXPR_BOOL);
  if (cursor_at_word(self, STR("inf")) || cursor_at_word(self, STR("nan"))) return literal(self, EXPR_NUMBER);
  if (cursor_at_word(self, STR("generate")) && self->unit->may_generate) return generate(self);
  *found = false;
  return NULL;
}

/* primary ::= literal | list | group | braces | keyword | name | call */
static Expr *primary(Cursor *self)
{
  bool found;
  Expr *expr;
  switch (self->token.kind) {
  case TOKEN_INTEGER:
  case TOKEN_FLOAT: return literal(self, EXPR_NUMBER);
  case TOKEN_STRING: return literal(self, EXPR_STRING);
  case TOKEN_CHAR: return literal(self, EXPR_CHAR);
  case TOKEN_LEFT_BRACKET: return list(self);
  case TOKEN_LEFT_PAREN: return group(self);
  case TOKEN_LEFT_BRACE: return braces(self);
  case TOKEN_AT: return library_call(self);
  case TOKEN_ID: expr = keyword(self, &found); return found ? expr : name_or_call(self);
  default: cursor_error(self, "an expression"); return NULL;
  }
}

/* '.' (name | digits) | '.' name '(' exprs */
static Expr *field(Cursor *self, Expr *of)
{
  Expr *expr = expr_new(self, EXPR_FIELD, of->span);
  cursor_take(self);
  if (!cursor_at(self, TOKEN_ID) && !cursor_at(self, TOKEN_INTEGER)) {
    cursor_error(self, "a field's name or a tuple's index");
    return NULL;
  }
  Token token = cursor_take(self);
  expr->name = (Name){token.text, token.span};
  expr->bare = token.kind == TOKEN_INTEGER;
  if (expr->bare || !cursor_accept(self, TOKEN_LEFT_PAREN)) return finish_one(self, expr, of);
  Exprs args = {0};
  expr->kind = EXPR_METHOD;
  vec_push(self->unit->arena, &args, of);
  return exprs(self, TOKEN_RIGHT_PAREN, &args) ? finish(self, expr, args.at, args.len) : NULL;
}

/* '[' expr ']' */
static Expr *subscript(Cursor *self, Expr *of)
{
  Expr *expr = expr_new(self, EXPR_INDEX, of->span);
  cursor_take(self);
  Expr *index = expr_parse(self);
  return index && cursor_expect(self, TOKEN_RIGHT_BRACKET) ? finish_two(self, expr, of, index) : NULL;
}

/* postfix ::= primary ('.' field | '[' expr ']')* */
static Expr *postfix(Cursor *self)
{
  Expr *expr = primary(self);
  while (expr) {
    if (cursor_at(self, TOKEN_DOT))
      expr = field(self, expr);
    else if (cursor_at(self, TOKEN_LEFT_BRACKET))
      expr = subscript(self, expr);
    else
      break;
  }
  return expr;
}

static bool at_number(const Cursor *self)
{
  return cursor_at(self, TOKEN_INTEGER) || cursor_at(self, TOKEN_FLOAT) || cursor_at_word(self, STR("inf"));
}

/* unary ::= ('-' | '!') unary | postfix   with '-' before a number part of the number: -128 is an s8. */
static Expr *unary(Cursor *self)
{
  bool minus = cursor_at(self, TOKEN_MINUS);
  if (!minus && !cursor_at(self, TOKEN_NOT)) return postfix(self);
  Span start = cursor_take(self).span;
  if (minus && at_number(self)) {
    Expr *number = literal(self, EXPR_NUMBER);
    number->op = 1;
    number->span = span_join(start, number->span);
    return number;
  }
  if (!cursor_descend(self)) return NULL;
  Expr *operand = unary(self);
  cursor_ascend(self);
  return finish_one(self, expr_new(self, minus ? EXPR_NEGATE : EXPR_NOT, start), operand);
}

static const struct {
  TokenKind token;
  uint8_t level;
} OPERATORS[] = {
#define OPERATOR(kind, token, level, class) {TOKEN_##token, level},
#include "spec/operators.def"
};

enum { ORDER_LEVEL = 3, HIGHEST_LEVEL = 9 };

/* Two '>' with nothing between them. */
static bool at_shift_right(const Cursor *self)
{
  Str text = self->unit->source->text;
  uint32_t next = self->token.span.at + 1;
  return cursor_at(self, TOKEN_GREATER) && next < text.len && text.at[next] == '>';
}

/* The operator of this level that stands here, or OPERATOR_COUNT. */
static Operator operator_at(const Cursor *self, unsigned level)
{
  if (at_shift_right(self)) return level == OPERATORS[OP_SHIFT_RIGHT].level ? OP_SHIFT_RIGHT : OPERATOR_COUNT;
  for (Operator op = 0; op < OPERATOR_COUNT; op++)
    if (OPERATORS[op].level == level && op != OP_SHIFT_RIGHT && cursor_at(self, OPERATORS[op].token))
      return op;
  return OPERATOR_COUNT;
}

static Expr *binary(Cursor *self, unsigned level);

/* near ::= expr '~=' expr ('within' expr)? */
static Expr *near(Cursor *self, Expr *left)
{
  Expr *expr = expr_new(self, EXPR_NEAR, left->span);
  cursor_take(self);
  Expr *right = binary(self, ORDER_LEVEL + 1);
  if (!right || !cursor_accept_word(self, STR("within"))) return finish_two(self, expr, left, right);
  Expr *tolerance = binary(self, ORDER_LEVEL + 1);
  if (!tolerance) return NULL;
  Expr **args = arena_array_of(self->unit->arena, Expr *, 3);
  args[0] = left;
  args[1] = right;
  args[2] = tolerance;
  return finish(self, expr, args, 3);
}

/* in ::= expr 'in' expr ('..' '='? expr)?   whose bounds bind tighter than comparisons do. */
static Expr *in_domain(Cursor *self, Expr *left)
{
  Expr *expr = expr_new(self, EXPR_IN, left->span);
  Domain *domain = arena_new_of(self->unit->arena, Domain);
  cursor_take(self);
  Expr *first = binary(self, ORDER_LEVEL + 1);
  if (!first) return NULL;
  if (!cursor_accept(self, TOKEN_DOT_DOT)) {
    domain->list = first;
  } else {
    domain->low = first;
    domain->closed = cursor_accept(self, TOKEN_EQUAL);
    domain->high = binary(self, ORDER_LEVEL + 1);
    if (!domain->high) return NULL;
  }
  expr->domain = domain;
  expr->height = (uint16_t)(domain_height(domain) + 1);
  return finish_one(self, expr, left);
}

/* order ::= sum (('==' | '<' | …) sum | '~=' … | 'in' …)?   a < b < c would not mean what it says. */
static Expr *order(Cursor *self)
{
  Expr *left = binary(self, ORDER_LEVEL + 1);
  if (!left) return NULL;
  if (cursor_at(self, TOKEN_TILDE_EQUAL)) return near(self, left);
  if (cursor_at_word(self, STR("in"))) return in_domain(self, left);
  Operator op = operator_at(self, ORDER_LEVEL);
  if (op == OPERATOR_COUNT) return left;
  Expr *expr = expr_new(self, EXPR_BINARY, left->span);
  expr->op = (uint8_t)op;
  cursor_take(self);
  expr = finish_two(self, expr, left, binary(self, ORDER_LEVEL + 1));
  if (expr && operator_at(self, ORDER_LEVEL) != OPERATOR_COUNT) {
    diag_error(self->unit->diags, DIAG_SYNTAX, self->token.span,
               "comparisons cannot be chained: join two of them with `&&`, or put one in parentheses");
    return NULL;
  }
  return expr;
}

/* binary(level) ::= binary(level + 1) (operator(level) binary(level + 1))* */
static Expr *binary(Cursor *self, unsigned level)
{
  if (level > HIGHEST_LEVEL) return unary(self);
  if (level == ORDER_LEVEL) return order(self);
  Expr *left = binary(self, level + 1);
  while (left) {
    Operator op = operator_at(self, level);
    if (op == OPERATOR_COUNT) break;
    Expr *expr = expr_new(self, EXPR_BINARY, left->span);
    expr->op = (uint8_t)op;
    cursor_take(self);
    if (op == OP_SHIFT_RIGHT) cursor_take(self);
    left = finish_two(self, expr, left, binary(self, level + 1));
  }
  return left;
}

Expr *expr_parse(Cursor *self)
{
  if (!cursor_descend(self)) return NULL;
  Expr *expr = binary(self, 1);
  cursor_ascend(self);
  return expr;
}
