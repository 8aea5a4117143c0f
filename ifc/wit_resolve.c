#include "ifc/wit_resolve.h"

typedef struct UnsupportedText {
  const char *what, *verb;
} UnsupportedText;

void report_unsupported(Resolver *self, Unsupported what, Span at)
{
  static const UnsupportedText texts[] = {
      [UNSUPPORTED_RESOURCE] = {"resources", "are"},
      [UNSUPPORTED_ASYNC] = {"async functions", "are"},
      [UNSUPPORTED_STREAM] = {"`stream`", "is"},
      [UNSUPPORTED_FUTURE] = {"`future`", "is"},
      [UNSUPPORTED_MAP] = {"`map`", "is"},
      [UNSUPPORTED_FIXED_LIST] = {"lists of a fixed length", "are"},
      [UNSUPPORTED_ERROR_CONTEXT] = {"`error-context`", "is"},
      [UNSUPPORTED_OTHER_PACKAGE] = {"names from other packages", "are"},
      [UNSUPPORTED_NESTED_PACKAGE] = {"packages within a file", "are"},
  };
  if (self->reported & (1U << what)) return;
  self->reported |= 1U << what;
  diag_error(self->diags, DIAG_UNSUPPORTED, at, "%s %s not supported yet", texts[what].what,
             texts[what].verb);
}

/* Where a file begins, for what is said of all of it. */
static Span span_of_file(const AstFile *file)
{
  return (Span){file->source, 0, 0};
}

static bool header_equal(const AstHeader *a, const AstHeader *b)
{
  return str_equal(a->namespace.text, b->namespace.text) && str_equal(a->name.text, b->name.text) &&
         str_equal(a->version.text, b->version.text);
}

static void report_missing_header(Resolver *self)
{
  const AstFile *file = self->written->files[0];
  if (!file->source->text.len)
    diag_error(self->diags, DIAG_SYNTAX, span_of_file(file),
               "the file is empty: a WIT file begins with a line such as `package my-name:shapes;`");
  else
    diag_error(self->diags, DIAG_SYNTAX, span_of_file(file),
               "there is no package line%s: begin with one such as `package my-name:shapes;`",
               self->written->file_count > 1 ? " in any of the folder's files" : "");
}

/* All package lines of a folder say the same; one of them at least is there, and one at most has docs. */
static void resolve_header(Resolver *self)
{
  AstHeader *header = &self->written->header;
  bool broken = false;
  for (size_t i = 0; i < self->written->file_count; i++) {
    const AstHeader *other = &self->written->files[i]->header;
    broken = broken || other->broken;
    if (!other->namespace.text.len) continue;
    if (!header->namespace.text.len) {
      *header = *other;
      continue;
    }
    if (!header_equal(header, other)) {
      Diag *diag = diag_error(self->diags, DIAG_NAME, other->span,
                              "the files of a folder are one package, but this is another");
      diag_note(self->diags, diag, header->span, "the first package line");
    }
    if (header->docs.docs.len && other->docs.docs.len) {
      Diag *diag = diag_error(self->diags, DIAG_SYNTAX, other->span,
                              "the package is documented twice: keep one of the two comments");
      diag_note(self->diags, diag, header->span, "documented here first");
    }
    if (!header->docs.comments.len) header->docs = other->docs;
  }
  if (!header->namespace.text.len && !broken) report_missing_header(self);
  self->package->namespace = header->namespace.text;
  self->package->name = header->name.text;
  self->package->version = header->version.text;
  self->package->docs = docs_text(self->arena, header->docs.docs);
}

static void add_name(Resolver *self, Map *names, TopName name)
{
  TopName *kept = arena_new_of(self->arena, TopName);
  *kept = name;
  TopName *first = map_put(names, name_folded(self->arena, name.name.text), kept);
  if (first) report_duplicate(self, name.name, first->name);
}

static Scope *add_scope(Resolver *self, AstInterface *ast, const AstFile *file, Map *file_uses)
{
  Scope *scope = arena_new_of(self->arena, Scope);
  *scope = (Scope){.ast = ast, .file = file, .file_uses = file_uses, .names = map_new(self->arena)};
  ast->left_out = !gate_selects(self, &ast->gate);
  vec_push(self->arena, &self->scopes, scope);
  add_name(self, self->names, (TopName){scope, NULL, ast->name, file});
  return scope;
}

/* Names of interfaces and worlds, of all files. */
static void declare_tops(Resolver *self, const AstFile *file, Map *file_uses)
{
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (top->interface) add_scope(self, top->interface, file, file_uses);
    if (top->world) {
      top->world->left_out = !gate_selects(self, &top->world->gate);
      add_name(self, self->names, (TopName){NULL, top->world, top->world->name, file});
    }
    if (top->package) report_unsupported(self, UNSUPPORTED_NESTED_PACKAGE, top->package->header.span);
  }
}

/* "use path as name;" of a file, once all interfaces are known. */
static void declare_uses(Resolver *self, const AstFile *file, Map *file_uses)
{
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (top->interface || top->world || top->package) continue;
    Scope nowhere = {.file = file, .file_uses = map_new(self->arena)};
    TopName name = {scope_of_path(self, &nowhere, &top->use), NULL, top->use_as, file};
    TopName *same = map_get(self->names, name_folded(self->arena, name.name.text));
    if (same && same->file == file) report_duplicate(self, name.name, same->name);
    add_name(self, file_uses, name);
  }
}

/* Room for the interfaces that are selected, in the order read. */
static void make_interfaces(Resolver *self)
{
  Package *package = self->package;
  Interface *interfaces = arena_array_of(self->arena, Interface, self->scopes.len);
  package->interfaces = interfaces;
  for (size_t i = 0; i < self->scopes.len; i++) {
    Scope *scope = self->scopes.at[i];
    const AstInterface *ast = scope->ast;
    if (ast->left_out) continue;
    scope->out = &interfaces[package->interface_count++];
    *scope->out = (Interface){.name = ast->name.text,
                              .id = str_format(self->arena, "%.*s:%.*s/%.*s", STR_ARG(package->namespace),
                                               STR_ARG(package->name), STR_ARG(ast->name.text)),
                              .package = package,
                              .docs = docs_text(self->arena, ast->docs.docs),
                              .span = ast->name.span};
  }
}

/* An interface that the walk is in, and how many of its items are done. */
typedef struct Frame {
  Scope *scope;
  uint32_t next;
} Frame;

typedef VEC(Frame) Frames;

/* The interface that a `use` item names, or NULL. Reports nothing: scope_resolve will. */
static Scope *used_scope(Resolver *self, const Scope *scope, const AstItem *item)
{
  if (item->kind != AST_ITEM_USE || item->left_out || item->path.namespace.text.len) return NULL;
  Str folded = name_folded(self->arena, item->path.name.text);
  TopName *found = map_get(scope->file_uses, folded);
  if (!found) found = map_get(self->names, folded);
  return found && found->scope && found->scope->out ? found->scope : NULL;
}

static void report_cycle(Resolver *self, const Frames *stack, const Scope *scope)
{
  size_t first = stack->len - 1;
  while (stack->at[first].scope != scope) first--;
  const Frame *top = &stack->at[stack->len - 1];
  Diag *diag = diag_error(self->diags, DIAG_TYPE, top->scope->ast->items[top->next - 1].path.span,
                          "interface `%.*s` uses itself", STR_ARG(scope->ast->name.text));
  for (size_t i = first; i + 1 < stack->len && i < first + 10; i++) {
    const Frame *frame = &stack->at[i];
    const AstPath *path = &frame->scope->ast->items[frame->next - 1].path;
    diag_note(self->diags, diag, path->span, "`%.*s` uses `%.*s`", STR_ARG(frame->scope->ast->name.text),
              STR_ARG(path->name.text));
  }
}

/* Resolves an interface after those that it uses, depth first. */
static void resolve_from(Resolver *self, Scope *start)
{
  Frames stack = {0};
  start->visit = VISIT_OPEN;
  vec_push(self->arena, &stack, (Frame){start, 0});
  while (stack.len) {
    Frame *top = &vec_last(&stack);
    if (top->next == top->scope->ast->item_count) {
      scope_resolve(self, top->scope);
      top->scope->visit = VISIT_DONE;
      stack.len--;
      continue;
    }
    Scope *used = used_scope(self, top->scope, &top->scope->ast->items[top->next++]);
    if (!used || used->visit == VISIT_DONE) continue;
    if (used->visit == VISIT_OPEN) {
      report_cycle(self, &stack, used);
    } else {
      used->visit = VISIT_OPEN;
      vec_push(self->arena, &stack, (Frame){used, 0});
    }
  }
}

static void check_worlds(Resolver *self, const AstFile *file, Map *file_uses)
{
  AstInterface nameless = {0};
  Scope scope = {.ast = &nameless, .file = file, .file_uses = file_uses, .names = map_new(self->arena)};
  for (uint32_t i = 0; i < file->top_count; i++)
    if (file->tops[i].world) world_check(self, &scope, file->tops[i].world);
}

static void resolve_files(Resolver *self)
{
  size_t count = self->written->file_count;
  Map **file_uses = arena_array_of(self->arena, Map *, count);
  for (size_t i = 0; i < count; i++) {
    file_uses[i] = map_new(self->arena);
    declare_tops(self, self->written->files[i], file_uses[i]);
  }
  make_interfaces(self);
  for (size_t i = 0; i < count; i++) declare_uses(self, self->written->files[i], file_uses[i]);
  for (size_t i = 0; i < self->scopes.len; i++) scope_declare(self, self->scopes.at[i]);
  for (size_t i = 0; i < self->scopes.len; i++) {
    Scope *scope = self->scopes.at[i];
    if (scope->out && scope->visit == VISIT_NEW) resolve_from(self, scope);
  }
  for (size_t i = 0; i < count; i++) check_worlds(self, self->written->files[i], file_uses[i]);
}

const Package *wit_resolve(Arena *arena, AstFile *const *files, size_t file_count, Diags *diags)
{
  AstPackage *written = arena_new_of(arena, AstPackage);
  *written = (AstPackage){.files = files, .file_count = file_count};
  Package *package = arena_new_of(arena, Package);
  package->written = written;
  Resolver resolver = {
      .arena = arena, .diags = diags, .package = package, .written = written, .names = map_new(arena)};
  resolve_header(&resolver);
  resolve_files(&resolver);
  return package;
}
