/* Any bytes as a WIT file: no crash, no hang; all that the syntax tree points to lies within the text, outer
 * things around inner ones; errors have places inside. */
#include <stdio.h>
#include <stdlib.h>

#include "ifc/ast.h"
#include "ifc/base/diag_json.h"
#include "ifc/base/utf8.h"
#include "ifc/lex.h"
#include "tests/fuzz/fuzz.h"

static void must(bool holds, const char *what)
{
  if (holds) return;
  fprintf(stderr, "%s\n", what);
  abort();
}

static void check_span(Span span)
{
  must(!span.source || (size_t)span.at + span.len <= span.source->text.len, "a span ends behind the text");
}

static bool is_in(const Source *source, Str text)
{
  Str all = source->text;
  return !text.len || (text.at >= all.at && text.at + text.len <= all.at + all.len);
}

static void check_text(const Source *source, Str text)
{
  must(is_in(source, text), "a text is not in the text");
}

/* A piece of the text or, of a misspelt name, what was meant. */
static void check_word(const Source *source, Str word, Span span)
{
  if (is_in(source, word)) return;
  Arena *arena = arena_new();
  must(str_equal(word, name_kebab(arena, span_text(span))), "a name is not what is written");
  must(!name_fault(word), "a corrected name is none");
  arena_free(arena);
}

static void check_name(const Source *source, AstName name)
{
  check_span(name.span);
  check_word(source, name.text, name.span);
  must(!name.text.len || name.span.source == source, "a name has no place");
}

static void check_path(const Source *source, const AstPath *path)
{
  if (!path) return;
  check_name(source, path->namespace);
  check_name(source, path->package);
  check_name(source, path->name);
  check_name(source, path->version);
  check_span(path->span);
}

static void check_lead(const Source *source, AstDocs docs, const AstGate *gate)
{
  check_text(source, ast_comments(docs));
  check_text(source, ast_docs(docs));
  if (!gate) return;
  check_name(source, gate->since);
  check_name(source, gate->unstable);
  check_name(source, gate->deprecated);
  check_span(gate->external_id.span);
  must(utf8_first_error(gate->external_id.text) == SIZE_MAX, "an external-id is not UTF-8");
}

static void check_type(const Source *source, const AstType *type)
{
  if (!type) return;
  check_span(type->span);
  if (type->kind == AST_TYPE_NAME) check_word(source, type->name, type->span);
  for (uint32_t i = 0; i < type->part_count; i++) {
    const AstType *part = type->parts[i];
    check_type(source, part);
    must(!part || !part->span.source || part->span.at >= type->span.at, "a part of a type stands before it");
  }
}

static void check_item(const Source *source, const AstItem *item)
{
  check_lead(source, item->docs, item->gate);
  check_name(source, item->name);
  check_type(source, item->type);
  if (item->kind == AST_ITEM_USE) check_path(source, item->path);
  for (uint32_t i = 0; i < item->field_count; i++) {
    check_name(source, item->fields[i].name);
    check_type(source, item->fields[i].type);
  }
  for (uint32_t i = 0; i < item->rename_count; i++) check_name(source, item->renames[i].as);
  bool is_resource = item->kind == AST_ITEM_RESOURCE;
  for (uint32_t i = 0; is_resource && i < item->item_count; i++) check_item(source, &item->items[i]);
}

/* Where an item's own words begin, behind its keyword. */
static uint32_t item_at(const AstItem *item)
{
  return item->kind == AST_ITEM_USE ? item->path->span.at : item->name.span.at;
}

static void check_interface(const Source *source, const AstInterface *interface)
{
  check_lead(source, interface->docs, interface->gate);
  check_name(source, interface->name);
  for (uint32_t i = 0; i < interface->item_count; i++) {
    check_item(source, &interface->items[i]);
    must(!i || item_at(&interface->items[i]) >= item_at(&interface->items[i - 1]), "items are out of order");
  }
}

static void check_world(const Source *source, const AstWorld *world)
{
  check_lead(source, world->docs, world->gate);
  check_name(source, world->name);
  for (uint32_t i = 0; i < world->item_count; i++) {
    const AstWorldItem *item = &world->items[i];
    check_lead(source, item->docs, item->gate);
    check_name(source, item->name);
    check_path(source, item->path);
    if (item->interface) check_interface(source, item->interface);
    if (item->item) check_item(source, item->item);
  }
}

static void check_file(const AstFile *file)
{
  check_name(file->source, file->header.namespace);
  check_name(file->source, file->header.name);
  check_name(file->source, file->header.version);
  check_span(file->header.span);
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (top->interface) check_interface(file->source, top->interface);
    if (top->world) check_world(file->source, top->world);
    if (top->package) check_file(top->package);
    check_path(file->source, top->use);
    check_name(file->source, top->use_as);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Source source = {STR("fuzz.wit"), {(const char *)data, size}};
  Diags diags = diags_in(arena);
  const AstFile *file = wit_parse_file(arena, &source, &diags);
  must(file || diags.errors, "a file is neither parsed nor found fault with");
  if (file) check_file(file);
  for (const Diag *diag = diags.first; diag; diag = diag->next) {
    check_span(diag->span);
    must(diag->span.source == &source && diag->message.len, "an error has no place, or says nothing");
    for (const DiagNote *note = diag->notes; note; note = note->next) check_span(note->span);
  }
  Buf out = buf_in(arena);
  diags_print(&diags, &out, false);
  jv_print(diags_to_json(arena, &diags), &out);
  must(utf8_first_error(buf_text(&out)) == SIZE_MAX, "messages are not UTF-8");
  arena_free(arena);
  return 0;
}
