/* AssemblyScript, with asc under node. Its entry is a generated module, src/exports.ts, which calls what the
 * implementation exports; the exports get their names afterwards. */
#include <limits.h>
#include <stdlib.h>

#include "ifc/base/file.h"
#include "ifc/bind.h"
#include "runtime/drivers.h"
#include "runtime/wasm_internal.h"

static const char *const compile_flags[] = {
    "-O3", "--debug", "--runtime", "incremental", "--stackSize", "262144", "--exportStart", "_initialize",
};

const char *const driver_assemblyscript_flags[] = {
    "-O*", "--noAssert", "--converge", "--optimizeLevel=*", "--shrinkLevel=*", NULL,
};

enum { PACKAGE_LIMIT = 1024 * 1024 };

/* The compiler and the node_modules folder that has what it needs. */
typedef struct Compiler {
  Str script, folder;
} Compiler;

/* $ASC, or `asc` on the PATH: a link to .../node_modules/assemblyscript/bin/asc.js. */
static Compiler find_compiler(Arena *arena)
{
  const char *chosen = getenv("ASC");
  char real[PATH_MAX];
  Str found = process_find(arena, chosen && *chosen ? str_from_z(chosen) : STR("asc"));
  if (!found.len || !realpath(str_to_z(arena, found), real)) return (Compiler){0};
  Str script = str_copy(arena, str_from_z(real)), package = path_folder(path_folder(script));
  return (Compiler){script, path_folder(package)};
}

static bool toolchain_is_there(BuildJob *job, Compiler *compiler)
{
  bool node = process_find(job->arena, STR("node")).len > 0;
  bool is_there = build_need(job, node, "AssemblyScript", "node", "nodejs");
  *compiler = find_compiler(job->arena);
  job->compiler = compiler->folder;
  if (compiler->script.len) return is_there;
  Diag *diag = diag_error(job->diags, DIAG_TOOLCHAIN, SPAN_NONE,
                          "AssemblyScript needs its compiler asc, which is neither on the PATH nor in $ASC");
  diag_note(job->diags, diag, SPAN_NONE, "install it with `npm install -g assemblyscript@0.28.20`");
  return false;
}

/* "src/sort.ts(4,35)" as "src/sort.ts:4:35"; false where there is no place. */
static bool put_place(Str line, Buf *out)
{
  size_t in = str_find(line, STR(" in ")), open = str_find_last(line, '('), comma = str_find_last(line, ',');
  if (in == SIZE_MAX || open == SIZE_MAX || comma == SIZE_MAX || !str_ends_with(line, STR(")"))) return false;
  Str file = str_slice(line, in + 4, open), row = str_slice(line, open + 1, comma);
  Str column = str_slice(line, comma + 1, line.len - 1);
  buf_printf(out, "%.*s:%.*s:%.*s: ", STR_ARG(file), STR_ARG(row), STR_ARG(column));
  return true;
}

/* "ERROR TS2304: Cannot find name 'x'." and, some lines below, its place, as one line like clang's. */
static Str reword(Arena *arena, Str text)
{
  Buf out = buf_in(arena);
  Str pending = {0};
  bool is_error = false;
  while (text.len) {
    size_t end = str_find(text, STR("\n"));
    Str line = str_slice(text, 0, end);
    text = end == SIZE_MAX ? STR("") : str_slice(text, end + 1, text.len);
    if (str_starts_with(line, STR("ERROR ")) || str_starts_with(line, STR("WARNING "))) {
      is_error = line.at[0] == 'E';
      size_t colon = str_find(line, STR(": "));
      pending = colon == SIZE_MAX ? line : str_slice(line, colon + 2, line.len);
      if (str_ends_with(pending, STR("."))) pending.len--;
    } else if (pending.len && put_place(line, &out)) {
      buf_printf(&out, "%s: %.*s\n", is_error ? "error" : "warning", STR_ARG(pending));
      pending.len = 0;
    } else if (pending.len && !line.len) {
      buf_printf(&out, "node: %s: %.*s\n", is_error ? "error" : "warning", STR_ARG(pending));
      pending.len = 0;
    }
  }
  return buf_text(&out);
}

/* "sort" of "src/lib/sort.ts". */
static Str module_of(Str name)
{
  Str file = path_name(name);
  return str_slice(file, 0, file.len - STR(".ts").len);
}

static bool add_bindings(BuildJob *job, const BuildSource *root, ScriptFiles *files, Str *entry)
{
  Str name = build_source_name(job, root), folder = path_folder(name);
  *files = bind_assemblyscript(job->arena, build_world(job), module_of(name));
  *entry = path_join(job->arena, folder, STR("exports.ts"));
  return build_add_bindings(job, path_join(job->arena, folder, STR("bindings.ts")), files->types) &&
         build_add_bindings(job, path_join(job->arena, folder, STR("values.ts")), files->values) &&
         build_add_bindings(job, *entry, files->entry);
}

static Str flags_of(BuildJob *job)
{
  return build_flags_text(job, compile_flags, sizeof compile_flags / sizeof *compile_flags);
}

static bool compile(BuildJob *job, const Compiler *compiler, Str entry)
{
  BuildArgs args = {0};
  Str stem = str_slice(entry, 0, entry.len - STR(".ts").len);
  vec_push(job->arena, &args, "node");
  vec_push(job->arena, &args, str_to_z(job->arena, compiler->script));
  for (size_t i = 0; i < sizeof compile_flags / sizeof *compile_flags; i++)
    vec_push(job->arena, &args, compile_flags[i]);
  for (size_t i = 0; i < job->recipe.flag_count; i++)
    vec_push(job->arena, &args, str_to_z(job->arena, job->recipe.flags[i]));
  vec_push(job->arena, &args, "--use");
  vec_push(job->arena, &args, str_to_z(job->arena, str_format(job->arena, "abort=%.*s/trap", STR_ARG(stem))));
  vec_push(job->arena, &args, str_to_z(job->arena, entry));
  vec_push(job->arena, &args, "-o");
  vec_push(job->arena, &args, "module.wasm");
  vec_push(job->arena, &args, NULL);
  ProcessResult result;
  job->reword = reword;
  return build_run(job, args.at, &result);
}

/* The module with its exports named as the interface has them. */
static bool name_exports(BuildJob *job, const ScriptFiles *files, Str wasm, Str *out)
{
  WasmModule module;
  if (!wasm_read(job->arena, STR("module.wasm"), wasm, &module, job->diags)) return false;
  Buf exports = buf_in(job->arena), whole = buf_in(job->arena);
  wasm_put_u32(&exports, module.export_count);
  for (uint32_t i = 0; i < module.export_count; i++) {
    const WasmExport *export = &module.exports[i];
    wasm_put_name(&exports, script_export_name(files, export->name));
    buf_byte(&exports, (char)export->kind);
    wasm_put_u32(&exports, export->index);
  }
  WasmReader in = wasm_reader(wasm);
  buf_str(&whole, wasm_read_bytes(&in, WASM_HEADER_SIZE));
  for (WasmSection section; wasm_read_section(&in, &section);) {
    if (section.id == SECTION_EXPORT)
      wasm_put_section(&whole, SECTION_EXPORT, buf_text(&exports));
    else
      buf_str(&whole, section.whole);
  }
  *out = buf_text(&whole);
  return true;
}

/* The version stands in the package's own description. */
static Str version_of(BuildJob *job, const Compiler *compiler)
{
  Diags unheard = diags_in(job->arena);
  Str text;
  Str path = path_join(job->arena, path_folder(path_folder(compiler->script)), STR("package.json"));
  if (!file_read(job->arena, path, PACKAGE_LIMIT, &text, &unheard)) return STR("?");
  size_t at = str_find(text, STR("\"version\""));
  return at == SIZE_MAX ? STR("?") : build_version_in(str_slice(text, at, text.len));
}

void driver_assemblyscript_key(BuildJob *job, Buf *key)
{
  Compiler compiler = find_compiler(job->arena);
  ScriptFiles files = bind_assemblyscript(job->arena, build_world(job), STR("x"));
  Str flags = flags_of(job);
  build_add_tool(job, "node", key);
  build_add_stat(job, compiler.script, key);
  build_add_stat(job, path_join(job->arena, compiler.folder, STR("assemblyscript/package.json")), key);
  build_add_stat(job, path_join(job->arena, compiler.folder, STR("binaryen/package.json")), key);
  buf_printf(key, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(flags), STR_ARG(files.types), STR_ARG(files.values),
             STR_ARG(files.entry));
}

bool driver_assemblyscript(BuildJob *job, DriverResult *out)
{
  Compiler compiler;
  ScriptFiles files;
  Str entry, wasm;
  if (!toolchain_is_there(job, &compiler)) return false;
  const BuildSource *root = build_root(job, "ts", "index.ts");
  if (!root || !add_bindings(job, root, &files, &entry) || !compile(job, &compiler, entry)) return false;
  if (!build_take(job, STR("module.wasm"), &wasm) || !name_exports(job, &files, wasm, &out->wasm))
    return false;
  out->toolchain = str_format(job->arena, "asc %.*s", STR_ARG(version_of(job, &compiler)));
  out->flags = flags_of(job);
  return true;
}
