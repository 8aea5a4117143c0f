/* A whole package, from its syntax: aliases, `use`s and `include`s stay as they were written. Only the names
 * that a file gives with "use path as name;" go, because all files become one. */
#include "ifc/ast.h"
#include "ifc/base/map.h"
#include "ifc/base/utf8.h"
#include "ifc/lex.h"
#include "ifc/show.h"
#include "ifc/show_text.h"

typedef struct Printer {
  Arena *arena;
  Map *uses; /* AstPaths, by the name that the file gives them */
  Buf *out;
} Printer;

static void put_type(const AstType *type, Buf *out)
{
  static const char *const words[] = {
      [AST_TYPE_FIXED_LIST] = "list",
      [AST_TYPE_MAP] = "map",
      [AST_TYPE_STREAM] = "stream",
      [AST_TYPE_FUTURE] = "future",
      [AST_TYPE_OWN] = "own",
      [AST_TYPE_BORROW] = "borrow",
      [AST_TYPE_ERROR_CONTEXT] = "error-context",
  };
  if (!type) {
    buf_byte(out, '_');
    return;
  }
  if (type->kind == AST_TYPE_NAME) {
    name_print(type->name, out);
    return;
  }
  if (type->kind == AST_TYPE_BUILT_IN)
    buf_str(out, type_kind_name(type->built_in));
  else
    buf_z(out, words[type->kind]);
  /* a tuple may be empty */
  bool brackets = type->part_count || (type->kind == AST_TYPE_BUILT_IN && type->built_in == TYPE_TUPLE);
  if (brackets) buf_byte(out, '<');
  for (uint32_t i = 0; i < type->part_count; i++) {
    if (i > 0) buf_z(out, ", ");
    put_type(type->parts[i], out);
  }
  if (type->kind == AST_TYPE_FIXED_LIST) buf_printf(out, ", %u", type->length);
  if (brackets) buf_byte(out, '>');
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

static void put_block(Printer *self, const AstItem *item, size_t indent)
{
  bool record = item->kind == AST_ITEM_RECORD;
  show_opening(block_keyword(item->kind), item->name.text, indent, self->out);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstField *field = &item->fields[i];
    show_docs(docs_text(self->arena, ast_docs(field->docs)), indent + 2, self->out);
    buf_repeat(self->out, ' ', indent + 2);
    name_print(field->name.text, self->out);
    if (field->type) {
      buf_z(self->out, record ? ": " : "(");
      put_type(field->type, self->out);
      if (!record) buf_byte(self->out, ')');
    }
    buf_z(self->out, ",\n");
  }
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "}\n");
}

static void put_alias(Printer *self, const AstItem *item, size_t indent)
{
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "type ");
  name_print(item->name.text, self->out);
  buf_z(self->out, " = ");
  put_type(item->type, self->out);
  buf_z(self->out, ";\n");
}

static void put_signature(Printer *self, const AstItem *item)
{
  buf_byte(self->out, '(');
  for (uint32_t i = 0; i < item->field_count; i++) {
    if (i > 0) buf_z(self->out, ", ");
    name_print(item->fields[i].name.text, self->out);
    buf_z(self->out, ": ");
    put_type(item->fields[i].type, self->out);
  }
  buf_byte(self->out, ')');
  if (item->type) buf_z(self->out, " -> ");
  if (item->type) put_type(item->type, self->out);
  buf_z(self->out, ";\n");
}

static void put_function(Printer *self, const AstItem *item, size_t indent)
{
  show_function_head(item->name.text, item->function_kind, item->is_async, indent, self->out);
  put_signature(self, item);
}

/* As it is written, but for names that the file gave. */
static void put_path(Printer *self, const AstPath *path)
{
  const AstPath *use = path->namespace.text.len ? NULL : map_get(self->uses, path->name.text);
  if (use) path = use;
  if (path->namespace.text.len) {
    name_print(path->namespace.text, self->out);
    buf_byte(self->out, ':');
    name_print(path->package.text, self->out);
    buf_byte(self->out, '/');
  }
  name_print(path->name.text, self->out);
  if (path->version.text.len) buf_printf(self->out, "@%.*s", STR_ARG(path->version.text));
}

static void put_renames(Printer *self, const AstRename *renames, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buf_z(self->out, ", ");
    name_print(renames[i].name.text, self->out);
    if (str_equal(renames[i].name.text, renames[i].as.text)) continue;
    buf_z(self->out, " as ");
    name_print(renames[i].as.text, self->out);
  }
}

static void put_use(Printer *self, const AstItem *item, size_t indent)
{
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "use ");
  put_path(self, item->path);
  buf_z(self->out, ".{");
  put_renames(self, item->renames, item->rename_count);
  buf_z(self->out, "};\n");
}

static void put_gate_value(const char *gate, const char *key, AstName value, size_t indent, Buf *out)
{
  if (!value.text.len) return;
  buf_repeat(out, ' ', indent);
  buf_printf(out, "@%s(%s = ", gate, key);
  buf_str(out, value.text);
  buf_z(out, ")\n");
}

/* In quotes. What is not printable ASCII is escaped, because not all of the rest may stand in a source. */
static void put_string(Str text, Buf *out)
{
  buf_byte(out, '"');
  for (size_t at = 0; at < text.len;) {
    uint32_t point = utf8_next(text, &at);
    if (point == '"' || point == '\\') buf_byte(out, '\\');
    if (point >= 0x20 && point < 0x7f)
      buf_byte(out, (char)point);
    else
      buf_printf(out, "\\u{%x}", point);
  }
  buf_byte(out, '"');
}

static void put_gate(const AstGate *gate, size_t indent, Buf *out)
{
  if (!gate) return;
  put_gate_value("since", "version", gate->since, indent, out);
  if (gate->unstable.text.len) {
    buf_repeat(out, ' ', indent);
    buf_z(out, "@unstable(feature = ");
    name_print(gate->unstable.text, out);
    buf_z(out, ")\n");
  }
  put_gate_value("deprecated", "version", gate->deprecated, indent, out);
  if (!gate->external_id.span.len) return;
  buf_repeat(out, ' ', indent);
  buf_z(out, "@external-id(");
  put_string(gate->external_id.text, out);
  buf_z(out, ")\n");
}

/* Lines of its own stand before the item. */
static bool has_lines(const AstGate *gate)
{
  return gate && (gate->since.text.len || gate->unstable.text.len || gate->external_id.span.len);
}

static ShowGroup group_of(const AstItem *item)
{
  switch (item->kind) {
  case AST_ITEM_USE: return SHOW_USES;
  case AST_ITEM_ALIAS: return SHOW_ALIASES;
  case AST_ITEM_FUNCTION: return SHOW_FUNCTIONS;
  default: return SHOW_BLOCK;
  }
}

/* What stands before an item: an empty line, docs, gates. */
static void put_lead(Printer *self, AstDocs raw, const AstGate *gate, ShowGroup group, size_t indent,
                     ShowGroup *last)
{
  Str docs = docs_text(self->arena, ast_docs(raw));
  show_gap(last, has_lines(gate) ? SHOW_BLOCK : group, docs, self->out);
  show_docs(docs, indent, self->out);
  put_gate(gate, indent, self->out);
}

static void put_resource(Printer *self, const AstItem *item, size_t indent)
{
  ShowGroup last = SHOW_FIRST;
  uint32_t shown = 0;
  for (uint32_t i = 0; i < item->item_count; i++) shown += !item->items[i].left_out;
  if (!shown) {
    buf_repeat(self->out, ' ', indent);
    buf_z(self->out, "resource ");
    name_print(item->name.text, self->out);
    buf_z(self->out, ";\n");
    return;
  }
  show_opening("resource", item->name.text, indent, self->out);
  for (uint32_t i = 0; i < item->item_count; i++) {
    const AstItem *function = &item->items[i];
    if (function->left_out) continue;
    put_lead(self, function->docs, function->gate, SHOW_FUNCTIONS, indent + 2, &last);
    put_function(self, function, indent + 2);
  }
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "}\n");
}

/* Without docs and gate, which a world keeps elsewhere than an interface. */
static void put_bare_item(Printer *self, const AstItem *item, size_t indent)
{
  switch (item->kind) {
  case AST_ITEM_USE: put_use(self, item, indent); break;
  case AST_ITEM_ALIAS: put_alias(self, item, indent); break;
  case AST_ITEM_FUNCTION: put_function(self, item, indent); break;
  case AST_ITEM_RESOURCE: put_resource(self, item, indent); break;
  default: put_block(self, item, indent); break;
  }
}

static void put_items(Printer *self, const AstInterface *interface, size_t indent)
{
  ShowGroup last = SHOW_FIRST;
  for (uint32_t i = 0; i < interface->item_count; i++) {
    const AstItem *item = &interface->items[i];
    if (item->left_out || (item->kind == AST_ITEM_USE && !item->rename_count)) continue;
    put_lead(self, item->docs, item->gate, group_of(item), indent, &last);
    put_bare_item(self, item, indent);
  }
}

static void put_interface(Printer *self, const AstInterface *interface, size_t indent)
{
  show_docs(docs_text(self->arena, ast_docs(interface->docs)), indent, self->out);
  put_gate(interface->gate, indent, self->out);
  show_opening("interface", interface->name.text, indent, self->out);
  put_items(self, interface, indent + 2);
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "}\n");
}

/* "import path;", "import name: path;", "import name: func(…);" or "import name: interface { … }" */
static void put_extern(Printer *self, const AstWorldItem *item, size_t indent)
{
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, item->kind == AST_WORLD_EXPORT ? "export " : "import ");
  if (item->item && !item->interface) {
    put_function(self, item->item, 0);
    return;
  }
  if (item->name.text.len) {
    name_print(item->name.text, self->out);
    buf_z(self->out, ": ");
  }
  if (!item->interface) {
    put_path(self, item->path);
    buf_z(self->out, ";\n");
    return;
  }
  buf_z(self->out, "interface {\n");
  put_items(self, item->interface, indent + 2);
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "}\n");
}

static void put_include(Printer *self, const AstWorldItem *item, size_t indent)
{
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "include ");
  put_path(self, item->path);
  if (!item->rename_count) {
    buf_z(self->out, ";\n");
    return;
  }
  buf_z(self->out, " with { ");
  put_renames(self, item->renames, item->rename_count);
  buf_z(self->out, " }\n");
}

static ShowGroup group_of_world(const AstWorldItem *item)
{
  switch (item->kind) {
  case AST_WORLD_INCLUDE: return SHOW_INCLUDES;
  case AST_WORLD_ITEM: return group_of(item->item);
  case AST_WORLD_EXPORT: return item->interface ? SHOW_BLOCK : SHOW_EXPORTS;
  default: return item->interface ? SHOW_BLOCK : SHOW_IMPORTS;
  }
}

static void put_world(Printer *self, const AstWorld *world, size_t indent)
{
  ShowGroup last = SHOW_FIRST;
  show_docs(docs_text(self->arena, ast_docs(world->docs)), indent, self->out);
  put_gate(world->gate, indent, self->out);
  show_opening("world", world->name.text, indent, self->out);
  for (uint32_t i = 0; i < world->item_count; i++) {
    const AstWorldItem *item = &world->items[i];
    bool nothing =
        item->kind == AST_WORLD_ITEM && item->item->kind == AST_ITEM_USE && !item->item->rename_count;
    if (item->left_out || nothing) continue;
    put_lead(self, item->docs, item->gate, group_of_world(item), indent + 2, &last);
    switch (item->kind) {
    case AST_WORLD_INCLUDE: put_include(self, item, indent + 2); break;
    case AST_WORLD_ITEM: put_bare_item(self, item->item, indent + 2); break;
    default: put_extern(self, item, indent + 2); break;
    }
  }
  buf_repeat(self->out, ' ', indent);
  buf_z(self->out, "}\n");
}

/* Interfaces and worlds, an empty line before each; at an indentation, not before the first. */
static void put_file(Arena *arena, const AstFile *file, size_t indent, bool *first, Buf *out)
{
  Printer printer = {arena, map_new(arena), out};
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (!top->interface && !top->world && !top->package)
      map_put(printer.uses, top->use_as.text, (void *)top->use);
  }
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    bool shown = (top->interface && !top->interface->left_out) || (top->world && !top->world->left_out);
    if (!shown) continue;
    if (!*first) buf_byte(out, '\n');
    *first = false;
    if (top->interface)
      put_interface(&printer, top->interface, indent);
    else
      put_world(&printer, top->world, indent);
  }
}

static void put_files(Arena *arena, const AstPackage *package, size_t indent, Buf *out)
{
  bool first = indent > 0;
  for (size_t i = 0; i < package->file_count; i++) put_file(arena, package->files[i], indent, &first, out);
}

/* "package ns:name { … }" */
static void put_nested(Arena *arena, const AstPackage *package, Buf *out)
{
  const AstHeader *header = &package->header;
  buf_byte(out, '\n');
  show_docs(docs_text(arena, ast_docs(header->docs)), 0, out);
  buf_z(out, "package ");
  name_print(header->namespace.text, out);
  buf_byte(out, ':');
  name_print(header->name.text, out);
  if (header->version.text.len) buf_printf(out, "@%.*s", STR_ARG(header->version.text));
  buf_z(out, " {\n");
  put_files(arena, package, 2, out);
  buf_z(out, "}\n");
}

Str package_show(Arena *arena, const Package *self)
{
  Buf out = buf_in(arena);
  const AstPackage *written = self->written;
  show_header(self, &out);
  put_files(arena, written, 0, &out);
  for (size_t i = 0; i < written->file_count; i++) {
    const AstFile *file = written->files[i];
    for (uint32_t k = 0; k < file->top_count; k++) {
      AstFile *nested = file->tops[k].package;
      if (nested) put_nested(arena, &(AstPackage){nested->header, &nested, 1}, &out);
    }
  }
  return buf_text(&out);
}

Str resolve_show(Arena *arena, const Resolve *self)
{
  Buf out = buf_in(arena);
  show_header(self->main, &out);
  put_files(arena, self->main->written, 0, &out);
  for (uint32_t i = 0; i < self->package_count; i++)
    if (self->packages[i] != self->main) put_nested(arena, self->packages[i]->written, &out);
  return buf_text(&out);
}
