/* What a page is made of: for the files of the site only. */
#ifndef REGISTRY_SITE_PAGE_H
#define REGISTRY_SITE_PAGE_H

#include "ifc/base/json.h"
#include "registry/site.h"

/* A result and the record that signs it. Documents are those of results.h: {type, interface, tests, modules,
 * report}; their modules are the record's subjects. */
typedef struct SiteResult {
  const Json *document;
  const Record *record;
  Str key; /* a later result with the same key replaces this */
} SiteResult;

/* All that is known of one interface. */
typedef struct SiteInterface {
  Str id, hash;               /* hash: "sha256:…" */
  Str page;                   /* file name */
  const SiteResult *verified; /* one a module and set of specifications, by label */
  size_t verified_count;
  const SiteResult *evaluation; /* the newest; NULL: none */
} SiteInterface;

/* What all verifications of a module come to: the worst of them. */
typedef enum SiteVerdict { SITE_UNKNOWN, SITE_PASSED, SITE_UNDECIDED, SITE_FAILED } SiteVerdict;
SiteVerdict site_verdict(const SiteInterface *self, Str module_hash);
/* How many different modules have this verdict. */
size_t site_count(const SiteInterface *self, SiteVerdict verdict);
/* The report about the one implementation of a verify document. */
const Json *site_implementation(const SiteResult *verified);

/* Appends `form` with each {} replaced by the next value, escaped: nothing reaches a page in another way but
 * literals and numbers. */
void html_fill(Buf *out, const char *form, const Str *values, size_t count);
#define HTML(out, form, ...) \
  html_fill((out), (form), (const Str[]){__VA_ARGS__}, sizeof((const Str[]){__VA_ARGS__}) / sizeof(Str))
/* Text with <, >, & and quotes escaped; what is malformed, or would turn or hide text, becomes U+FFFD. */
void html_text(Buf *out, Str text);
/* The first 12 hex digits of a "sha256:…", with the whole in a tooltip. */
void html_hash(Buf *out, Str hash);
/* An object's text, escaped, in <pre>; says so where the object is missing, damaged or long. */
void html_object(Arena *arena, Str registry, Str hash, Buf *out);
/* A box that scrolls sideways around a table: begins with its name for screen readers. */
void html_table_begin(Buf *out, const char *name);
void html_table_end(Buf *out);
void html_page_begin(Buf *out, Str title);
void html_page_end(Buf *out);
/* 1,234,567 */
Str number_text(Arena *arena, int64_t number);
/* "1.25×" from parts per million. */
Str ratio_text(Arena *arena, int64_t ppm);

/* The logarithmic axis that a table's dots and whiskers share. */
typedef struct Plot {
  double low, high; /* base-2 logarithms of the ends */
  double floor;     /* differences below this logarithm separate nobody; 0: not said */
} Plot;
/* The axis for rows {ratio-ppm, low-ppm, high-ppm}. */
Plot plot_of(const Json *rows, int64_t floor_ppm);
/* A row's dot with its whisker, as a table cell. */
void plot_row(const Plot *self, const Json *row, Buf *out);
/* The axis' numbers, as a header cell. */
void plot_axis(const Plot *self, Buf *out);

/* The parts of an interface's page. */
void site_ranking(const SiteInterface *self, Buf *out);
void site_verification(const SiteInterface *self, Buf *out);
void site_thrown_out(const SiteInterface *self, Buf *out);
void site_interface_page(Arena *arena, Str registry, const SiteInterface *self, Buf *out);
void site_index_page(const SiteInterface *interfaces, size_t count, Buf *out);

/* Shorthands for documents: total, as json.h's readers are. */
Str document_text(const Json *object, const char *key);
int64_t document_number(const Json *object, const char *key);
const Json *document_list(const Json *object, const char *key);

#endif
