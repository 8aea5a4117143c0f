/* All packages of a run: their lines, the order that they depend on each other in. */
#include "ifc/wit_resolve.h"

#include "ifc/base/buf.h"
#include <stdlib.h>

static const WitOptions DEFAULT_OPTIONS = {.level = WIT_VALID};

void resolver_init(Resolver *self, Arena *arena, const WitOptions *options, Diags *diags)
{
  *self = (Resolver){.arena = arena,
                     .diags = diags,
                     .options = options ? options : &DEFAULT_OPTIONS,
                     .by_key = map_new(arena),
                     .missing = map_new(arena)};
}

Str package_key(Arena *arena, Str namespace, Str name, Str version)
{
  Buf out = buf_in(arena);
  buf_str(&out, namespace);
  buf_byte(&out, ':');
  buf_str(&out, name);
  if (version.len) buf_byte(&out, '@');
  buf_str(&out, version);
  return buf_text(&out);
}

/* Where a file begins, for what is said of all of it. */
static Span span_of_file(const AstFile *file)
{
  return (Span){file->source, 0, 0};
}

/* Where the package's name begins. */
static Span span_of_header(const AstHeader *header)
{
  AstName last = header->version.text.len ? header->version : header->name;
  return span_join(header->namespace.span, last.span);
}

static bool header_equal(const AstHeader *a, const AstHeader *b)
{
  return str_equal(a->namespace.text, b->namespace.text) && str_equal(a->name.text, b->name.text) &&
         str_equal(a->version.text, b->version.text);
}

/* Whether a syntax error in one of the files may be why something is not there. */
static bool has_syntax_error(const Unit *self)
{
  for (const Diag *diag = self->resolver->diags->first; diag; diag = diag->next)
    for (size_t i = 0; i < self->written->file_count && diag->code == DIAG_SYNTAX; i++)
      if (diag->span.source == self->written->files[i]->source) return true;
  return false;
}

static void report_missing_header(Unit *self)
{
  const AstFile *file = self->written->files[0];
  Diags *diags = self->resolver->diags;
  if (has_syntax_error(self)) return;
  if (!file->source->text.len) {
    diag_error(diags, DIAG_SYNTAX, span_of_file(file),
               "the file is empty: a WIT file begins with a line such as `package my-name:shapes;`");
    return;
  }
  Diag *diag = diag_error(diags, DIAG_SYNTAX, span_of_file(file),
                          "there is no package line%s: begin with one such as `package my-name:shapes;`",
                          self->written->file_count > 1 ? " in any of the folder's files" : "");
  for (uint32_t i = 0; i < file->top_count; i++) {
    if (!file->tops[i].package) continue;
    diag_note(diags, diag, file->tops[i].package->header.span,
              "this is a nested package; the file needs a line of its own, with ';'");
    return;
  }
}

/* The first line of the package's docs. */
static Span span_of_docs(const AstHeader *header)
{
  const Source *source = header->span.source;
  Str docs = ast_docs(header->docs);
  size_t line = str_find(docs, STR("\n"));
  return (Span){source, (uint32_t)(docs.at - source->text.at),
                (uint32_t)(line == SIZE_MAX ? docs.len : line)};
}

/* Takes over one file's package line. */
static void merge_header(Unit *self, const AstHeader *other)
{
  AstHeader *header = &self->written->header;
  Diags *diags = self->resolver->diags;
  if (!header->namespace.text.len) {
    *header = *other;
    return;
  }
  if (!header_equal(header, other)) {
    Diag *diag = diag_error(diags, DIAG_NAME, span_of_header(other),
                            "the files of a folder are one package, but this is another");
    diag_note(diags, diag, span_of_header(header), "the first package line");
  }
  if (header->docs.docs_len && other->docs.docs_len) {
    Diag *diag = diag_error(diags, DIAG_SYNTAX, span_of_docs(other),
                            "the package is documented twice: keep one of the two comments");
    diag_note(diags, diag, span_of_docs(header), "documented here first");
  }
  if (!header->docs.len) header->docs = other->docs;
}

/* All package lines of a folder say the same; one of them at least is there, and one at most has docs. */
static void merge_headers(Unit *self)
{
  bool is_broken = false;
  for (size_t i = 0; i < self->written->file_count; i++) {
    const AstHeader *header = &self->written->files[i]->header;
    is_broken = is_broken || header->broken;
    if (header->namespace.text.len) merge_header(self, header);
  }
  if (!self->written->header.namespace.text.len && !is_broken) report_missing_header(self);
}

static Unit *unit_new(Resolver *self, AstFile *const *files, size_t file_count, PackageOrigin origin)
{
  Unit *unit = arena_new_of(self->arena, Unit);
  AstPackage *written = arena_new_of(self->arena, AstPackage);
  Package *package = arena_new_of(self->arena, Package);
  *written = (AstPackage){.files = files, .file_count = file_count};
  *unit = (Unit){.resolver = self,
                 .written = written,
                 .package = package,
                 .names = map_new(self->arena),
                 .foreign = map_new(self->arena),
                 .needed = map_new(self->arena)};
  merge_headers(unit);
  const AstHeader *header = &written->header;
  *package = (Package){.namespace = header->namespace.text,
                       .name = header->name.text,
                       .version = header->version.text,
                       .docs = docs_text(self->arena, ast_docs(header->docs)),
                       .origin = origin,
                       .written = written};
  unit->key = package_key(self->arena, package->namespace, package->name, package->version);
  return unit;
}

static void add_unit(Resolver *self, Unit *unit)
{
  Unit *first = unit->package->namespace.len ? map_put(self->by_key, unit->key, unit) : NULL;
  if (first) {
    Diag *diag =
        diag_error(self->diags, DIAG_NAME, span_of_header(&unit->written->header),
                   "package `%.*s` is defined in two different locations: keep one", STR_ARG(unit->key));
    diag_note(self->diags, diag, span_of_header(&first->written->header), "the other one");
    return;
  }
  vec_push(self->arena, &self->units, unit);
  unit_collect_needs(unit);
}

static void add_nested(Resolver *self, const AstFile *file, PackageOrigin origin)
{
  for (uint32_t i = 0; i < file->top_count; i++) {
    if (!file->tops[i].package) continue;
    AstFile **files = arena_new_of(self->arena, AstFile *);
    *files = file->tops[i].package;
    for (uint32_t k = 0; k < files[0]->top_count; k++)
      if (files[0]->tops[k].package)
        diag_error(self->diags, DIAG_SYNTAX, span_of_header(&files[0]->tops[k].package->header),
                   "packages within a package have no packages of their own: move this one out");
    add_unit(self, unit_new(self, files, 1, origin));
  }
}

void resolver_add(Resolver *self, AstFile *const *files, size_t file_count, PackageOrigin origin)
{
  for (size_t i = 0; i < file_count; i++) vec_push(self->arena, &self->files, files[i]);
  add_unit(self, unit_new(self, files, file_count, origin));
  for (size_t i = 0; i < file_count; i++)
    add_nested(self, files[i], origin == PACKAGE_MAIN ? PACKAGE_NESTED : origin);
}

const Need *resolver_next_missing(Resolver *self)
{
  for (; self->looked_up < self->units.len; self->looked_up++, self->looked_at = 0) {
    Unit *unit = self->units.at[self->looked_up];
    while (self->looked_at < unit->needs.len) {
      const Need *need = &unit->needs.at[self->looked_at++];
      if (!map_get(self->by_key, need->key)) return need;
    }
  }
  return NULL;
}

static Span span_of_package(const AstPath *path)
{
  return span_join(path->namespace.span, path->package.span);
}

void resolver_report_missing(Resolver *self, const Need *need, Str nearby)
{
  if (map_put(self->missing, need->key, self)) return;
  Diag *diag = diag_error(self->diags, DIAG_NAME, span_of_package(need->path), "package `%.*s` is not found",
                          STR_ARG(need->key));
  if (nearby.len) diag_note(self->diags, diag, SPAN_NONE, "%.*s", STR_ARG(nearby));
}

/* By namespace, name and version, none first. */
static int compare_units(const void *a, const void *b)
{
  const Package *left = (*(Unit *const *)a)->package, *right = (*(Unit *const *)b)->package;
  int order = str_compare(left->namespace, right->namespace);
  if (!order) order = str_compare(left->name, right->name);
  if (!order) order = version_compare(left->version, right->version);
  return order ? order : str_compare(left->version, right->version);
}

/* A package that the walk is in, and how many of its needs are done. */
typedef struct Frame {
  Unit *unit;
  size_t next;
} Frame;

typedef VEC(Frame) Frames;

/* The top of the stack needs a package further down. The first one on the stack was not reached by a need, so
 * a cycle is told from there only where it has to be. */
static void report_cycle(Resolver *self, const Frames *stack, const Unit *unit)
{
  size_t first = stack->len - 1;
  while (stack->at[first].unit != unit) first--;
  const Frame *frame = first ? &vec_last(stack) : &stack->at[0];
  const Need *need = &frame->unit->needs.at[frame->next - 1];
  Diag *diag;
  if (stack->len == first + 1)
    diag = diag_error(self->diags, DIAG_NAME, span_of_package(need->path),
                      "that is this package: write only `%.*s`", STR_ARG(need->path->name.text));
  else
    diag = diag_error(self->diags, DIAG_NAME, span_of_package(need->path), "package `%.*s` depends on itself",
                      STR_ARG(need->key));
  for (size_t i = first; i < stack->len && stack->len > first + 1 && i < first + 10; i++) {
    const Need *step = &stack->at[i].unit->needs.at[stack->at[i].next - 1];
    diag_note(self->diags, diag, span_of_package(step->path), "`%.*s` names `%.*s`",
              STR_ARG(stack->at[i].unit->key), STR_ARG(step->key));
  }
}

typedef VEC(Unit *) Units;

/* Appends a package behind those that it needs, depth first. */
static void order_from(Resolver *self, Unit *start, Units *order)
{
  Frames stack = {0};
  start->visit = VISIT_OPEN;
  vec_push(self->arena, &stack, (Frame){start, 0});
  while (stack.len) {
    Frame *top = &vec_last(&stack);
    if (top->next == top->unit->needs.len) {
      top->unit->visit = VISIT_DONE;
      vec_push(self->arena, order, top->unit);
      stack.len--;
      continue;
    }
    Need *need = &top->unit->needs.at[top->next++];
    need->unit = map_get(self->by_key, need->key);
    if (!need->unit || need->unit->visit == VISIT_DONE) continue;
    if (need->unit->visit == VISIT_OPEN) {
      report_cycle(self, &stack, need->unit);
      need->unit = NULL;
    } else {
      need->unit->visit = VISIT_OPEN;
      vec_push(self->arena, &stack, (Frame){need->unit, 0});
    }
  }
}

const Package *resolver_finish(Resolver *self)
{
  Units order = {0};
  size_t count = self->units.len;
  if (!count) return NULL;
  Unit **sorted = arena_array_of(self->arena, Unit *, count);
  for (size_t i = 0; i < count; i++) sorted[i] = self->units.at[i];
  qsort(sorted, count, sizeof *sorted, compare_units);
  for (size_t i = 0; i < count; i++)
    if (sorted[i]->visit == VISIT_NEW) order_from(self, sorted[i], &order);

  const Package **packages = arena_array_of(self->arena, const Package *, count);
  Resolve *resolve = arena_new_of(self->arena, Resolve);
  *resolve = (Resolve){.main = self->units.at[0]->package, .packages = packages};
  for (size_t i = 0; i < order.len; i++) {
    order.at[i]->package->resolve = resolve;
    unit_resolve(order.at[i]);
    packages[resolve->package_count++] = order.at[i]->package;
  }
  for (size_t i = 0; i < self->files.len; i++) ast_release_file(self->files.at[i]);
  return resolve->main;
}
