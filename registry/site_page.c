/* An interface's page from top to bottom, and the index. */
#include "registry/site_page.h"
#include "ifc/base/map.h"

static Str count_text(Arena *arena, size_t count, const char *noun)
{
  return str_format(arena, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* The labels of those who may be first, "a, b and c"; `*count` says how many. */
static Str leaders(Arena *arena, const SiteInterface *self, size_t *count)
{
  const Json *rows = document_list(document_list(self->evaluation->document, "report"), "implementations");
  Buf out = buf_in(arena);
  Str last = {0};
  *count = 0;
  for (size_t i = 0; i < jv_count(rows); i++) {
    if (document_number(jv_at(rows, i), "rank-low") != 1) continue;
    if (*count) buf_printf(&out, "%s%.*s", *count > 1 ? ", " : "", STR_ARG(last));
    last = document_text(jv_at(rows, i), "label");
    ++*count;
  }
  buf_printf(&out, "%s%.*s", *count > 1 ? " and " : "", STR_ARG(last));
  return buf_text(&out);
}

static void lead_verified(const SiteInterface *self, Buf *out)
{
  Arena *arena = out->arena;
  size_t passed = site_count(self, SITE_PASSED), failed = site_count(self, SITE_FAILED),
         undecided = site_count(self, SITE_UNDECIDED);
  HTML(out, "{} of this interface: {} kept every rule of the specification",
       count_text(arena, passed + failed + undecided, "implementation"), str_format(arena, "%zu", passed));
  if (failed) HTML(out, ", {} broke one", str_format(arena, "%zu", failed));
  if (undecided) HTML(out, ", {} could not be decided", str_format(arena, "%zu", undecided));
  buf_z(out, ".");
}

static void lead_measured(const SiteInterface *self, Buf *out)
{
  Arena *arena = out->arena;
  const Json *report = document_list(self->evaluation->document, "report");
  size_t first;
  Str who = leaders(arena, self, &first);
  HTML(out, " Of {} measured on {}, ",
       str_format(arena, "%zu", jv_count(document_list(report, "implementations"))),
       count_text(arena, jv_count(document_list(report, "workloads")), "workload"));
  HTML(out, first == 1 ? "<bdi>{}</bdi> is the fastest." : "<bdi>{}</bdi> share the first place.", who);
}

/* What is compared, and how it came out, in a sentence or two. */
static void lead(const SiteInterface *self, Buf *out)
{
  buf_z(out, "<p class=\"lead\">");
  if (self->verified_count) lead_verified(self, out);
  if (self->evaluation) lead_measured(self, out);
  buf_z(out, "</p>\n");
}

/* Any result: all name the same interface, and come from one author. */
static const SiteResult *any_result(const SiteInterface *self)
{
  return self->verified_count ? &self->verified[0] : self->evaluation;
}

static void heading(Arena *arena, Str registry, const SiteInterface *self, Buf *out)
{
  HTML(out,
       "<header>\n<nav><a href=\"index.html\">all interfaces</a></nav>\n<h1><bdi>{}</bdi></h1>\n"
       "<p class=\"faint\"><code>{}</code></p>\n",
       self->id, self->hash);
  lead(self, out);
  buf_z(out, "<details><summary>the interface</summary>\n");
  html_object(arena, registry, document_text(document_list(any_result(self)->document, "interface"), "wit"),
              out);
  buf_z(out, "</details>\n</header>\n<main>\n");
}

static void details_begin(Buf *out, Str name, Str hash)
{
  HTML(out, "<details><summary><bdi>{}</bdi> ", name);
  html_hash(out, hash);
  buf_z(out, "</summary>\n");
}

/* The specifications or benchmarks of a result, unless they were shown. */
static void test_sources(Arena *arena, Str registry, const SiteResult *result, Map *shown, Buf *out)
{
  const Json *tests = document_list(result->document, "tests");
  for (size_t i = 0; i < jv_count(tests); i++) {
    const Json *test = jv_at(tests, i);
    if (map_put(shown, document_text(test, "hash"), shown)) continue;
    details_begin(out, document_text(test, "name"), document_text(test, "hash"));
    html_object(arena, registry, document_text(test, "source"), out);
    buf_z(out, "</details>\n");
  }
}

static void module_source(Arena *arena, Str registry, const Json *module, Buf *out)
{
  const Json *build = document_list(module, "build"), *sources = document_list(build, "sources");
  details_begin(out, document_text(module, "label"), document_text(module, "hash"));
  HTML(out, "<p class=\"faint\">{}</p>\n",
       jv_count(sources) ? document_text(build, "toolchain")
                         : STR("The module does not say what it was made from."));
  for (size_t i = 0; i < jv_count(sources); i++) {
    HTML(out, "<p><code>{}</code></p>\n", document_text(jv_at(sources, i), "name"));
    html_object(arena, registry, document_text(jv_at(sources, i), "hash"), out);
  }
  buf_z(out, "</details>\n");
}

static void module_sources(Arena *arena, Str registry, const SiteResult *result, Map *shown, Buf *out)
{
  const Json *modules = document_list(result->document, "modules");
  for (size_t i = 0; i < jv_count(modules); i++) {
    const Json *module = jv_at(modules, i);
    if (!map_put(shown, document_text(module, "hash"), shown)) module_source(arena, registry, module, out);
  }
}

static void materials(Arena *arena, Str registry, const SiteInterface *self, Buf *out)
{
  Map *tests = map_new(arena), *modules = map_new(arena);
  buf_z(out, "<h2>Specifications and benchmarks</h2>\n");
  for (size_t i = 0; i < self->verified_count; i++)
    test_sources(arena, registry, &self->verified[i], tests, out);
  if (self->evaluation) test_sources(arena, registry, self->evaluation, tests, out);
  buf_z(out, "<h2>Sources</h2>\n");
  for (size_t i = 0; i < self->verified_count; i++)
    module_sources(arena, registry, &self->verified[i], modules, out);
  if (self->evaluation) module_sources(arena, registry, self->evaluation, modules, out);
}

static void file_arguments(const SiteResult *result, const char *list, const char *form, Buf *out)
{
  const Json *items = document_list(result->document, list);
  const char *name = str_equal(str_from_z(list), STR("tests")) ? "name" : "label";
  for (size_t i = 0; i < jv_count(items); i++) HTML(out, form, document_text(jv_at(items, i), name));
}

/* The commands that the numbers come from. */
static void reproduce(const SiteInterface *self, Buf *out)
{
  buf_z(out, "<h2>Check it yourself</h2>\n<p>Save what is above under the names it has there, then:</p>\n"
             "<pre tabindex=\"0\">\nbuild SOURCE --for INTERFACE.wit    # one module, byte for byte: compare "
             "its sha256sum\n");
  for (size_t i = 0; i < self->verified_count; i++) {
    const SiteResult *one = &self->verified[i];
    const Json *report = document_list(one->document, "report");
    int64_t cases = document_number(report, "budget-cases"), ms = document_number(report, "budget-ms");
    buf_z(out, "verify");
    file_arguments(one, "modules", " {}.wasm", out);
    file_arguments(one, "tests", " --spec {}", out);
    HTML(out, " --seed {} --budget {}{}\n", document_text(report, "seed"),
         str_format(out->arena, "%lld", (long long)(cases ? cases : ms)), cases ? STR("") : STR("ms"));
  }
  if (self->evaluation) {
    buf_z(out, "evaluate");
    file_arguments(self->evaluation, "modules", " {}.wasm", out);
    file_arguments(self->evaluation, "tests", " --bench {}", out);
    HTML(out, " --seed {}\n", document_text(document_list(self->evaluation->document, "report"), "seed"));
  }
  buf_z(out,
        "</pre>\n<p>Verdicts must come out the same. Times differ from machine to machine; ratios and ranks "
        "should not differ much.</p>\n");
}

static void signed_by(const SiteInterface *self, Buf *out)
{
  const Record *record = any_result(self)->record;
  HTML(out, "</main>\n<footer><p>All of this is from records signed by <code>{}</code>.</p></footer>\n",
       node_key_text(out->arena, &record->author));
}

void site_interface_page(Arena *arena, Str registry, const SiteInterface *self, Buf *out)
{
  html_page_begin(out, self->id);
  heading(arena, registry, self, out);
  site_ranking(self, out);
  site_verification(self, out);
  site_thrown_out(self, out);
  materials(arena, registry, self, out);
  reproduce(self, out);
  signed_by(self, out);
  html_page_end(out);
}

static void index_row(const SiteInterface *self, Buf *out)
{
  size_t passed = site_count(self, SITE_PASSED), first;
  size_t all = passed + site_count(self, SITE_FAILED) + site_count(self, SITE_UNDECIDED);
  HTML(out,
       "<tr><th scope=\"row\"><a href=\"{}\"><bdi>{}</bdi></a></th><td class=\"n\">{}</td><td "
       "class=\"n\">{}</td>"
       "<td><bdi>{}</bdi></td><td class=\"more\">",
       self->page, self->id, str_format(out->arena, "%zu", all), str_format(out->arena, "%zu", passed),
       self->evaluation ? leaders(out->arena, self, &first) : STR("–"));
  html_hash(out, self->hash);
  buf_z(out, "</td></tr>\n");
}

void site_index_page(const SiteInterface *interfaces, size_t count, Buf *out)
{
  html_page_begin(out, STR("Interfaces and their implementations"));
  HTML(out,
       "<header>\n<h1>Interfaces</h1>\n<p class=\"lead\">{}: whose implementations are right, and which is "
       "the "
       "fastest.</p>\n</header>\n<main>\n",
       count_text(out->arena, count, "interface"));
  html_table_begin(out, "Interfaces");
  buf_z(out, "<thead><tr><th scope=\"col\">interface</th><th scope=\"col\" class=\"n\">implementations</th>"
             "<th scope=\"col\" class=\"n\">right</th><th scope=\"col\">fastest</th>"
             "<th scope=\"col\" class=\"more\">hash</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < count; i++) index_row(&interfaces[i], out);
  html_table_end(out);
  buf_z(out, "</main>\n");
  html_page_end(out);
}
