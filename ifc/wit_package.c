/* One package: its names, its interfaces each after those that it uses, its worlds each after those that it
 * includes. */
#include "ifc/wit_resolve.h"

enum { CYCLE_NOTES_MAX = 10 };

static void add_name(Unit *self, Map *names, TopName name)
{
  TopName *kept = arena_new_of(self->resolver->arena, TopName);
  *kept = name;
  TopName *first = map_put(names, name.name.text, kept);
  if (first) report_duplicate(self->resolver, name.name, first->name);
}

static void declare_interface(Unit *self, AstInterface *ast, Map *file_uses)
{
  Arena *arena = self->resolver->arena;
  Scope *scope = arena_new_of(arena, Scope);
  AstItem **items = arena_array_of(arena, AstItem *, ast->item_count);
  for (uint32_t i = 0; i < ast->item_count; i++) items[i] = &ast->items[i];
  ast->left_out = !gate_selects(self, ast->gate, ast->name.span);
  *scope = (Scope){.unit = self,
                   .file_uses = file_uses,
                   .name = ast->name,
                   .ast = ast,
                   .items = items,
                   .item_count = ast->item_count,
                   .left_out = ast->left_out,
                   .is_broken = ast->broken,
                   .names = map_new(arena)};
  vec_push(arena, &self->scopes, scope);
  add_name(self, self->names, (TopName){scope, NULL, ast->name, false});
}

static void declare_world(Unit *self, AstWorld *ast, Map *file_uses)
{
  Arena *arena = self->resolver->arena;
  WorldScope *world = arena_new_of(arena, WorldScope);
  ast->left_out = !gate_selects(self, ast->gate, ast->name.span);
  *world = (WorldScope){.types = {.unit = self,
                                  .file_uses = file_uses,
                                  .name = ast->name,
                                  .left_out = ast->left_out,
                                  .names = map_new(arena)},
                        .ast = ast,
                        .left_out = ast->left_out,
                        .is_broken = ast->broken};
  vec_push(arena, &self->worlds, world);
  add_name(self, self->names, (TopName){NULL, world, ast->name, false});
}

/* Names of interfaces and worlds, of all files. */
static void declare_tops(Unit *self, const AstFile *file, Map *file_uses)
{
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (top->interface) declare_interface(self, top->interface, file_uses);
    if (top->world) declare_world(self, top->world, file_uses);
  }
}

static TopName resolve_top_use(const Scope *nowhere, const AstTop *top)
{
  TopName name = {.name = top->use_as, .is_use = true};
  if (top->use->namespace.text.len) {
    name.scope = interface_of_path(nowhere, top->use);
    return name;
  }
  const TopName *found = map_get(nowhere->unit->names, top->use->name.text);
  if (found) {
    name.scope = found->scope;
    name.world = found->world;
  } else {
    name.scope = interface_of_path(nowhere, top->use);
  }
  return name;
}

/* "use path as name;" of a file, once all interfaces are known. */
static void declare_top_uses(Unit *self, const AstFile *file, Map *file_uses)
{
  Resolver *resolver = self->resolver;
  Scope nowhere = {.unit = self, .file_uses = map_new(resolver->arena), .names = file_uses};
  Map *own = map_new(resolver->arena);
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    AstName *name = arena_new_of(resolver->arena, AstName);
    *name = top->interface ? top->interface->name : top->world ? top->world->name : top->use_as;
    if (top->package || !name->text.len) continue;
    bool is_use = !top->interface && !top->world;
    AstName *first = map_put(own, name->text, name);
    const TopName *first_use = map_get(file_uses, name->text);
    if (first && (is_use || first_use)) report_duplicate(resolver, *name, *first);
    if (!is_use || first) continue;
    TopName *use = arena_new_of(resolver->arena, TopName);
    *use = resolve_top_use(&nowhere, top);
    map_put(file_uses, name->text, use);
  }
}

static Interface *make_interface(Unit *self, Scope *scope, Interface *out)
{
  Resolver *resolver = self->resolver;
  const Package *package = self->package;
  *out = (Interface){.name = scope->name.text,
                     .id = str_format(resolver->arena, "%.*s:%.*s/%.*s", STR_ARG(package->namespace),
                                      STR_ARG(package->name), STR_ARG(scope->name.text)),
                     .package = package,
                     .span = scope->name.span};
  return out;
}

/* Room for the interfaces, in the order read; those left out are not the package's. */
static void make_interfaces(Unit *self)
{
  Package *package = self->package;
  Interface *interfaces = arena_array_of(self->resolver->arena, Interface, self->scopes.len);
  package->interfaces = interfaces;
  uint32_t count = (uint32_t)self->scopes.len, from_end = count;
  for (uint32_t i = 0; i < count; i++) {
    Scope *scope = self->scopes.at[i];
    uint32_t place = scope->left_out ? --from_end : package->interface_count++;
    scope->out = make_interface(self, scope, &interfaces[place]);
  }
}

static void make_worlds(Unit *self)
{
  Package *package = self->package;
  World *worlds = arena_array_of(self->resolver->arena, World, self->worlds.len);
  package->worlds = worlds;
  uint32_t count = (uint32_t)self->worlds.len, from_end = count;
  for (uint32_t i = 0; i < count; i++) {
    WorldScope *world = self->worlds.at[i];
    uint32_t place = world->left_out ? --from_end : package->world_count++;
    world->out = world->types.world = &worlds[place];
    *world->out =
        (World){.name = world->ast->name.text,
                .id = str_format(self->resolver->arena, "%.*s:%.*s/%.*s", STR_ARG(package->namespace),
                                 STR_ARG(package->name), STR_ARG(world->ast->name.text)),
                .package = package,
                .docs = docs_text(self->resolver->arena, ast_docs(world->ast->docs)),
                .span = world->ast->name.span,
                .written = world->ast};
  }
}

/* Docs and syntax, which only interfaces on their own have at hand in the order of files. */
static void describe_interfaces(Unit *self)
{
  size_t next = 0;
  for (size_t i = 0; i < self->written->file_count; i++) {
    const AstFile *file = self->written->files[i];
    for (uint32_t k = 0; k < file->top_count; k++) {
      const AstInterface *ast = file->tops[k].interface;
      if (!ast) continue;
      Interface *out = self->scopes.at[next++]->out;
      out->docs = docs_text(self->resolver->arena, ast_docs(ast->docs));
      out->written = ast;
    }
  }
}

/* An interface that the walk is in, and how many of its uses are done. */
typedef struct Frame {
  Scope *scope;
  size_t next;
} Frame;

typedef VEC(Frame) Frames;

/* Told where the reference tells it: at the declaration of what is used, if that is in the same file. */
static void report_cycle(Resolver *self, const Frames *stack, const Scope *scope)
{
  size_t first = stack->len - 1;
  while (stack->at[first].scope != scope) first--;
  const Scope *second = first + 1 < stack->len ? stack->at[first + 1].scope : scope;
  Span use = stack->at[first].scope->targets.at[stack->at[first].next - 1].item->path->name.span;
  Span at = use.source == second->name.span.source ? second->name.span : use;
  Diag *diag =
      diag_error(self->diags, DIAG_TYPE, at, "interface `%.*s` uses itself", STR_ARG(second->name.text));
  for (size_t i = first; i < stack->len && i < first + CYCLE_NOTES_MAX; i++) {
    const Frame *frame = &stack->at[i];
    const AstPath *path = frame->scope->targets.at[frame->next - 1].item->path;
    diag_note(self->diags, diag, path->span, "`%.*s` uses `%.*s`", STR_ARG(frame->scope->name.text),
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
    if (top->next == top->scope->targets.len) {
      scope_resolve_types(top->scope);
      scope_resolve_functions(top->scope);
      ast_release(top->scope->ast, self->arena);
      top->scope->visit = VISIT_DONE;
      stack.len--;
      continue;
    }
    UseTarget *target = &top->scope->targets.at[top->next++];
    if (!target->scope || target->scope->visit == VISIT_DONE) continue;
    if (target->scope->visit == VISIT_OPEN) {
      report_cycle(self, &stack, target->scope);
      target->scope = NULL;
    } else {
      target->scope->visit = VISIT_OPEN;
      vec_push(self->arena, &stack, (Frame){target->scope, 0});
    }
  }
}

typedef struct WorldFrame {
  WorldScope *world;
  size_t next;
} WorldFrame;

typedef VEC(WorldFrame) WorldFrames;

static void report_world_cycle(Resolver *self, const WorldFrames *stack, const WorldScope *world)
{
  size_t first = stack->len - 1;
  while (stack->at[first].world != world) first--;
  const WorldScope *second = first + 1 < stack->len ? stack->at[first + 1].world : world;
  Diag *diag = diag_error(self->diags, DIAG_TYPE, second->ast->name.span, "world `%.*s` includes itself",
                          STR_ARG(second->ast->name.text));
  for (size_t i = first; i < stack->len && i < first + CYCLE_NOTES_MAX; i++) {
    const WorldScope *step = stack->at[i].world;
    const WorldScope *included = i + 1 < stack->len ? stack->at[i + 1].world : world;
    diag_note(self->diags, diag, step->ast->name.span, "`%.*s` includes `%.*s`",
              STR_ARG(step->ast->name.text), STR_ARG(included->ast->name.text));
  }
}

/* Elaborates a world after those that it includes, depth first. */
static void elaborate_from(Resolver *self, WorldScope *start)
{
  WorldFrames stack = {0};
  start->visit = VISIT_OPEN;
  vec_push(self->arena, &stack, (WorldFrame){start, 0});
  while (stack.len) {
    WorldFrame *top = &vec_last(&stack);
    if (top->next == top->world->includes.len) {
      world_elaborate(top->world);
      top->world->visit = VISIT_DONE;
      stack.len--;
      continue;
    }
    WorldScope **included = &top->world->includes.at[top->next++];
    if (!*included || (*included)->visit == VISIT_DONE) continue;
    if ((*included)->visit == VISIT_OPEN) {
      report_world_cycle(self, &stack, *included);
      *included = NULL;
    } else {
      (*included)->visit = VISIT_OPEN;
      vec_push(self->arena, &stack, (WorldFrame){*included, 0});
    }
  }
}

static void check_top_names(Unit *self)
{
  if (!valid_names_matter(self->resolver, self->names)) return;
  size_t count = map_count(self->names);
  AstName *names = arena_array_of(self->resolver->arena, AstName, count);
  for (size_t i = 0; i < count; i++) names[i] = ((TopName *)map_entry(self->names, i)->value)->name;
  valid_names(self->resolver, names, count);
}

static void declare(Unit *self)
{
  size_t count = self->written->file_count;
  self->file_uses = arena_array_of(self->resolver->arena, Map *, count);
  for (size_t i = 0; i < count; i++) {
    self->file_uses[i] = map_new(self->resolver->arena);
    declare_tops(self, self->written->files[i], self->file_uses[i]);
  }
  check_top_names(self);
  make_interfaces(self);
  describe_interfaces(self);
  make_worlds(self);
  for (size_t i = 0; i < count; i++) declare_top_uses(self, self->written->files[i], self->file_uses[i]);
}

void unit_resolve(Unit *self)
{
  declare(self);
  for (size_t i = 0; i < self->scopes.len; i++) scope_declare(self->scopes.at[i]);
  for (size_t i = 0; i < self->scopes.len; i++) scope_link(self->scopes.at[i]);
  for (size_t i = 0; i < self->worlds.len; i++) world_declare(self->worlds.at[i]);
  for (size_t i = 0; i < self->scopes.len; i++)
    if (self->scopes.at[i]->visit == VISIT_NEW) resolve_from(self->resolver, self->scopes.at[i]);
  for (size_t i = 0; i < self->worlds.len; i++) world_resolve(self->worlds.at[i]);
  for (size_t i = 0; i < self->worlds.len; i++)
    if (self->worlds.at[i]->visit == VISIT_NEW) elaborate_from(self->resolver, self->worlds.at[i]);
  self->is_resolved = true;
}
