/* Who is right: the verdicts, rule by rule, and the counterexamples of those thrown out. */
#include "ifc/base/map.h"
#include "registry/site_page.h"

const Json *site_implementation(const SiteResult *verified)
{
  return jv_at(document_list(document_list(verified->document, "report"), "implementations"), 0);
}

static SiteVerdict verdict_of(const Json *test)
{
  Str text = document_text(test, "verdict");
  if (str_equal(text, STR("passed"))) return SITE_PASSED;
  if (str_equal(text, STR("failed"))) return SITE_FAILED;
  return SITE_UNDECIDED;
}

SiteVerdict site_verdict(const SiteInterface *self, Str module_hash)
{
  SiteVerdict worst = SITE_UNKNOWN;
  for (size_t i = 0; i < self->verified_count; i++) {
    const Json *one = site_implementation(&self->verified[i]);
    SiteVerdict verdict = verdict_of(one);
    if (str_equal(document_text(one, "hash"), module_hash) && verdict > worst) worst = verdict;
  }
  return worst;
}

/* A module is counted where it stands first. */
static bool stands_before(const SiteInterface *self, size_t index, Str hash)
{
  for (size_t i = 0; i < index; i++)
    if (str_equal(document_text(site_implementation(&self->verified[i]), "hash"), hash)) return true;
  return false;
}

size_t site_count(const SiteInterface *self, SiteVerdict verdict)
{
  size_t count = 0;
  for (size_t i = 0; i < self->verified_count; i++) {
    Str hash = document_text(site_implementation(&self->verified[i]), "hash");
    count += !stands_before(self, i, hash) && site_verdict(self, hash) == verdict;
  }
  return count;
}

static void verdict_cell(const Json *test, Buf *out)
{
  static const char *const cells[] = {
      [SITE_PASSED] = "<td class=\"good\">✓ passed</td>",
      [SITE_UNDECIDED] = "<td class=\"faint\">? undecided</td>",
      [SITE_FAILED] = "<td class=\"bad\">✗ failed</td>",
  };
  buf_z(out, cells[verdict_of(test)]);
}

static size_t tests_with(const Json *tests, SiteVerdict verdict)
{
  size_t count = 0;
  for (size_t i = 0; i < jv_count(tests); i++) count += verdict_of(jv_at(tests, i)) == verdict;
  return count;
}

static void verdict_row(const SiteResult *result, Buf *out)
{
  Arena *arena = out->arena;
  const Json *one = site_implementation(result), *tests = document_list(one, "tests");
  HTML(out, "<tr><th scope=\"row\"><bdi>{}</bdi> <span class=\"faint\">{}</span></th>",
       document_text(one, "label"), document_text(one, "language"));
  verdict_cell(one, out);
  HTML(out,
       "<td class=\"n\">{} of {}</td><td class=\"n\">{}</td><td class=\"n faint\">{}</td><td class=\"more\">",
       number_text(arena, (int64_t)tests_with(tests, SITE_PASSED)),
       number_text(arena, (int64_t)jv_count(tests)), number_text(arena, document_number(one, "cases")),
       document_text(document_list(result->document, "report"), "seed"));
  html_hash(out, document_text(one, "hash"));
  buf_z(out, "</td><td class=\"more\">");
  html_hash(out, hash_text(arena, result->record->id));
  buf_z(out, "</td></tr>\n");
}

static void rules(const SiteResult *result, Buf *out)
{
  const Json *one = site_implementation(result), *tests = document_list(one, "tests");
  HTML(out, "<h3><bdi>{}</bdi></h3>\n", document_text(one, "label"));
  html_table_begin(out, "Rules");
  buf_z(out,
        "<thead><tr><th scope=\"col\">rule</th><th scope=\"col\">verdict</th><th scope=\"col\" class=\"n\">"
        "cases</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < jv_count(tests); i++) {
    const Json *test = jv_at(tests, i);
    HTML(out, "<tr><th scope=\"row\"><span class=\"faint\">{}</span> {} <span class=\"faint\">{}</span></th>",
         document_text(test, "group"), document_text(test, "name"), document_text(test, "reason"));
    verdict_cell(test, out);
    HTML(out, "<td class=\"n\">{}</td></tr>\n", number_text(out->arena, document_number(test, "cases")));
  }
  html_table_end(out);
}

void site_verification(const SiteInterface *self, Buf *out)
{
  buf_z(out, "<h2>Verification</h2>\n");
  if (!self->verified_count) {
    buf_z(out, "<p>Nothing was verified yet.</p>\n");
    return;
  }
  buf_z(out, "<p>A pass says that in so many cases no rule was seen broken; it is no proof.</p>\n");
  html_table_begin(out, "Verification");
  buf_z(
      out,
      "<thead><tr><th scope=\"col\">implementation</th><th scope=\"col\">verdict</th><th scope=\"col\" "
      "class=\"n\">rules kept</th><th scope=\"col\" class=\"n\">cases</th><th scope=\"col\" class=\"n\">seed"
      "</th><th scope=\"col\" class=\"more\">module</th><th scope=\"col\" class=\"more\">record</th></tr>"
      "</thead><tbody>\n");
  for (size_t i = 0; i < self->verified_count; i++) verdict_row(&self->verified[i], out);
  html_table_end(out);
  buf_z(out, "<details><summary>rule by rule</summary>\n");
  for (size_t i = 0; i < self->verified_count; i++) rules(&self->verified[i], out);
  buf_z(out, "</details>\n");
}

static void counterexample(const SiteResult *result, const Json *test, Buf *out)
{
  const Json *failure = document_list(test, "failure"), *inputs = document_list(failure, "inputs");
  HTML(out, "<p><span class=\"bad\">✗</span> {} {}</p>\n<pre tabindex=\"0\">\n", document_text(test, "group"),
       document_text(test, "name"));
  for (size_t i = 0; i < jv_count(inputs); i++)
    HTML(out, "{} = {}\n", document_text(jv_at(inputs, i), "name"), document_text(jv_at(inputs, i), "value"));
  HTML(out, "{}\n", document_text(failure, "message"));
  if (document_text(failure, "expected").len) HTML(out, "expected  {}\n", document_text(failure, "expected"));
  if (document_text(failure, "actual").len) HTML(out, "actual    {}\n", document_text(failure, "actual"));
  buf_z(out, "</pre>\n");
  if (!document_text(failure, "replay").len) return;
  HTML(out, "<p class=\"faint\">again: <code>verify {}.wasm",
       document_text(site_implementation(result), "label"));
  const Json *tests = document_list(result->document, "tests");
  for (size_t i = 0; i < jv_count(tests); i++)
    HTML(out, " --spec {}", document_text(jv_at(tests, i), "name"));
  HTML(out, " --replay {}</code></p>\n", document_text(failure, "replay"));
}

void site_thrown_out(const SiteInterface *self, Buf *out)
{
  if (!site_count(self, SITE_FAILED)) return;
  buf_z(out, "<h2>Thrown out</h2>\n");
  for (size_t i = 0; i < self->verified_count; i++) {
    const Json *one = site_implementation(&self->verified[i]), *tests = document_list(one, "tests");
    if (verdict_of(one) != SITE_FAILED) continue;
    HTML(out, "<h3><bdi>{}</bdi></h3>\n", document_text(one, "label"));
    if (document_text(one, "reason").len) HTML(out, "<p>{}</p>\n", document_text(one, "reason"));
    for (size_t k = 0; k < jv_count(tests); k++)
      if (jv_kind(document_list(jv_at(tests, k), "failure")) == JV_OBJECT)
        counterexample(&self->verified[i], jv_at(tests, k), out);
  }
}
