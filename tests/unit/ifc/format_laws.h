/* What must hold of any text and what the formatter makes of it; for the unit tests and the fuzz target. The
 * words and comments of the two texts are taken apart here by other means than the formatter's. */
#ifndef TESTS_UNIT_IFC_FORMAT_LAWS_H
#define TESTS_UNIT_IFC_FORMAT_LAWS_H

#include "ifc/ast.h"
#include "ifc/format.h"
#include "ifc/lex.h"

static inline bool law_is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static inline Str law_trim(Str line)
{
  while (line.len && law_is_blank(line.at[line.len - 1])) line.len--;
  while (line.len && law_is_blank(line.at[0])) line.at++, line.len--;
  return line;
}

/* Appends the lines of a comment, each without the white space around it. */
static inline void law_put_lines(Str comment, Buf *out)
{
  for (size_t from = 0; from <= comment.len;) {
    size_t to = from;
    while (to < comment.len && comment.at[to] != '\n') to++;
    buf_str(out, law_trim(str_slice(comment, from, to)));
    buf_byte(out, '\n');
    from = to + 1;
  }
}

/* Appends the comments of a piece of text that holds nothing else but white space. */
static inline void law_put_comments(Str raw, Buf *out)
{
  size_t at = 0;
  while (at < raw.len) {
    size_t from = at, depth = 0;
    if (raw.at[at] != '/') {
      at++;
      continue;
    }
    if (raw.at[at + 1] == '/') {
      while (at < raw.len && raw.at[at] != '\n') at++;
    } else {
      do {
        if (raw.at[at] == '/' && raw.at[at + 1] == '*')
          depth++, at++;
        else if (raw.at[at] == '*' && raw.at[at + 1] == '/')
          depth--, at++;
        at++;
      } while (depth && at + 1 < raw.len);
    }
    law_put_lines(str_slice(raw, from, at), out);
    buf_z(out, "--\n");
  }
}

/* The words of a text, one a line, without commas before closing brackets; and its comments. */
static inline void law_words(Arena *arena, Str text, Buf *words, Buf *comments)
{
  Diags diags = diags_in(arena);
  Source source = {STR("words"), text};
  Lexer lexer;
  bool comma = false;
  if (!lexer_begin(&lexer, &source, &diags)) return;
  for (;;) {
    Token token = lexer_next(&lexer);
    bool closes =
        token.kind == TOKEN_RIGHT_PAREN || token.kind == TOKEN_RIGHT_BRACE || token.kind == TOKEN_GREATER;
    if (comma && !closes) buf_z(words, ",\n");
    comma = token.kind == TOKEN_COMMA;
    law_put_comments(token.comments, comments);
    if (token.kind == TOKEN_END) return;
    if (comma) continue;
    buf_str(words, span_text(token.span));
    buf_byte(words, '\n');
  }
}

static inline void law_put_docs(Arena *arena, AstDocs docs, Buf *out)
{
  buf_printf(out, "\"%.*s\" ", STR_ARG(docs_text(arena, ast_docs(docs))));
  buf_printf(out, "\"%.*s\" ", STR_ARG(docs_text(arena, ast_comments(docs))));
}

static inline void law_put_name(AstName name, Buf *out)
{
  buf_printf(out, "%.*s ", STR_ARG(name.text));
}

static inline void law_put_gate(const AstGate *gate, Buf *out)
{
  static const AstGate none;
  if (!gate) gate = &none;
  buf_byte(out, '@');
  law_put_name(gate->since, out);
  law_put_name(gate->unstable, out);
  law_put_name(gate->deprecated, out);
}

static inline void law_put_path(const AstPath *path, Buf *out)
{
  static const AstPath none;
  if (!path) path = &none;
  law_put_name(path->namespace, out);
  law_put_name(path->package, out);
  law_put_name(path->name, out);
  law_put_name(path->version, out);
}

static inline void law_put_type(const AstType *type, Buf *out)
{
  if (!type) {
    buf_z(out, "_ ");
    return;
  }
  buf_printf(out, "(%d %d ", (int)type->kind, (int)type->built_in);
  if (type->kind == AST_TYPE_NAME) buf_printf(out, "%.*s ", STR_ARG(type->name));
  if (type->kind == AST_TYPE_FIXED_LIST) buf_printf(out, "%u ", type->length);
  for (uint32_t i = 0; i < type->part_count; i++) law_put_type(type->parts[i], out);
  buf_byte(out, ')');
}

static inline void law_put_renames(const AstRename *renames, uint32_t count, Buf *out)
{
  for (uint32_t i = 0; i < count; i++) {
    law_put_name(renames[i].name, out);
    law_put_name(renames[i].as, out);
  }
}

static inline void law_put_item(Arena *arena, const AstItem *item, Buf *out)
{
  buf_printf(out, "\n[%d %d %d ", (int)item->kind, (int)item->function_kind, item->is_async);
  law_put_name(item->name, out);
  law_put_docs(arena, item->docs, out);
  law_put_gate(item->gate, out);
  for (uint32_t i = 0; i < item->field_count; i++) {
    law_put_name(item->fields[i].name, out);
    law_put_type(item->fields[i].type, out);
    law_put_docs(arena, item->fields[i].docs, out);
  }
  law_put_type(item->type, out);
  if (item->kind == AST_ITEM_USE) {
    law_put_path(item->path, out);
    law_put_renames(item->renames, item->rename_count, out);
  }
  bool is_resource = item->kind == AST_ITEM_RESOURCE;
  for (uint32_t i = 0; is_resource && i < item->item_count; i++) law_put_item(arena, &item->items[i], out);
  buf_byte(out, ']');
}

static inline void law_put_interface(Arena *arena, const AstInterface *interface, Buf *out)
{
  buf_z(out, "\ninterface ");
  law_put_name(interface->name, out);
  law_put_docs(arena, interface->docs, out);
  law_put_gate(interface->gate, out);
  for (uint32_t i = 0; i < interface->item_count; i++) law_put_item(arena, &interface->items[i], out);
}

static inline void law_put_world(Arena *arena, const AstWorld *world, Buf *out)
{
  buf_z(out, "\nworld ");
  law_put_name(world->name, out);
  law_put_docs(arena, world->docs, out);
  law_put_gate(world->gate, out);
  for (uint32_t i = 0; i < world->item_count; i++) {
    const AstWorldItem *item = &world->items[i];
    buf_printf(out, "\n{%d ", (int)item->kind);
    law_put_name(item->name, out);
    law_put_docs(arena, item->docs, out);
    law_put_gate(item->gate, out);
    law_put_path(item->path, out);
    law_put_renames(item->renames, item->rename_count, out);
    if (item->interface) law_put_interface(arena, item->interface, out);
    if (item->item) law_put_item(arena, item->item, out);
    buf_byte(out, '}');
  }
}

/* A syntax tree, spelled out with its docs, without its places. */
static inline void law_put_file(Arena *arena, const AstFile *file, Buf *out)
{
  buf_z(out, "\npackage ");
  law_put_name(file->header.namespace, out);
  law_put_name(file->header.name, out);
  law_put_name(file->header.version, out);
  law_put_docs(arena, file->header.docs, out);
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    law_put_path(top->use, out);
    law_put_name(top->use_as, out);
    if (top->interface) law_put_interface(arena, top->interface, out);
    if (top->world) law_put_world(arena, top->world, out);
    if (top->package) law_put_file(arena, top->package, out);
  }
  buf_z(out, "\nend");
}

static inline Str law_tree(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  Source source = {STR("tree"), text};
  Buf out = buf_in(arena);
  const AstFile *file = wit_parse_file(arena, &source, &diags);
  if (!file || diags.errors) return STR("does not parse");
  law_put_file(arena, file, &out);
  return buf_text(&out);
}

/* True for lines that end in white space, hold tabs or CR outside of comments' own text, or end without LF.
 */
static inline bool law_is_untidy(Str text)
{
  if (text.len && text.at[text.len - 1] != '\n') return true;
  for (size_t i = 1; i < text.len; i++)
    if (text.at[i] == '\n' && (text.at[i - 1] == ' ' || text.at[i - 1] == '\t' || text.at[i - 1] == '\r'))
      return true;
  return str_find(text, STR("\n\n\n")) != SIZE_MAX && str_find(text, STR("/*")) == SIZE_MAX;
}

/* What is broken by the formatted text `after` of `before`, in words; NULL where all holds. */
static inline const char *format_law_broken(Arena *arena, Str before, Str after)
{
  Diags diags = diags_in(arena);
  Source source = {STR("formatted"), after};
  Buf words_before = buf_in(arena), comments_before = buf_in(arena);
  Buf words_after = buf_in(arena), comments_after = buf_in(arena);
  law_words(arena, before, &words_before, &comments_before);
  law_words(arena, after, &words_after, &comments_after);
  if (!str_equal(buf_text(&words_before), buf_text(&words_after))) return "the words are others";
  if (!str_equal(buf_text(&comments_before), buf_text(&comments_after))) return "the comments are others";
  if (!str_equal(law_tree(arena, before), law_tree(arena, after))) return "the syntax tree is another";
  if (!str_equal(wit_format(arena, &source, &diags), after)) return "formatted again it is another";
  if (law_is_untidy(after)) return "it is untidy";
  return NULL;
}

#endif
