/* A whole package, from its syntax: aliases and `use`s stay as they were written. */
#include "ifc/ast.h"
#include "ifc/lex.h"
#include "ifc/show.h"
#include "ifc/show_text.h"

static void put_type(const AstType *type, Buf *out)
{
  if (!type) {
    buf_byte(out, '_');
    return;
  }
  if (type->kind == AST_TYPE_NAME) {
    name_print(type->name, out);
    return;
  }
  buf_str(out, type_kind_name(type->built_in));
  for (uint32_t i = 0; i < type->part_count; i++) {
    buf_z(out, i ? ", " : "<");
    put_type(type->parts[i], out);
  }
  if (type->part_count) buf_byte(out, '>');
}

static const char *block_keyword(AstItemKind kind)
{
  switch (kind) {
  case AST_ITEM_RECORD: return "record";
  case AST_ITEM_VARIANT: return "variant";
  case AST_ITEM_ENUM: return "enum";
  default: return "flags";
  }
}

static void put_block(Arena *arena, const AstItem *item, Buf *out)
{
  bool record = item->kind == AST_ITEM_RECORD;
  show_opening(block_keyword(item->kind), item->name.text, 2, out);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstField *field = &item->fields[i];
    show_docs(docs_text(arena, field->docs.docs), 4, out);
    buf_z(out, "    ");
    name_print(field->name.text, out);
    if (field->type) {
      buf_z(out, record ? ": " : "(");
      put_type(field->type, out);
      if (!record) buf_byte(out, ')');
    }
    buf_z(out, ",\n");
  }
  buf_z(out, "  }\n");
}

static void put_alias(const AstItem *item, Buf *out)
{
  buf_z(out, "  type ");
  name_print(item->name.text, out);
  buf_z(out, " = ");
  put_type(item->type, out);
  buf_z(out, ";\n");
}

static void put_function(const AstItem *item, Buf *out)
{
  buf_z(out, "  ");
  name_print(item->name.text, out);
  buf_z(out, item->is_async ? ": async func(" : ": func(");
  for (uint32_t i = 0; i < item->field_count; i++) {
    if (i > 0) buf_z(out, ", ");
    name_print(item->fields[i].name.text, out);
    buf_z(out, ": ");
    put_type(item->fields[i].type, out);
  }
  buf_byte(out, ')');
  if (item->type) buf_z(out, " -> ");
  if (item->type) put_type(item->type, out);
  buf_z(out, ";\n");
}

/* The interface is named as it was declared: names that a file gives to interfaces are not kept. */
static void put_use(const Interface *interface, const AstItem *item, Buf *out)
{
  const TypeDef *first = interface_typedef(interface, item->renames[0].as.text);
  buf_z(out, "  use ");
  name_print(first->alias->owner->name, out);
  for (uint32_t i = 0; i < item->rename_count; i++) {
    const AstRename *rename = &item->renames[i];
    buf_z(out, i ? ", " : ".{");
    name_print(rename->name.text, out);
    if (str_equal(rename->name.text, rename->as.text)) continue;
    buf_z(out, " as ");
    name_print(rename->as.text, out);
  }
  buf_z(out, "};\n");
}

static void put_gate_value(const char *gate, const char *key, AstName value, size_t indent, Buf *out)
{
  if (!value.text.len) return;
  buf_repeat(out, ' ', indent);
  buf_printf(out, "@%s(%s = %.*s)\n", gate, key, STR_ARG(value.text));
}

static void put_gate(const AstGate *gate, size_t indent, Buf *out)
{
  put_gate_value("since", "version", gate->since, indent, out);
  put_gate_value("deprecated", "version", gate->deprecated, indent, out);
}

static ShowGroup group_of(const AstItem *item)
{
  if (item->gate.since.text.len) return SHOW_BLOCK;
  switch (item->kind) {
  case AST_ITEM_USE: return SHOW_USES;
  case AST_ITEM_ALIAS: return SHOW_ALIASES;
  case AST_ITEM_FUNCTION: return SHOW_FUNCTIONS;
  default: return SHOW_BLOCK;
  }
}

static void put_item(Arena *arena, const Interface *interface, const AstItem *item, ShowGroup *last, Buf *out)
{
  Str docs = docs_text(arena, item->docs.docs);
  if (item->left_out || (item->kind == AST_ITEM_USE && !item->rename_count)) return;
  show_gap(last, group_of(item), docs, out);
  show_docs(docs, 2, out);
  put_gate(&item->gate, 2, out);
  switch (item->kind) {
  case AST_ITEM_USE: put_use(interface, item, out); break;
  case AST_ITEM_ALIAS: put_alias(item, out); break;
  case AST_ITEM_FUNCTION: put_function(item, out); break;
  default: put_block(arena, item, out); break;
  }
}

static void put_interface(Arena *arena, const Interface *interface, const AstInterface *ast, Buf *out)
{
  ShowGroup last = SHOW_FIRST;
  buf_byte(out, '\n');
  show_docs(interface->docs, 0, out);
  put_gate(&ast->gate, 0, out);
  show_opening("interface", interface->name, 0, out);
  for (uint32_t i = 0; i < ast->item_count; i++) put_item(arena, interface, &ast->items[i], &last, out);
  buf_z(out, "}\n");
}

Str package_show(Arena *arena, const Package *self)
{
  Buf out = buf_in(arena);
  const AstPackage *written = self->written;
  const Interface *interface = self->interfaces;
  show_header(self, &out);
  for (size_t i = 0; i < written->file_count; i++) {
    const AstFile *file = written->files[i];
    for (uint32_t k = 0; k < file->top_count; k++) {
      const AstInterface *ast = file->tops[k].interface;
      if (ast && !ast->left_out) put_interface(arena, interface++, ast, &out);
    }
  }
  return buf_text(&out);
}
