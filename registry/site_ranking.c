/* Who is fastest: the ranking, each against each, and each workload. */
#include "registry/site_page.h"

/* The first cell of a row; those who share ranks with others are shaded together. */
static void rank_cell(const Json *row, Buf *out)
{
  long long low = document_number(row, "rank-low"), high = document_number(row, "rank-high");
  Str ranks = str_format(out->arena, low == high ? "%lld" : "%lld–%lld", low, high);
  buf_z(out, low == high ? "<tr>" : "<tr class=\"tie\">");
  HTML(out, "<td class=\"n rank\">{}</td>", ranks);
}

/* 1234567 picoseconds as "1.23 µs". */
static Str duration_text(Arena *arena, int64_t picoseconds)
{
  static const struct {
    double unit;
    const char *name;
  } units[] = {{1e12, "s"}, {1e9, "ms"}, {1e6, "µs"}, {1e3, "ns"}};
  size_t i = 0;
  while (i < 3 && (double)picoseconds < units[i].unit) i++;
  double value = (double)picoseconds / units[i].unit;
  return str_format(arena,
                    value < 10    ? "%.2f %s"
                    : value < 100 ? "%.1f %s"
                                  : "%.0f %s",
                    value, units[i].name);
}

static void ratio_cell(const Json *row, Buf *out)
{
  Arena *arena = out->arena;
  HTML(out, "<td class=\"n\">{} <span class=\"faint\">{}–{}</span></td>",
       ratio_text(arena, document_number(row, "ratio-ppm")),
       ratio_text(arena, document_number(row, "low-ppm")),
       ratio_text(arena, document_number(row, "high-ppm")));
}

/* A ranked module may have been caught since. */
static void standing_mark(const SiteInterface *self, Str hash, Buf *out)
{
  switch (site_verdict(self, hash)) {
  case SITE_PASSED: break;
  case SITE_FAILED: buf_z(out, " <span class=\"bad\">✗ breaks a rule</span>"); break;
  default: buf_z(out, " <span class=\"faint\">not verified</span>");
  }
}

static void ranking_row(const SiteInterface *self, const Plot *plot, const Json *row, Buf *out)
{
  Arena *arena = out->arena;
  rank_cell(row, out);
  HTML(out, "<th scope=\"row\"><bdi>{}</bdi> <span class=\"faint\">{}</span>", document_text(row, "label"),
       document_text(row, "language"));
  standing_mark(self, document_text(row, "hash"), out);
  buf_z(out, "</th>");
  plot_row(plot, row, out);
  ratio_cell(row, out);
  HTML(out, "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"more\">",
       ratio_text(arena, document_number(row, "worst-ppm")),
       number_text(arena, document_number(row, "size")));
  html_hash(out, document_text(row, "hash"));
  buf_z(out, "</td></tr>\n");
}

static void ranking(const SiteInterface *self, const Json *report, Buf *out)
{
  const Json *rows = document_list(report, "implementations");
  Plot plot = plot_of(rows, 0);
  const Json *reference = jv_at(rows, (size_t)document_number(report, "reference"));
  HTML(out,
       "<h2>Ranking</h2>\n<p>Time as a multiple of <bdi>{}</bdi>’s, the geometric mean over all workloads, "
       "with its "
       "95 % interval: less is better. Whoever cannot be told apart shares ranks (shaded): 1–2 may be first "
       "or second."
       "</p>\n",
       document_text(reference, "label"));
  html_table_begin(out, "Ranking");
  buf_z(out, "<thead><tr><th scope=\"col\" class=\"n\">rank</th><th scope=\"col\">implementation</th>");
  plot_axis(&plot, out);
  buf_z(out,
        "<th scope=\"col\" class=\"n\">time</th><th scope=\"col\" class=\"n\">worst workload</th>"
        "<th scope=\"col\" class=\"n\">bytes</th><th scope=\"col\" class=\"more\">module</th></tr></thead>"
        "<tbody>\n");
  for (size_t i = 0; i < jv_count(rows); i++) ranking_row(self, &plot, jv_at(rows, i), out);
  html_table_end(out);
}

/* Ranks that do not overlap mean that one is surely faster, maybe by way of a third. */
static bool separated(const Json *a, const Json *b)
{
  return document_number(a, "rank-high") < document_number(b, "rank-low") ||
         document_number(b, "rank-high") < document_number(a, "rank-low");
}

static void pair_cell(const Json *row, const Json *column, Buf *out)
{
  double a = (double)document_number(row, "ratio-ppm"), b = (double)document_number(column, "ratio-ppm");
  Str ratio = ratio_text(out->arena, b > 0 && a / b < 1e12 ? (int64_t)(a / b * 1e6 + .5) : 0);
  if (row == column)
    buf_z(out, "<td class=\"n faint\">–</td>");
  else if (!separated(row, column))
    HTML(out, "<td class=\"n faint\">≈ {}</td>", ratio);
  else
    HTML(out, a < b ? "<td class=\"n good\">{}</td>" : "<td class=\"n\">{}</td>", ratio);
}

/* A ratio for every two; beyond a dozen nobody reads it. */
static void pairs(const Json *rows, Buf *out)
{
  size_t count = jv_count(rows);
  if (count < 2 || count > 12) return;
  buf_z(out, "<h3>Each against each</h3>\n<p class=\"faint\">The row’s time as a multiple of the column’s. "
             "≈ where they cannot be told apart.</p>\n");
  html_table_begin(out, "Each against each");
  buf_z(out, "<thead><tr><td></td>");
  for (size_t i = 0; i < count; i++)
    HTML(out, "<th scope=\"col\" class=\"n\"><bdi>{}</bdi></th>", document_text(jv_at(rows, i), "label"));
  buf_z(out, "</tr></thead><tbody>\n");
  for (size_t i = 0; i < count; i++) {
    HTML(out, "<tr><th scope=\"row\"><bdi>{}</bdi></th>", document_text(jv_at(rows, i), "label"));
    for (size_t k = 0; k < count; k++) pair_cell(jv_at(rows, i), jv_at(rows, k), out);
    buf_z(out, "</tr>\n");
  }
  html_table_end(out);
}

/* A workload's candidates are in the ranking's order: whom it suits best is seen from its own ranks. */
static void workload(const Json *report, const Json *load, Buf *out)
{
  Arena *arena = out->arena;
  const Json *rows = document_list(load, "candidates"), *all = document_list(report, "implementations");
  Plot plot = plot_of(rows, document_number(load, "floor-ppm"));
  HTML(out,
       "<h3><bdi>{}</bdi></h3>\n<p class=\"faint\">{} calls a pass, {} pairs of passes for each. Differences "
       "below "
       "{} % (the band at 1×) separate nobody: so much does the same code differ at another address.</p>\n",
       document_text(load, "name"), number_text(arena, document_number(load, "calls")),
       number_text(arena, document_number(load, "pairs")),
       str_format(arena, "%.1f", (double)document_number(load, "floor-ppm") / 1e4));
  html_table_begin(out, "Workload");
  buf_z(out, "<thead><tr><th scope=\"col\" class=\"n\">rank</th><th scope=\"col\">implementation</th>");
  plot_axis(&plot, out);
  buf_z(out, "<th scope=\"col\" class=\"n\">time</th><th scope=\"col\" class=\"n\">a "
             "call</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < jv_count(rows); i++) {
    const Json *row = jv_at(rows, i);
    rank_cell(row, out);
    HTML(out, "<th scope=\"row\"><bdi>{}</bdi></th>",
         document_text(jv_at(all, (size_t)document_number(row, "implementation")), "label"));
    plot_row(&plot, row, out);
    ratio_cell(row, out);
    HTML(out, "<td class=\"n\">{}</td></tr>\n", duration_text(arena, document_number(row, "picoseconds")));
  }
  html_table_end(out);
}

static void excluded(const Json *report, Buf *out)
{
  const Json *list = document_list(report, "excluded");
  if (!jv_count(list)) return;
  buf_z(out, "<h3>Measured, but not ranked</h3>\n<ul>\n");
  for (size_t i = 0; i < jv_count(list); i++)
    HTML(out, "<li><bdi>{}</bdi>: {}</li>\n", document_text(jv_at(list, i), "label"),
         document_text(jv_at(list, i), "reason"));
  buf_z(out, "</ul>\n");
}

void site_ranking(const SiteInterface *self, Buf *out)
{
  if (!self->evaluation) {
    buf_z(out, "<h2>Ranking</h2>\n<p>Nothing was measured yet.</p>\n");
    return;
  }
  const Json *report = document_list(self->evaluation->document, "report");
  const Json *loads = document_list(report, "workloads");
  ranking(self, report, out);
  pairs(document_list(report, "implementations"), out);
  excluded(report, out);
  buf_z(out, "<h2>Workloads</h2>\n");
  for (size_t i = 0; i < jv_count(loads); i++) workload(report, jv_at(loads, i), out);
  HTML(out, "<p class=\"faint\">Measured on {}; seed {}; record ", document_text(report, "machine"),
       document_text(report, "seed"));
  html_hash(out, hash_text(out->arena, self->evaluation->record->id));
  buf_z(out, ".</p>\n");
}
