#include <math.h>

#include "ifc/base/utf8.h"
#include "tests/unit/registry/site_sample.h"

static Site written(Sample *sample, const char *folder)
{
  Site site;
  Fixture *f = sample->f;
  assert_true(site_write(f->arena, f->folder, fixture_path(f, folder), sample->records.at,
                         sample->records.len, &site, &f->diags));
  return site;
}

static Str page_text(Fixture *f, Str path)
{
  Str text;
  assert_true(file_read(f->arena, path, 1 << 24, &text, &f->diags));
  return text;
}

#define assert_shows(page, text) assert_true(str_find((page), STR(text)) != SIZE_MAX)
#define assert_hides(page, text) assert_true(str_find((page), STR(text)) == SIZE_MAX)

/* Every tag is closed, in order, and every attribute quoted: nothing broke out of its place. */
static void assert_well_formed(Str page)
{
  Str open[64], rest = page;
  size_t depth = 0;
  for (size_t at; (at = str_find(rest, STR("<"))) != SIZE_MAX;) {
    Str tag = str_slice(rest, at + 1, rest.len);
    size_t end = str_find(tag, STR(">"));
    assert_true(end != SIZE_MAX);
    rest = str_slice(tag, end + 1, tag.len);
    tag = str_slice(tag, 0, end);
    assert_true(str_find(tag, STR("<")) == SIZE_MAX);
    size_t space = str_find(tag, STR(" "));
    Str name = str_slice(tag, 0, space);
    if (str_starts_with(tag, STR("!DOCTYPE")) || str_equal(name, STR("meta")) || str_ends_with(tag, STR("/")))
      continue;
    if (str_starts_with(tag, STR("/"))) {
      assert_true(depth > 0);
      assert_slice(str_slice(tag, 1, tag.len), open[--depth]);
    } else {
      assert_true(depth < 64);
      open[depth++] = name;
    }
  }
  assert_int_equal(depth, 0);
}

static void a_page_says_who_is_right_and_who_is_fastest(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_all(&sample);
  Site site = written(&sample, "site");
  assert_int_equal(site.page_count, 1);
  assert_text(site.pages[0].interface, "data:sort/ints");
  Str page = page_text(&f, site.pages[0].path), index = page_text(&f, site.index);
  assert_well_formed(page);
  assert_well_formed(index);
  assert_shows(page,
               "7 implementations of this interface: 5 kept every rule of the specification, 1 broke one, "
               "1 could not be decided. Of 5 measured on 2 workloads, <bdi>radix and quick</bdi> share the "
               "first place.");
  assert_shows(page, "<tr class=\"tie\"><td class=\"n rank\">1–2</td><th scope=\"row\"><bdi>radix</bdi>");
  assert_shows(page, "<td class=\"n rank\">3</td><th scope=\"row\"><bdi>merge</bdi>");
  assert_shows(page, "1.45× <span class=\"faint\">1.40×–1.50×</span>");
  assert_shows(page, "<td class=\"n\">180×</td>"); /* insertion's worst */
  assert_shows(page, "✗ failed");
  assert_shows(
      page,
      "xs = [2, 1, 2]\nexpected count(sort(xs), x) == count(xs, x)\nexpected  [1, 2, 2]\nactual    [1, 2]");
  assert_shows(page, "--replay t2-0a1b2c");
  assert_shows(page, "took longer than 10 s in workload sorted already");
  assert_shows(page, "sort: func(xs: list&lt;s32&gt;) -&gt; list&lt;s32&gt;;");
  assert_shows(page, "return a &lt; b &amp;&amp; b &gt; a;");
  assert_shows(page, "verify radix.wasm --spec sort.spec --seed 1234567890123456789 --budget 2000ms");
  assert_shows(
      page,
      "evaluate radix.wasm quick.wasm merge.wasm heap.wasm insertion.wasm --bench sort.bench --seed 99");
  assert_shows(page, "ed25519:" RFC8032_PUBLIC);
  assert_shows(index, "<td class=\"n\">7</td><td class=\"n\">5</td><td><bdi>radix and quick</bdi></td>");
  assert_hides(page, "<script");
  assert_hides(page, "http"); /* nothing is fetched from anywhere */
  assert_int_equal(f.diags.errors + f.diags.warnings, 0);
  fixture_end(&f);
}

/* 1.45 / 1.012 = 1.4328, and ranks 3 and 1–2 do not overlap; 1 / 1.012 = 0.988, and ranks do. */
static void pairs_are_told_apart_or_not(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_all(&sample);
  Str page = page_text(&f, written(&sample, "site").pages[0].path);
  assert_shows(
      page, "<tr><th scope=\"row\"><bdi>merge</bdi></th><td class=\"n\">1.45×</td><td class=\"n\">1.43×</td>"
            "<td class=\"n faint\">–</td><td class=\"n good\">0.63×</td>");
  assert_shows(page, "<td class=\"n faint\">–</td><td class=\"n faint\">≈ 0.99×</td>");
  fixture_end(&f);
}

static void the_same_records_give_the_same_bytes(void **state)
{
  Fixture f = fixture(*state), g = fixture(*state);
  Sample first = sample_in(&f), second = sample_in(&g);
  sample_all(&first);
  sample_all(&second);
  Site a = written(&first, "a"), again = written(&first, "b"), b = written(&second, "site");
  Str page = page_text(&f, a.pages[0].path), index = page_text(&f, a.index);
  assert_slice(page_text(&f, again.pages[0].path), page);
  assert_slice(page_text(&g, b.pages[0].path), page);
  assert_slice(page_text(&f, again.index), index);
  assert_slice(page_text(&g, b.index), index);
  assert_slice(path_name(b.pages[0].path), path_name(a.pages[0].path));
  fixture_end(&f);
  fixture_end(&g);
}

static void a_later_record_replaces_an_earlier_one(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  const SampleRanked alone = {"radix", 1, 1, 1000000, 1000000, 1000000, 1000000};
  sample_verify(&sample, "radix", "passed");
  sample_evaluate(&sample, sample_ranked, 2);
  sample_evaluate(&sample, &alone, 1);
  sample_verify(&sample, "radix", "failed");
  Str page = page_text(&f, written(&sample, "site").pages[0].path);
  assert_shows(page,
               "1 implementation of this interface: 0 kept every rule of the specification, 1 broke one.");
  assert_shows(page, "✗ breaks a rule"); /* in the ranking, which is older */
  assert_hides(page, "quick");
  fixture_end(&f);
}

/* Markup, quotes, what turns text round, control characters; wherever a text may stand. */
static void hostile_texts_stay_texts(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample.twist = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>&lt;--></pre>\x01\x7f\xe2\x80\xae";
  sample_all(&sample);
  Site site = written(&sample, "site");
  Str page = page_text(&f, site.pages[0].path), index = page_text(&f, site.index);
  assert_well_formed(page);
  assert_well_formed(index);
  assert_hides(page, "<script");
  assert_hides(page, "<img");
  assert_hides(index, "<script");
  assert_shows(
      page,
      "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;lt;--&gt;");
  assert_hides(page, "\x01");
  assert_hides(page, "\x7f");
  assert_hides(page, "\xe2\x80\xae");
  fixture_end(&f);
}

static void a_source_that_is_not_utf8_does_no_harm(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_verify(&sample, "radix", "passed");
  Buf bytes = buf_in(f.arena);
  for (int c = 0; c < 256; c++) buf_byte(&bytes, (char)c);
  Hash hash;
  assert_true(object_put(f.arena, f.folder, buf_text(&bytes), &hash, &f.diags));
  const char *source = str_to_z(f.arena, hash_text(f.arena, hash));
  Str text = sample_canonical(&sample, sample_json(&sample, sample_module(&sample, "quick", source)));
  assert_shows(text, "quick.c");
  Json *document =
      sample_json(&sample, str_format(f.arena,
                                      "{'type':'verify','interface':%s,'tests':[],'modules':[%s],"
                                      "'report':{'implementations':[{'hash':'%s'}]}}",
                                      str_to_z(f.arena, sample_interface(&sample)), str_to_z(f.arena, text),
                                      str_to_z(f.arena, hash_text(f.arena, hash_of(STR("quick"))))));
  sample_sign_verify(&sample, "quick", document);
  Str page = page_text(&f, written(&sample, "site").pages[0].path);
  assert_well_formed(page);
  assert_true(utf8_first_error(page) == SIZE_MAX);
  fixture_end(&f);
}

static void missing_sources_are_shown_as_missing(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_verify(&sample, "radix", "passed");
  Str source = str_from_z(sample_source(&sample, "radix"));
  Str path = str_format(f.arena, "objects/%.2s/%.62s", source.at + 7, source.at + 9);
  fixture_write(&f, path_join(f.arena, f.folder, path), STR("damaged"));
  Str page = page_text(&f, written(&sample, "site").pages[0].path);
  assert_shows(page, "This node does not have it");
  assert_hides(page, "damaged");
  fixture_end(&f);
}

static void a_record_without_its_report_is_left_out_with_a_warning(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_verify(&sample, "radix", "passed");
  dir_remove(fixture_path(&f, "objects"));
  Site site = written(&sample, "site");
  assert_int_equal(site.page_count, 0);
  assert_int_equal(f.diags.warnings, 1);
  assert_shows(page_text(&f, site.index), "0 interfaces");
  fixture_end(&f);
}

/* A report that praises another module than the one the record is signed for. */
static void a_report_about_another_module_is_left_out(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f), other = sample_in(&f);
  sample_verify(&sample, "radix", "passed");
  Subject subject = {STR("wrong"), hash_of(STR("wrong"))};
  sample_sign(&other, PREDICATE_TEST_RESULT, &subject, 1, sample.records.at[0].predicate);
  sample_evaluate(&sample, sample_ranked, 2);
  sample_sign(&other, PREDICATE_EVALUATION, &subject, 1, sample.records.at[1].predicate);
  assert_int_equal(written(&other, "site").page_count, 0);
  assert_int_equal(f.diags.warnings, 2);
  fixture_end(&f);
}

static void records_of_other_types_are_passed_over(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  Subject subject = {STR("x"), hash_of(STR("x"))};
  sample_sign(&sample, "urn:something:else", &subject, 1, jv_object(f.arena));
  assert_int_equal(written(&sample, "site").page_count, 0);
  assert_int_equal(f.diags.warnings, 0);
  fixture_end(&f);
}

/* As much of a document as lets it through, and otherwise nonsense. */
static void nonsense_in_documents_does_no_harm(void **state)
{
  static const char *const rests[] = {
      "'implementations':[{'hash':'%s'}]",
      "'implementations':[{'hash':'%s','tests':7,'cases':'many','label':[]}],'seed':{}",
      "'implementations':[{'hash':'%s','tests':[null,1,[],{},{'failure':{}},{'failure':{'inputs':[null]}}]}]",
      "'implementations':[{'hash':'%s','ratio-ppm':-1,'low-ppm':9223372036854775807,'high-ppm':-"
      "9223372036854775807,"
      "'rank-low':-1,'size':-1234567}],'reference':-1,'workloads':[null,7,{'candidates':[{'implementation':-"
      "5,"
      "'picoseconds':-1,'ratio-ppm':9223372036854775807,'high-ppm':9223372036854775807}],"
      "'floor-ppm':9223372036854775807,'calls':-9223372036854775807}],'excluded':[null]"};
  for (size_t i = 0; i < sizeof rests / sizeof *rests * 2; i++) {
    Fixture f = fixture(*state);
    Sample sample = sample_in(&f);
    Subject subject = {STR("x"), hash_of(STR("x"))};
    const char *hash = str_to_z(f.arena, hash_text(f.arena, subject.hash));
    Str form = str_from_z(rests[i / 2]), interface = sample_interface(&sample);
    size_t at = str_find(form, STR("%s"));
    Str rest =
        str_format(f.arena, "%.*s%s%.*s", (int)at, form.at, hash, STR_ARG(str_slice(form, at + 2, form.len)));
    Json *document = sample_json(
        &sample, str_format(f.arena,
                            "{'type':'%s','interface':%.*s,'tests':[{},3],'modules':[{'hash':'%s'}],"
                            "'report':{%.*s}}",
                            i % 2 ? "verify" : "evaluate", STR_ARG(interface), hash, STR_ARG(rest)));
    if (i % 2)
      sample_sign_verify(&sample, "x", document);
    else
      sample_sign(&sample, PREDICATE_EVALUATION, &subject, 1, document);
    Site site = written(&sample, "site");
    assert_int_equal(site.page_count, 1);
    Str page = page_text(&f, site.pages[0].path);
    assert_well_formed(page);
    assert_hides(page, "nan");
    assert_hides(page, "inf\"");
    fixture_end(&f);
  }
}

/* Every circle and line is inside its picture, and a ratio of 1 is on the line for 1. */
static void dots_are_on_the_axis(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  sample_all(&sample);
  Str rest = page_text(&f, written(&sample, "site").pages[0].path);
  size_t circles = 0;
  Str one = str_slice(rest, str_find(rest, STR("class=\"one\" x1=\"")) + 16, rest.len);
  Str dot = str_slice(rest, str_find(rest, STR(" cx=\"")) + 5, rest.len); /* radix, 1.00 times */
  assert_slice(str_slice(dot, 0, str_find(dot, STR("\""))), str_slice(one, 0, str_find(one, STR("\""))));
  for (size_t at; (at = str_find(rest, STR(" cx=\""))) != SIZE_MAX; circles++) {
    rest = str_slice(rest, at + 5, rest.len);
    double x = strtod(str_to_z(f.arena, str_slice(rest, 0, 8)), NULL);
    assert_true(x >= 0 && x <= 260);
  }
  assert_int_equal(circles, 3 * SAMPLE_RANKED);
  fixture_end(&f);
}

static void page_names_stay_in_the_folder(void **state)
{
  static const char *const ids[] = {"../../etc/passwd", "/", "..", "a:b/c.d\\e", "x y?#%", "index.html"};
  for (size_t i = 0; i < sizeof ids / sizeof *ids + 1; i++) {
    Fixture f = fixture(*state);
    Sample sample = sample_in(&f);
    Buf longest = buf_in(f.arena);
    buf_repeat(&longest, 'x', 5000);
    sample.id = i < sizeof ids / sizeof *ids ? ids[i] : str_to_z(f.arena, buf_text(&longest));
    char *escaped = str_to_z(f.arena, str_from_z(sample.id));
    for (char *c = escaped; *c; c++)
      if (*c == '\\') *c = '~';
    sample.id = escaped;
    sample_verify(&sample, "radix", "passed");
    Site site = written(&sample, "site");
    assert_slice(path_folder(site.pages[0].path), fixture_path(&f, "site"));
    assert_true(str_ends_with(site.pages[0].path, STR(".html")));
    assert_true(!str_equal(site.pages[0].path, site.index));
    fixture_end(&f);
  }
}

static void an_unwritable_folder_is_an_error(void **state)
{
  Fixture f = fixture(*state);
  Sample sample = sample_in(&f);
  Site site;
  sample_all(&sample);
  fixture_write(&f, fixture_path(&f, "site"), STR("a file"));
  assert_false(site_write(f.arena, f.folder, fixture_path(&f, "site"), sample.records.at, sample.records.len,
                          &site, &f.diags));
  assert_true(f.diags.errors > 0);
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_page_says_who_is_right_and_who_is_fastest),
      TEST(pairs_are_told_apart_or_not),
      TEST(the_same_records_give_the_same_bytes),
      TEST(a_later_record_replaces_an_earlier_one),
      TEST(hostile_texts_stay_texts),
      TEST(a_source_that_is_not_utf8_does_no_harm),
      TEST(missing_sources_are_shown_as_missing),
      TEST(a_record_without_its_report_is_left_out_with_a_warning),
      TEST(a_report_about_another_module_is_left_out),
      TEST(records_of_other_types_are_passed_over),
      TEST(nonsense_in_documents_does_no_harm),
      TEST(dots_are_on_the_axis),
      TEST(page_names_stay_in_the_folder),
      TEST(an_unwritable_folder_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
