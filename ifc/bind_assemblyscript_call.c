/* Functions on both sides of the boundary, and resources. An export turns core values into an
 * implementation's arguments, and its results into core values; an import does the reverse. Of a resource, an
 * object stands for the handle: the implementer's own, which is kept where its handles find it, or one that
 * has the handle in it. */
#include "ifc/bind_assemblyscript.h"

static void print_core(const CoreSignature *core, Buf *out)
{
  buf_byte(out, '(');
  for (uint32_t i = 0; i < core->param_count; i++)
    buf_printf(out, "%sa%u: %.*s", i ? ", " : "", i, STR_ARG(core_type_name(core->params[i])));
  buf_printf(out, "): %.*s", STR_ARG(core->result_count ? core_type_name(core->results[0]) : STR("void")));
}

static void print_external(Str module, Str name, Buf *out)
{
  buf_printf(out, "@external(\"%.*s\", \"%.*s\")\ndeclare function ", STR_ARG(module), STR_ARG(name));
}

/* --- resources */

static void print_resource_import(ScriptBinding *self, const ScriptDeclaration *it, const char *name,
                                  const char *signature, Buf *out)
{
  const ScriptScope *scope = it->scope;
  Str module = str_format(self->arena, "%s%.*s", scope->is_export ? "[export]" : "", STR_ARG(scope->module));
  print_external(module, str_format(self->arena, "[resource-%s]%.*s", name, STR_ARG(it->def->name)), out);
  buf_printf(out, "%sResource%zu%s;\n", name, it->number, signature);
}

static void print_exported(ScriptBinding *self, const ScriptDeclaration *it, Buf *out)
{
  Str name = it->name, end = script_destructor_name(it);
  size_t n = it->number;
  print_resource_import(self, it, "new", "(rep: i32): i32", out);
  print_resource_import(self, it, "rep", "(handle: i32): i32", out);
  buf_printf(out, "const held%zu = new Held<%.*s>();\n", n, STR_ARG(name));
  buf_printf(out,
             "function ownResource%zu(handle: i32): %.*s {\n"
             "  const value = held%zu.get(repResource%zu(handle));\n  held%zu.isTaking = true;\n"
             "  dropResource%zu(handle);\n  held%zu.isTaking = false;\n  return value;\n}\n",
             n, STR_ARG(name), n, n, n, n, n);
  buf_printf(out, "function lentResource%zu(rep: i32): %.*s {\n  return held%zu.get(rep);\n}\n", n,
             STR_ARG(name), n);
  buf_printf(
      out, "function passResource%zu(value: %.*s): i32 {\n  return newResource%zu(held%zu.put(value));\n}\n",
      n, STR_ARG(name), n, n);
  buf_printf(out,
             "export function d%zu(rep: i32): void {\n  const value = held%zu.remove(rep);\n"
             "  if (held%zu.isTaking) return;\n"
             "  if (isDefined(value.%.*s)) value.%.*s();\n}\n",
             n, n, n, STR_ARG(end), STR_ARG(end));
}

static void print_imported(const ScriptDeclaration *it, Buf *out)
{
  Str name = it->name;
  size_t n = it->number;
  buf_printf(out,
             "function ownResource%zu(handle: i32): %.*s {\n"
             "  const made = changetype<%.*s>(__new(offsetof<%.*s>(), idof<%.*s>()));\n"
             "  made.__handle = handle;\n  return made;\n}\n",
             n, STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name));
  buf_printf(out,
             "export function passResource%zu(value: %.*s): i32 {\n  const handle = lendResource%zu(value);\n"
             "  value.__handle = 0;\n  return handle;\n}\n",
             n, STR_ARG(name), n);
  buf_printf(out,
             "function lendResource%zu(value: %.*s): i32 {\n  if (!value.__handle) unreachable();\n"
             "  return value.__handle;\n}\n",
             n, STR_ARG(name));
  buf_printf(out,
             "export function endResource%zu(value: %.*s): void {\n"
             "  if (value.__handle) dropResource%zu(passResource%zu(value));\n}\n",
             n, STR_ARG(name), n, n);
  if (!it->comes_lent) return;
  buf_printf(out,
             "const lent%zu = new Array<%.*s>();\nfunction lentResource%zu(handle: i32): %.*s {\n"
             "  const made = ownResource%zu(handle);\n  lent%zu.push(made);\n  return made;\n}\n",
             n, STR_ARG(name), n, STR_ARG(name), n, n);
  buf_printf(out,
             "function endLent%zu(): void {\n"
             "  for (let i = 0; i < lent%zu.length; i++) endResource%zu(lent%zu[i]);\n"
             "  lent%zu.length = 0;\n}\n",
             n, n, n, n, n);
}

void script_print_resource(ScriptBinding *self, const ScriptDeclaration *it, Buf *out)
{
  buf_byte(out, '\n');
  print_resource_import(self, it, "drop", "(handle: i32): void", out);
  if (it->scope->is_export)
    print_exported(self, it, out);
  else
    print_imported(it, out);
}

/* --- exports */

/* All parameters as one tuple. */
static Type block_of(ScriptBinding *self, const Function *function)
{
  Field *fields = arena_array_of(self->arena, Field, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  return (Type){.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
}

static void print_arguments(ScriptBinding *self, const Function *function, const CoreSignature *core,
                            Buf *out)
{
  Type block = block_of(self, function);
  ScriptWay way = core->spilled_params ? SCRIPT_LOAD : SCRIPT_LIFT;
  size_t *offsets = script_offsets(self, way, &block);
  for (uint32_t i = 0; i < core->param_count && !core->spilled_params; i++) {
    if (core->params[i] == CORE_I32)
      buf_printf(out, "  store<u64>(slots + %u, <u64><u32>a%u);\n", 8 * i, i);
    else
      buf_printf(out, "  store<%.*s>(slots + %u, a%u);\n", STR_ARG(core_type_name(core->params[i])), 8 * i,
                 i);
  }
  if (function->param_count)
    buf_z(out, core->spilled_params ? "  const at = <usize>a0;\n" : "  const at = slots;\n");
  for (uint32_t i = 0; i < function->param_count; i++)
    buf_printf(out, "  const p%u = %.*s;\n", i,
               STR_ARG(script_reading(self, way, function->params[i].type, offsets[i])));
  if (core->spilled_params) buf_z(out, "  heap.free(at);\n");
}

/* "implementation.area(p0)", "new implementation.Stack()", "p0.push(p1)". */
static void print_call(ScriptBinding *self, const ScriptFunction *it, Buf *out)
{
  const Function *function = it->function;
  const ScriptDeclaration *resource =
      function->resource ? script_declaration(self, function->resource) : NULL;
  uint32_t first = 0;
  if (!resource)
    buf_printf(out, "implementation.%.*s(", STR_ARG(it->name));
  else if (function->kind == FUNCTION_METHOD)
    buf_printf(out, "p%u.%.*s(", first++, STR_ARG(it->name));
  else if (function->kind == FUNCTION_STATIC)
    buf_printf(out, "implementation.%.*s.%.*s(", STR_ARG(resource->name), STR_ARG(it->name));
  else if (function->result && function->result->kind == TYPE_RESULT)
    buf_printf(out, "implementation.%.*s.%.*s(", STR_ARG(resource->name),
               STR_ARG(script_factory_name(resource)));
  else
    buf_printf(out, "new implementation.%.*s(", STR_ARG(resource->name));
  for (uint32_t i = first; i < function->param_count; i++) buf_printf(out, "%sp%u", i > first ? ", " : "", i);
  buf_z(out, ");\n");
}

/* The one core value of a result that is not spilled. */
static Str lowered(ScriptBinding *self, const Type *type, Str value)
{
  while (type->kind == TYPE_RECORD || type->kind == TYPE_TUPLE || type->kind == TYPE_FIXED_LIST) {
    bool is_list = type->kind == TYPE_FIXED_LIST;
    Str field = is_list ? STR("") : script_field_names(self->arena, type)[0];
    value = is_list ? str_format(self->arena, "%.*s[0]", STR_ARG(value))
                    : str_format(self->arena, "%.*s.%.*s", STR_ARG(value), STR_ARG(field));
    self->scope = script_type(self, type)->scope;
    type = is_list ? type->element : type->fields[0].type;
  }
  if (type->kind == TYPE_OWN)
    return str_format(self->arena, "passResource%zu(%.*s)", script_resource(self, type)->number,
                      STR_ARG(value));
  if (type->kind == TYPE_VARIANT) return str_format(self->arena, "%.*s.tag", STR_ARG(value));
  if (type->kind == TYPE_RESULT) return str_format(self->arena, "%.*s.isErr", STR_ARG(value));
  return value;
}

static void print_end_of_lending(ScriptBinding *self, const Function *function, Buf *out)
{
  bool comes_lent = false;
  for (uint32_t i = 0; i < function->param_count; i++)
    comes_lent |= script_type(self, function->params[i].type)->comes_lent;
  for (size_t i = 0; comes_lent && i < self->resources.len; i++)
    if (self->resources.at[i]->comes_lent) buf_printf(out, "  endLent%zu();\n", i);
}

static void print_result(ScriptBinding *self, const ScriptFunction *it, const CoreSignature *core, Buf *out)
{
  const Type *result = it->function->result;
  if (core->spilled_results)
    buf_printf(out, "  store%zu(result, area%zu);\n  return <i32>area%zu;\n",
               script_type(self, result)->number, it->number, it->number);
  else
    buf_printf(out, "  return <%.*s>%.*s;\n", STR_ARG(core_type_name(core->results[0])),
               STR_ARG(lowered(self, result, STR("result"))));
}

void script_print_export(ScriptBinding *self, const ScriptFunction *it, Buf *out)
{
  const Function *function = it->function;
  CoreSignature core = function_export_signature(function);
  const Type *result = function->result;
  self->scope = it->scope;
  buf_byte(out, '\n');
  if (core.spilled_results)
    buf_printf(out, "const area%zu = memory.data(%llu, 8);\n", it->number,
               (unsigned long long)type_size(result));
  buf_printf(out, "export function e%zu", it->number);
  print_core(&core, out);
  buf_z(out, " {\n");
  print_arguments(self, function, &core, out);
  buf_z(out, result ? "  const result = " : "  ");
  print_call(self, it, out);
  print_end_of_lending(self, function, out);
  if (result) print_result(self, it, &core, out);
  buf_z(out, "}\n");
  self->scope = it->scope;
  if (result && type_layout(result).has_pointers)
    buf_printf(out, "export function p%zu(at: i32): void {\n  free%zu(<usize>at);\n}\n", it->number,
               script_type(self, result)->number);
}

/* --- imports */

static void print_lowering(ScriptBinding *self, const Type *block, const CoreSignature *core, Buf *out)
{
  size_t *offsets = script_offsets(self, SCRIPT_LOAD, block), *slots = NULL;
  for (uint32_t i = 0; i < block->count; i++)
    script_print_writing(self, block->fields[i].type, str_format(self->arena, "p%u", i), offsets[i], "  ",
                         out);
  if (core->spilled_params) return;
  slots = script_offsets(self, SCRIPT_LIFT, block);
  buf_z(out, "  const slot = slots;\n");
  for (uint32_t i = 0; i < block->count; i++)
    script_print_flattening(self, block->fields[i].type, offsets[i], slots[i] / 8, out);
}

static void print_core_call(const ScriptFunction *it, const CoreSignature *core, Buf *out)
{
  uint32_t count = core->param_count - (core->spilled_results ? 1 : 0);
  buf_printf(out, "  %simport%zu(", core->result_count ? "const returned = " : "", it->number);
  for (uint32_t i = 0; i < count; i++)
    if (core->spilled_params)
      buf_z(out, "<i32>at");
    else
      buf_printf(out, "%sload<%.*s>(slots + %u)", i ? ", " : "", STR_ARG(core_type_name(core->params[i])),
                 8 * i);
  if (core->spilled_results) buf_printf(out, "%s<i32>returned%zu", count ? ", " : "", it->number);
  buf_z(out, ");\n");
}

static void print_return(ScriptBinding *self, const ScriptFunction *it, const CoreSignature *core, Buf *out)
{
  const Type *result = it->function->result;
  ScriptWay way = core->spilled_results ? SCRIPT_LOAD : SCRIPT_LIFT;
  if (core->spilled_results) {
    buf_printf(out, "  return result%zu(returned%zu);\n", it->number, it->number);
  } else if (core->results[0] == CORE_I32) {
    buf_printf(out, "  store<u64>(slots, <u64><u32>returned);\n  return result%zu(slots);\n", it->number);
  } else {
    Str type = core_type_name(core->results[0]);
    buf_printf(out, "  store<%.*s>(slots, returned);\n  return result%zu(slots);\n", STR_ARG(type),
               it->number);
  }
  buf_printf(out, "}\nfunction result%zu(at: usize): %.*s {\n  return %.*s;\n", it->number,
             STR_ARG(script_text(self, result)), STR_ARG(script_reading(self, way, result, 0)));
}

/* Where arguments and the result lie, and what is called. */
static void print_places(ScriptBinding *self, const ScriptFunction *it, const Type *block,
                         const CoreSignature *core, Buf *out)
{
  const Function *function = it->function;
  buf_byte(out, '\n');
  print_external(it->scope->module, function->name, out);
  buf_printf(out, "import%zu", it->number);
  print_core(core, out);
  buf_z(out, ";\n");
  if (function->param_count)
    buf_printf(out, "const params%zu = memory.data(%llu, 8);\n", it->number,
               (unsigned long long)type_size(block));
  if (core->spilled_results)
    buf_printf(out, "const returned%zu = memory.data(%llu, 8);\n", it->number,
               (unsigned long long)type_size(function->result));
  (void)self;
}

void script_print_import(ScriptBinding *self, const ScriptFunction *it, Buf *out)
{
  const Function *function = it->function;
  CoreSignature core = function_import_signature(function);
  Type block = block_of(self, function);
  self->scope = it->scope;
  print_places(self, it, &block, &core, out);
  buf_printf(out, "export function call%zu(", it->number);
  for (uint32_t i = 0; i < function->param_count; i++)
    buf_printf(out, "%sp%u: %.*s", i ? ", " : "", i, STR_ARG(script_text(self, function->params[i].type)));
  buf_printf(out, "): %.*s {\n",
             STR_ARG(function->result ? script_text(self, function->result) : STR("void")));
  if (function->param_count) {
    buf_printf(out, "  const at = params%zu;\n", it->number);
    print_lowering(self, &block, &core, out);
  }
  print_core_call(it, &core, out);
  size_t *offsets = script_offsets(self, SCRIPT_LOAD, &block);
  for (uint32_t i = 0; i < function->param_count; i++)
    script_print_freeing(self, function->params[i].type, offsets[i], "  ", out);
  if (function->result) print_return(self, it, &core, out);
  buf_z(out, "}\n");
}
