#include "runtime/build.h"

#include "ifc/base/file.h"
#include "ifc/base/json.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/show.h"
#include "ifc/wit.h"
#include "runtime/drivers.h"
#include "runtime/implementation.h"
#include "runtime/sandbox.h"

enum { SOURCE_LIMIT = 64 * 1024 * 1024 };

static const Driver drivers[] = {
#define DRIVER(...) {__VA_ARGS__},
    DRIVERS(DRIVER)
#undef DRIVER
};
enum { DRIVER_COUNT = sizeof drivers / sizeof *drivers };

/* wasm-opt: names are kept for the messages of traps, everything that tells of machines is not. Features are
 * those that wasm2c can translate. */
static const char *const optimiser_flags[] = {
    "-O3",
    "-g",
    "--strip-dwarf",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
};
enum { OPTIMISER_FLAG_COUNT = sizeof optimiser_flags / sizeof *optimiser_flags };

/* --- which language ----------------------------------------------------------------------------------------
 */

static const Driver *driver_of(Str path)
{
  for (size_t i = 0; i < DRIVER_COUNT; i++)
    if (str_equal(path_extension(path), str_from_z(drivers[i].extension))) return &drivers[i];
  return NULL;
}

/* Files that come with sources: headers, and what says how to build. */
static bool is_companion(const Driver *driver, Str path)
{
  Str rest = str_from_z(driver->companions), extension = path_extension(path);
  while (rest.len) {
    size_t end = str_find(rest, STR(" "));
    if (str_equal(str_slice(rest, 0, end), extension)) return true;
    rest = end == SIZE_MAX ? STR("") : str_slice(rest, end + 1, rest.len);
  }
  return str_equal(path_name(path), STR("impl.json"));
}

static Str known_endings(Arena *arena)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < DRIVER_COUNT; i++)
    buf_printf(&out, "%s.%s", i == 0 ? "" : i + 1 < DRIVER_COUNT ? ", " : " and ", drivers[i].extension);
  return buf_text(&out);
}

static void report_ending(Arena *arena, Str path, Diags *diags)
{
  Str endings = known_endings(arena);
  for (size_t i = 0; i < DRIVER_COUNT; i++)
    if (is_companion(&drivers[i], path)) {
      diag_error(diags, DIAG_USAGE, SPAN_NONE, "'%.*s' alone cannot be built: there is no .%s with it",
                 STR_ARG(path), drivers[i].extension);
      return;
    }
  Diag *diag =
      diag_error(diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is in no language that can be built", STR_ARG(path));
  diag_note(diags, diag, SPAN_NONE, "sources end in %.*s", STR_ARG(endings));
}

static bool takes(const Driver *driver, const BuildSource *source, size_t *mains)
{
  if (is_companion(driver, source->path)) return true;
  return driver_of(source->path) == driver && (++*mains == 1 || driver->takes_several);
}

/* The driver that all of the sources belong to. */
static const Driver *find_driver(BuildJob *job)
{
  const Driver *driver = NULL;
  Str first = {0};
  size_t mains = 0;
  for (size_t i = 0; i < job->source_count && !driver; i++) {
    first = job->sources[i].path;
    driver = driver_of(first);
  }
  if (!driver) report_ending(job->arena, first, job->diags);
  for (size_t i = 0; driver && i < job->source_count; i++) {
    Str path = job->sources[i].path;
    if (takes(driver, &job->sources[i], &mains)) continue;
    if (!driver_of(path))
      report_ending(job->arena, path, job->diags);
    else
      diag_error(job->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' and '%.*s' cannot be built into one module",
                 STR_ARG(first), STR_ARG(path));
    return NULL;
  }
  return driver;
}

/* Only flags that are known to be harmless and to say nothing of this machine. */
static bool check_flags(BuildJob *job, const Driver *driver)
{
  for (size_t i = 0; i < job->recipe.flag_count; i++) {
    if (recipe_flag(driver->flags, job->recipe.flags[i])) continue;
    Diag *diag =
        diag_error(job->diags, DIAG_USAGE, SPAN_NONE, "an impl.json may not ask for this flag of %s: %.*s",
                   driver->language, STR_ARG(job->recipe.flags[i]));
    diag_note(job->diags, diag, SPAN_NONE, "docs/languages.md lists those that it may");
    return false;
  }
  if (!job->recipe.folder_count || driver->flags == driver_c_flags) return true;
  diag_error(job->diags, DIAG_USAGE, SPAN_NONE, "`include` in an impl.json is for C and C++, not for %s",
             driver->language);
  return false;
}

/* --- sources -----------------------------------------------------------------------------------------------
 */

static int by_name(const void *left, const void *right)
{
  const BuildSource *a = left, *b = right;
  return str_compare(a->name, b->name);
}

/* Those that were named, or that an impl.json names. */
static bool list_sources(BuildJob *job, BuildSource **out)
{
  const BuildOptions *options = job->options;
  for (size_t i = 0; i < options->path_count; i++) {
    Str path = options->paths[i];
    if (!recipe_is_at(job->arena, path)) continue;
    if (options->path_count == 1)
      return recipe_read(job->arena, path, &job->recipe, out, &job->source_count, job->diags);
    diag_error(job->diags, DIAG_USAGE, SPAN_NONE,
               "'%.*s' is given alone: an impl.json names all sources that it is about", STR_ARG(path));
    return false;
  }
  job->source_count = options->path_count;
  *out = arena_array_of(job->arena, BuildSource, job->source_count);
  for (size_t i = 0; i < job->source_count; i++)
    (*out)[i] = (BuildSource){.path = options->paths[i], .name = path_name(options->paths[i])};
  return true;
}

/* In one order however they were given, because the order of linking shows in the module. */
static bool read_sources(BuildJob *job, BuildSource *sources)
{
  size_t count = job->source_count;
  for (size_t i = 0; i < count; i++)
    if (!file_read(job->arena, sources[i].path, SOURCE_LIMIT, &sources[i].bytes, job->diags)) return false;
  qsort(sources, count, sizeof *sources, by_name);
  for (size_t i = 1; i < count; i++) {
    if (by_name(&sources[i - 1], &sources[i]) != 0) continue;
    diag_error(job->diags, DIAG_USAGE, SPAN_NONE,
               "'%.*s' and '%.*s' have the same name; sources are put in one folder",
               STR_ARG(sources[i - 1].path), STR_ARG(sources[i].path));
    return false;
  }
  return true;
}

static bool place_sources(BuildJob *job)
{
  for (size_t i = 0; i < job->source_count; i++) {
    const BuildSource *source = &job->sources[i];
    if (!build_add_file(job, build_source_name(job, source), source->path, source->bytes)) return false;
  }
  return true;
}

/* --- what is the same for every language -------------------------------------------------------------------
 */

static void note_lines(BuildJob *job, Diag *diag, Str text)
{
  for (int lines = 0; text.len && lines < 5; lines++) {
    size_t end = str_find(text, STR("\n"));
    Str line = str_trim(str_slice(text, 0, end));
    if (line.len) diag_note(job->diags, diag, SPAN_NONE, "%.*s", STR_ARG(line));
    text = end == SIZE_MAX ? STR("") : str_slice(text, end + 1, text.len);
  }
}

static bool tool_succeeds(BuildJob *job, const char *const *argv, ProcessResult *result)
{
  return sandbox_tool(job->arena, argv, job->folder, NULL, 0, (Str){0}, result, job->diags) &&
         result->end == PROCESS_EXITED && result->status == 0;
}

/* wasm-validate knows SIMD, the optimiser and the runtime do not. */
static bool validate(BuildJob *job, Str path)
{
  const char *plain[] = {"wasm-validate", "--disable-simd", "linked.wasm", NULL};
  const char *with_simd[] = {"wasm-validate", "linked.wasm", NULL};
  ProcessResult result = {0}, second = {0};
  size_t errors = job->diags->errors;
  if (tool_succeeds(job, plain, &result)) return true;
  if (job->diags->errors > errors) return false;
  if (tool_succeeds(job, with_simd, &second)) {
    Diag *diag = diag_error(job->diags, DIAG_UNSUPPORTED, SPAN_NONE,
                            "%.*s uses SIMD, which the runtime lacks", STR_ARG(path));
    diag_note(job->diags, diag, SPAN_NONE, "build it with -mno-simd128");
    return false;
  }
  if (result.end == PROCESS_EXITED) {
    Diag *diag = diag_error(job->diags, DIAG_MODULE, SPAN_NONE, "%.*s is not a valid WebAssembly module",
                            STR_ARG(path));
    note_lines(job, diag, second.errors);
  } else {
    diag_error(job->diags, DIAG_MODULE, SPAN_NONE, "%.*s: wasm-validate %.*s", STR_ARG(path),
               STR_ARG(sandbox_tool_text(job->arena, &result)));
  }
  return false;
}

static bool optimise(BuildJob *job, Str path, Str *out)
{
  const char *argv[OPTIMISER_FLAG_COUNT + 5] = {"wasm-opt", "linked.wasm", "-o", "optimised.wasm"};
  for (size_t i = 0; i < OPTIMISER_FLAG_COUNT; i++) argv[i + 4] = optimiser_flags[i];
  ProcessResult result = {0};
  size_t errors = job->diags->errors;
  if (tool_succeeds(job, argv, &result)) return build_take(job, STR("optimised.wasm"), out);
  if (job->diags->errors > errors) return false;
  Diag *diag = diag_error(job->diags, DIAG_BUILD, SPAN_NONE, "%.*s cannot be optimised: wasm-opt %.*s",
                          STR_ARG(path), STR_ARG(sandbox_tool_text(job->arena, &result)));
  note_lines(job, diag, result.errors);
  return false;
}

static Str toolchain_text(BuildJob *job, const DriverResult *made)
{
  Str version = build_tool_version(job, "wasm-opt");
  return str_format(job->arena, "%.*s%swasm-opt %.*s", STR_ARG(made->toolchain),
                    made->toolchain.len ? ", " : "", STR_ARG(version));
}

static Str flags_text(BuildJob *job, const DriverResult *made)
{
  Buf out = buf_in(job->arena);
  buf_str(&out, made->flags);
  buf_z(&out, made->flags.len ? "; wasm-opt" : "wasm-opt");
  for (size_t i = 0; i < OPTIMISER_FLAG_COUNT; i++) buf_printf(&out, " %s", optimiser_flags[i]);
  return buf_text(&out);
}

/* What a module carries of its interface: a world, and what is written in one, is carried whole. */
static Str carried_text(Arena *arena, const Interface *interface)
{
  return interface->world ? world_show(arena, interface->world) : interface_show(arena, interface);
}

static const World *world_of(const BuildOptions *options)
{
  if (options->world) return options->world;
  return interface_is_world(options->interface) ? options->interface->world : NULL;
}

static Json *named_hash(Arena *arena, Str name, Hash hash)
{
  Json *entry = jv_object(arena);
  jv_set_string(entry, STR("name"), name);
  jv_set_string(entry, STR("hash"), hash_text(arena, hash));
  return entry;
}

/* The `assay:build` section; docs/module-sections.md. */
static Str describe(BuildJob *job, const Driver *driver, const DriverResult *made, const Fit *fit)
{
  Arena *arena = job->arena;
  Json *needs = jv_array(arena);
  for (uint32_t i = 0; i < fit->need_count; i++) {
    const Interface *need = fit->needs[i].interface;
    jv_push(needs, named_hash(arena, need->id, interface_hash(arena, need)));
  }
  const Interface *interface = job->options->interface;
  Json *document = jv_object(arena), *provides = jv_array(arena), *sources = jv_array(arena);
  const World *world = world_of(job->options);
  jv_push(provides, named_hash(arena, interface->id, interface_hash(arena, interface)));
  for (uint32_t i = 0; world && i < world->export_count; i++) {
    const Interface *other = world_exported(arena, world, &world->exports[i]);
    if (other && !str_equal(other->id, interface->id))
      jv_push(provides, named_hash(arena, other->id, interface_hash(arena, other)));
  }
  for (size_t i = 0; i < job->source_count; i++)
    jv_push(sources, named_hash(arena, job->sources[i].name, hash_of(job->sources[i].bytes)));
  jv_set_string(document, STR("language"), str_from_z(driver->language));
  jv_set(document, STR("provides"), provides);
  jv_set(document, STR("needs"), needs);
  jv_set_string(document, STR("toolchain"), toolchain_text(job, made));
  jv_set_string(document, STR("flags"), flags_text(job, made));
  jv_set(document, STR("sources"), sources);
  Buf out = buf_in(arena);
  jv_print_canonical(document, &out);
  return buf_text(&out);
}

/* The source that messages about the module name. */
static Str main_path(const BuildJob *job, const Driver *driver)
{
  size_t i = 0;
  while (is_companion(driver, job->sources[i].path)) i++;
  return job->sources[i].path;
}

/* Whether those that are given implement the interfaces that the WIT means. */
static bool meets_needs(BuildJob *job, Str path, const Fit *fit)
{
  bool good = true;
  for (uint32_t i = 0; i < fit->need_count; i++) {
    const FitNeed *need = &fit->needs[i];
    const Interface *known = need->provider ? fit_known_interface(fit, need->interface->id) : NULL;
    if (!known) continue;
    Hash wanted = interface_hash(job->arena, known), has = interface_hash(job->arena, need->interface);
    if (memcmp(wanted.bytes, has.bytes, sizeof has.bytes) == 0) continue;
    Diag *diag =
        diag_error(job->diags, DIAG_MODULE, SPAN_NONE, "%.*s needs another %.*s than %.*s implements",
                   STR_ARG(path), STR_ARG(known->id), STR_ARG(need->provider->path));
    diag_note(job->diags, diag, SPAN_NONE, "it needs %.*s, and that is %.*s",
              STR_ARG(hash_text(job->arena, wanted)), STR_ARG(hash_text(job->arena, has)));
    good = false;
  }
  return good;
}

static bool fit_to(BuildJob *job, const WasmModule *module, Str path, const Interface *interface, Fit *out)
{
  return implementation_fit_with(job->arena, module, path, interface, job->providers, job->provider_count,
                                 out, job->diags) &&
         meets_needs(job, path, out);
}

/* All that a world exports must be there. */
static bool fit_exports(BuildJob *job, const WasmModule *module, Str path)
{
  const World *world = world_of(job->options);
  bool good = true;
  Fit fit;
  for (uint32_t i = 0; world && i < world->export_count; i++) {
    const Interface *interface = world_exported(job->arena, world, &world->exports[i]);
    if (interface && !str_equal(interface->id, job->options->interface->id))
      good = fit_to(job, module, path, interface, &fit) && good;
  }
  return good;
}

/* Validates, fits, optimises and describes what a driver made. */
static bool finish(BuildJob *job, const Driver *driver, const DriverResult *made, Str *wasm)
{
  static const Str removed[] = {{"assay:interface", 15}, {"assay:build", 11}};
  const Interface *interface = job->options->interface;
  Str path = main_path(job, driver), optimised;
  WasmModule module;
  Fit fit;
  if (!wasm_read(job->arena, path, made->wasm, &module, job->diags)) return false;
  if (!file_write(path_join(job->arena, job->folder, STR("linked.wasm")), made->wasm, job->diags))
    return false;
  if (!validate(job, path)) return false;
  if (!fit_to(job, &module, path, interface, &fit)) return false;
  if (!fit_exports(job, &module, path)) return false;
  if (!optimise(job, path, &optimised)) return false;
  if (!wasm_read(job->arena, path, optimised, &module, job->diags)) return false;
  /* What is left of the imports. */
  if (!fit_to(job, &module, path, interface, &fit)) return false;
  WasmCustom added[] = {{removed[0], carried_text(job->arena, interface)},
                        {removed[1], describe(job, driver, made, &fit)}};
  *wasm = wasm_with_customs(job->arena, &module, removed, 2, added, 2);
  return true;
}

static bool build_in_folder(BuildJob *job, const Driver *driver, Str *wasm)
{
  DriverResult made = {0};
  return place_sources(job) && driver->compile(job, &made) && finish(job, driver, &made, wasm);
}

/* The interfaces that it uses, those that these use, and so on: bindings import them. */
static void add_used(BuildJob *job, Buf *key)
{
  VEC(const Interface *) used = {0};
  Map *seen = map_new(job->arena);
  vec_push(job->arena, &used, job->options->interface);
  for (size_t i = 0; i < used.len; i++)
    for (uint32_t k = 0; k < used.at[i]->use_count; k++) {
      const Interface *const *next = &used.at[i]->uses[k];
      if (map_put(seen, (Str){(const char *)next, sizeof *next}, job)) continue;
      vec_push(job->arena, &used, *next);
      Str text = interface_show(job->arena, *next), version = (*next)->package->version;
      buf_printf(key, "%.*s %zu %.*s\n", STR_ARG(version), text.len, STR_ARG(text));
    }
}

/* The hash of everything that has a part in the module. */
static Hash cache_key(BuildJob *job, const Driver *driver)
{
  const Interface *interface = job->options->interface;
  Str text = carried_text(job->arena, interface);
  Buf key = buf_in(job->arena);
  buf_printf(&key, "assay build 2 %s\n%.*s\n", driver->language, STR_ARG(text));
  for (size_t i = 0; i < job->source_count; i++) {
    Str name = job->sources[i].name, hash = hash_text(job->arena, hash_of(job->sources[i].bytes));
    buf_printf(&key, "%zu %.*s %.*s\n", name.len, STR_ARG(name), STR_ARG(hash));
  }
  add_used(job, &key);
  for (size_t i = 0; i < job->provider_count; i++) {
    const Interface *with = job->providers[i].fit.interface;
    buf_printf(&key, "with %.*s %.*s\n", STR_ARG(with->id),
               STR_ARG(hash_text(job->arena, interface_hash(job->arena, with))));
  }
  driver->add_key(job, &key);
  build_add_tool(job, "wasm-opt", &key);
  for (size_t i = 0; i < OPTIMISER_FLAG_COUNT; i++) buf_printf(&key, "%s\n", optimiser_flags[i]);
  return hash_of(buf_text(&key));
}

/* What was built without a word is kept: a warning must be seen again. */
static bool build_or_find(BuildJob *job, const Driver *driver, Str *wasm)
{
  Hash key = cache_key(job, driver);
  if (build_cache_find(job->arena, key, wasm)) return true;
  Str parent = path_join(job->arena, cache_folder(job->arena), STR("tmp"));
  if (!dir_make_temporary(job->arena, parent, &job->folder, job->diags)) return false;
  size_t warnings = job->diags->warnings;
  bool built = build_in_folder(job, driver, wasm);
  dir_remove(job->folder);
  if (built && job->diags->warnings == warnings) build_cache_put(job->arena, key, *wasm);
  return built;
}

bool build_module(Arena *arena, const BuildOptions *options, BuildResult *out, Diags *diags)
{
  return build_module_with(arena, options, NULL, 0, out, diags);
}

bool build_module_with(Arena *arena, const BuildOptions *options, const Implementation *providers,
                       size_t provider_count, BuildResult *out, Diags *diags)
{
  BuildJob job = {.arena = arena,
                  .options = options,
                  .providers = providers,
                  .provider_count = provider_count,
                  .diags = diags};
  BuildSource *sources;
  Str wasm = {0};
  if (!list_sources(&job, &sources)) return false;
  job.sources = sources;
  const Driver *driver = find_driver(&job);
  if (!driver || !check_flags(&job, driver) || !read_sources(&job, sources) ||
      !build_or_find(&job, driver, &wasm))
    return false;
  *out = (BuildResult){wasm, str_from_z(driver->language), job.sources, job.source_count};
  return true;
}
