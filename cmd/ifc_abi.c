/* ifc abi: what a binding has to agree with. */
#include "cmd/ifc.h"
#include "cmd/reference.h"
#include "cmd/wit_arguments.h"
#include "ifc/abi_show.h"
#include "ifc/base/file.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "ifc/wave.h"
#include "runtime/abi_encode.h"
#include "spec/expr.h"

enum { CASES_LIMIT = 256 << 20 };

typedef struct AbiCommand {
  WitArguments wit;
  Str type, value, cases, registry;
  bool json;
} AbiCommand;

static const Option abi_options[] = {
    {"--type", 't', OPTION_TEXT, offsetof(AbiCommand, type), "TYPE",
     "a type, which may use the names of PATH's interface"},
    {"--value", 0, OPTION_TEXT, offsetof(AbiCommand, value), "WAVE",
     "a value of it: show its flat values, and the memory it is stored in"},
    {"--cases", 0, OPTION_TEXT, offsetof(AbiCommand, cases), "FILE",
     "many values at once: a JSON array of {types, type, value}; instead of PATH"},
    {"--json", 0, OPTION_FLAG, offsetof(AbiCommand, json), NULL, "as JSON"},
    WIT_OPTIONS(AbiCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(AbiCommand, registry), "DIR",
     "where hashes are looked up (default: $ASSAY_HOME)"},
    {0},
};
const Usage usage_ifc_abi = {
    "ifc abi PATH [FUNC] | ifc abi PATH --type TYPE [--value WAVE]",
    "Prints core signatures as wit-component expects them, with sizes, alignments and offsets\n"
    "of parameters and types; or how one value is passed and stored, in a memory that starts\n"
    "zeroed, with a bump allocator that starts at 16.\n",
    abi_options};

static void put_json(Run *run, const Json *json)
{
  Buf out = buf_in(run->arena);
  jv_print(json, &out);
  run_output(run, buf_text(&out));
}

/* --- signatures and layouts */

static AbiScope scope_of(Arena *arena, const Item *item)
{
  return item->interface ? abi_scope_of_interface(arena, item->interface)
                         : abi_scope_of_world(arena, item->world);
}

static void report_no_function(Run *run, const AbiScope *scopes, size_t count, Str name)
{
  Near near = {.wanted = name};
  for (size_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < scopes[i].function_count; k++)
      near_consider(&near, scopes[i].functions[k]->name);
  Diag *diag = diag_error(&run->diags, DIAG_NAME, SPAN_NONE, "there is no function `%.*s`", STR_ARG(name));
  if (near.best.len)
    diag_note(&run->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  else
    diag_note(&run->diags, diag, SPAN_NONE, "`ifc abi PATH` lists them all");
}

/* Of all scopes those that have the function, with nothing else; without a name all that have something. */
static size_t scopes_with(Arena *arena, AbiScope *scopes, size_t count, Str name)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const Function *function = name.len ? abi_scope_function(&scopes[i], name) : NULL;
    if (function)
      scopes[kept++] = abi_scope_with(arena, &scopes[i], function);
    else if (!name.len && (scopes[i].function_count || scopes[i].type_count))
      scopes[kept++] = scopes[i];
  }
  return kept;
}

static void show_scopes(Run *run, const Items *items, Str name, bool json)
{
  AbiScope *scopes = arena_array_of(run->arena, AbiScope, items->len + 1);
  for (size_t i = 0; i < items->len; i++) scopes[i] = scope_of(run->arena, &items->at[i]);
  size_t count = scopes_with(run->arena, scopes, items->len, name);
  if (!count && name.len) {
    for (size_t i = 0; i < items->len; i++) scopes[i] = scope_of(run->arena, &items->at[i]);
    report_no_function(run, scopes, items->len, name);
    return;
  }
  if (!json) {
    Buf out = buf_in(run->arena);
    for (size_t i = 0; i < count; i++)
      buf_printf(&out, "%s%.*s", i ? "\n" : "", STR_ARG(abi_show(run->arena, &scopes[i])));
    run_output(run, buf_text(&out));
    return;
  }
  Json *out = jv_object(run->arena), *list = jv_array(run->arena);
  jv_set_string(out, STR("schema"), STR("assay/abi/1"));
  for (size_t i = 0; i < count; i++) jv_push(list, abi_to_json(run->arena, &scopes[i]));
  jv_set(out, STR("scopes"), list);
  put_json(run, out);
}

/* --- one value */

static Str flat_hex(Arena *arena, CoreType type, uint64_t bits)
{
  bool wide = type == CORE_I64 || type == CORE_F64;
  return wide ? str_format(arena, "%016llx", (unsigned long long)bits)
              : str_format(arena, "%08llx", (unsigned long long)bits);
}

static Json *encoding_to_json(Arena *arena, const Type *type, const AbiEncoding *encoding)
{
  Json *out = jv_object(arena), *types = jv_array(arena), *flat = jv_array(arena);
  for (size_t i = 0; i < encoding->flat_count; i++) {
    CoreType core = encoding->flat_types[i];
    jv_push(types, jv_string(arena, core_type_name(core)));
    jv_push(flat, jv_string(arena, flat_hex(arena, core, encoding->flat[i])));
  }
  jv_set_integer(out, STR("align"), type_align(type));
  jv_set_integer(out, STR("size"), (int64_t)type_size(type));
  jv_set(out, STR("flat_types"), types);
  jv_set(out, STR("flat"), flat);
  jv_set_string(out, STR("flat_heap"), hex_encode(arena, encoding->flat_heap));
  jv_set_integer(out, STR("ptr"), encoding->pointer);
  jv_set_string(out, STR("heap"), hex_encode(arena, encoding->heap));
  return out;
}

/* Sixteen bytes a line, as hexdump has them. */
static void put_memory(Str bytes, Buf *out)
{
  for (size_t i = 0; i < bytes.len; i++) {
    if (i % 16 == 0) buf_printf(out, "%s  %08zx ", i ? "\n" : "", i + ABI_ENCODE_START);
    buf_printf(out, "%s%02x", i % 8 == 0 ? "  " : " ", (unsigned char)bytes.at[i]);
  }
  buf_z(out, bytes.len ? "\n" : "  nothing\n");
}

static Str encoding_text(Arena *arena, const Type *type, const AbiEncoding *encoding)
{
  Buf out = buf_in(arena);
  buf_printf(&out, "%.*s: size %llu, aligned to %u\n\nflat\n", STR_ARG(type_text(arena, type)),
             (unsigned long long)type_size(type), type_align(type));
  for (size_t i = 0; i < encoding->flat_count; i++)
    buf_printf(&out, "  %.*s %.*s\n", STR_ARG(core_type_name(encoding->flat_types[i])),
               STR_ARG(flat_hex(arena, encoding->flat_types[i], encoding->flat[i])));
  buf_z(&out, "memory that the flat values point to\n");
  put_memory(encoding->flat_heap, &out);
  buf_printf(&out, "\nstored at %u\n", encoding->pointer);
  put_memory(encoding->heap, &out);
  return buf_text(&out);
}

/* The whole of `text` as a type with the interface's names. */
static const Type *read_type(Run *run, const Interface *interface, Str path, Str text)
{
  Source *source = arena_new_of(run->arena, Source);
  *source = (Source){.path = path, .text = text};
  Unit unit = {.arena = run->arena, .source = source, .interface = interface, .diags = &run->diags};
  Cursor cursor;
  if (!cursor_begin(&cursor, &unit)) return NULL;
  const Type *type = type_parse(&cursor);
  if (!type) return NULL;
  if (cursor_at(&cursor, TOKEN_END)) return type;
  cursor_error(&cursor, "the end of the type");
  return NULL;
}

static bool encode(Run *run, const Type *type, Str path, Str text, AbiEncoding *out)
{
  Value value;
  Fault fault = {0};
  Source *source = arena_new_of(run->arena, Source);
  *source = (Source){.path = path, .text = text};
  Str obstacle = type_obstacle(run->arena, type);
  if (obstacle.len) {
    diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "%.*s: there are no values of `%.*s` to show: %.*s",
               STR_ARG(path), STR_ARG(type_text(run->arena, type)), STR_ARG(obstacle));
    return false;
  }
  if (!wave_parse(run->arena, type, source, &value, &run->diags)) return false;
  if (abi_encode(run->arena, type, value, out, &fault)) return true;
  diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "%.*s: the value cannot be shown: %.*s", STR_ARG(path),
             STR_ARG(fault_text(run->arena, &fault)));
  return false;
}

static void show_value(Run *run, const AbiCommand *command, const Item *item)
{
  Interface none = {.name = STR("(no interface)"), .id = STR("a world")};
  const Type *type = read_type(run, item->interface ? item->interface : &none, STR("--type"), command->type);
  AbiEncoding encoding;
  if (!type) return;
  if (!command->value.at) {
    TypeDef def = {.name = command->type, .type = type};
    const TypeDef *types[] = {&def};
    AbiScope scope = {.id = item->id, .types = types, .type_count = 1};
    if (command->json)
      put_json(run, jv_at(jv_get(abi_to_json(run->arena, &scope), STR("types")), 0));
    else
      run_output(run, abi_show(run->arena, &scope));
  } else if (encode(run, type, STR("--value"), command->value, &encoding)) {
    if (command->json)
      put_json(run, encoding_to_json(run->arena, type, &encoding));
    else
      run_output(run, encoding_text(run->arena, type, &encoding));
  }
}

/* --- many values */

/* The case's type, declared as one more name in an interface with its `types`. */
static const Type *case_type(Run *run, Str path, const Json *object)
{
  const Json *types = jv_get(object, STR("types"));
  Buf text = buf_in(run->arena);
  Source *source = arena_new_of(run->arena, Source);
  WitOptions options = {.level = WIT_PARSES};
  buf_z(&text, "package abi:cases;\ninterface types {\n");
  for (size_t i = 0; i < jv_count(types); i++) {
    Str declaration = jv_as_string(jv_at(types, i));
    bool is_alias =
        str_starts_with(str_trim(declaration), STR("type ")) && !str_ends_with(declaration, STR(";"));
    buf_printf(&text, "%.*s%s\n", STR_ARG(declaration), is_alias ? ";" : "");
  }
  buf_z(&text, "}\n");
  *source = (Source){.path = path, .text = buf_text(&text)};
  const Package *package = wit_parse(run->arena, source, &options, &run->diags);
  if (!package) return NULL;
  return read_type(run, &package->interfaces[0], path, jv_as_string(jv_get(object, STR("type"))));
}

static const Json *case_encode(Run *run, Str path, const Json *object)
{
  AbiEncoding encoding;
  const Json *value = jv_get(object, STR("value"));
  if (jv_kind(value) != JV_STRING || jv_kind(jv_get(object, STR("type"))) != JV_STRING) {
    Diag *diag =
        diag_error(&run->diags, DIAG_INPUT, SPAN_NONE, "%.*s lacks `type` or `value`", STR_ARG(path));
    diag_note(&run->diags, diag, SPAN_NONE, "as in {\"types\": [], \"type\": \"u8\", \"value\": \"1\"}");
    return jv_null(run->arena);
  }
  const Type *type = case_type(run, path, object);
  if (!type || !encode(run, type, path, jv_as_string(value), &encoding)) return jv_null(run->arena);
  return encoding_to_json(run->arena, type, &encoding);
}

/* One element for each case, null where it has none. */
static void encode_cases(Run *run, Str path)
{
  Source *source = arena_new_of(run->arena, Source);
  source->path = path;
  if (!file_read(run->arena, path, CASES_LIMIT, &source->text, &run->diags)) return;
  const Json *cases = jv_parse(run->arena, source, &run->diags);
  if (!cases) return;
  if (jv_kind(cases) != JV_ARRAY) {
    diag_error(&run->diags, DIAG_INPUT, SPAN_NONE, "'%.*s' is no JSON array", STR_ARG(path));
    return;
  }
  Json *out = jv_array(run->arena);
  for (size_t i = 0; i < jv_count(cases); i++)
    jv_push(out,
            case_encode(run, str_format(run->arena, "%.*s: case %zu", STR_ARG(path), i), jv_at(cases, i)));
  put_json(run, out);
}

/* --- the command */

static bool abi_arguments(Run *run, const AbiCommand *command, const Strs *operands)
{
  const char *problem = NULL;
  if (command->cases.len ? operands->len || command->type.len || command->value.at : !operands->len)
    problem = command->cases.len ? "--cases stands alone" : "of what? ifc abi PATH";
  else if (operands->len > (command->type.len ? 1 : 2))
    problem =
        command->type.len ? "--type and FUNC exclude each other" : "ifc abi takes one PATH and one FUNC";
  else if (command->value.at && !command->type.len)
    problem = "a --value needs its --type";
  if (!problem) return true;
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "%s", problem);
  diag_note(&run->diags, diag, SPAN_NONE, "`ifc abi --help` explains");
  return false;
}

int ifc_abi(Run *run)
{
  AbiCommand command = {0};
  WitOptions options;
  Reference reference;
  Strs operands;
  Items items;
  Item item;
  int status;
  if (!run_options(run, &usage_ifc_abi, &command, &operands, &status)) return status;
  if (!abi_arguments(run, &command, &operands)) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_PARSES, &options)) return 2;
  if (command.cases.len) {
    encode_cases(run, command.cases);
    return 0;
  }
  if (!reference_load(run, operands.at[0], run_registry(run, command.registry), &options, &reference))
    return 0;
  const Package *package = reference_package(run, &reference);
  if (!package) return 0;
  if (command.type.len) {
    if (items_choose(run, reference.path, package, reference.name, &item)) show_value(run, &command, &item);
  } else if (items_named(run, reference.path, package, reference.name, &items)) {
    show_scopes(run, &items, operands.len > 1 ? operands.at[1] : STR(""), command.json);
  }
  return 0;
}
