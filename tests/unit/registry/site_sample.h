/* Records as publish makes them, written down by hand: an interface, who was tried, who was measured. */
#ifndef TESTS_UNIT_REGISTRY_SITE_SAMPLE_H
#define TESTS_UNIT_REGISTRY_SITE_SAMPLE_H

#include "ifc/base/vec.h"
#include "registry/objects.h"
#include "registry/site.h"
#include "tests/unit/registry/fixture.h"

typedef struct Sample {
  Fixture *f;
  NodeKey key;
  VEC(Record) records;
  const char *id;    /* of the interface */
  const char *twist; /* put into every name; empty as a rule */
} Sample;

static inline Sample sample_in(Fixture *f)
{
  return (Sample){.f = f, .key = rfc8032_key(), .id = "data:sort/ints", .twist = ""};
}

/* "sha256:…" of an object that holds the text. */
static inline Str sample_object(Sample *self, const char *text)
{
  Hash hash;
  assert_true(object_put(self->f->arena, self->f->folder, str_from_z(text), &hash, &self->f->diags));
  return hash_text(self->f->arena, hash);
}

/* JSON with ' for ". */
static inline Json *sample_json(Sample *self, Str text)
{
  char *quoted = str_to_z(self->f->arena, text);
  for (char *c = quoted; *c; c++)
    if (*c == '\'') *c = '"';
  Source *source = arena_new_of(self->f->arena, Source);
  *source = (Source){STR("sample"), str_from_z(quoted)};
  Json *json = jv_parse(self->f->arena, source, &self->f->diags);
  assert_non_null(json);
  return json;
}

/* The twist as a JSON string's content. */
static inline const char *sample_twist(Sample *self)
{
  Buf out = buf_in(self->f->arena);
  jv_print_canonical(jv_string(self->f->arena, str_from_z(self->twist)), &out);
  Str inner = str_slice(buf_text(&out), 1, out.len - 1);
  return str_to_z(self->f->arena, inner);
}

static inline Str sample_canonical(Sample *self, const Json *document)
{
  Buf out = buf_in(self->f->arena);
  jv_print_canonical(document, &out);
  return buf_text(&out);
}

static inline void sample_sign(Sample *self, const char *type, const Subject *subjects, size_t count,
                               const Json *predicate)
{
  Arena *arena = self->f->arena;
  Hash id;
  Record record;
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("record"),
                     record_sign(arena, &self->key, str_from_z(type), subjects, count, predicate, &id)};
  assert_true(record_open(arena, source, &self->key.public_key, &record, &self->f->diags));
  vec_push(arena, &self->records, record);
}

/* A stored verify document, signed: publish.c's form, of which the site reads the report's place only. */
static inline void sample_sign_verify(Sample *self, const char *label, const Json *document)
{
  Arena *arena = self->f->arena;
  Str report = sample_object(self, str_to_z(arena, sample_canonical(self, document)));
  Subject subject = {str_from_z(label), hash_of(str_from_z(label))};
  Str predicate = str_format(arena, "{'configuration':[{'digest':{'sha256':'%.*s'},'name':'report'}]}",
                             STR_ARG(str_slice(report, 7, 71)));
  sample_sign(self, PREDICATE_TEST_RESULT, &subject, 1, sample_json(self, predicate));
}

static inline Str sample_module(Sample *self, const char *label, const char *source)
{
  Arena *arena = self->f->arena;
  const char *t = sample_twist(self);
  return str_format(
      arena,
      "{'build':{'language':'c','sources':[{'hash':'%s','name':'%s%s.c'}],'toolchain':'clang 14.0.6%s'},"
      "'hash':'%s','label':'%s%s','language':'c%s','size':12345}",
      source, label, t, t, str_to_z(arena, hash_text(arena, hash_of(str_from_z(label)))), label, t, t);
}

static inline Str sample_interface(Sample *self)
{
  Arena *arena = self->f->arena;
  Str wit = sample_object(self, "interface ints {\n  sort: func(xs: list<s32>) -> list<s32>;\n}\n");
  return str_format(arena, "{'hash':'%s','id':'%s%s','wit':'%s'}",
                    str_to_z(arena, hash_text(arena, hash_of(STR("the interface")))), self->id,
                    sample_twist(self), str_to_z(arena, wit));
}

static inline const char *sample_source(Sample *self, const char *label)
{
  Str text = str_format(self->f->arena, "/* %s%s */\nint less(int a, int b) { return a < b && b > a; }\n",
                        label, self->twist);
  return str_to_z(self->f->arena, sample_object(self, str_to_z(self->f->arena, text)));
}

/* `verdict` of the implementation and of the last of its three tests. */
static inline void sample_verify(Sample *self, const char *label, const char *verdict)
{
  Arena *arena = self->f->arena;
  const char *t = sample_twist(self), *source = sample_source(self, label);
  const char *spec = str_to_z(arena, sample_object(self, "spec data:sort/ints;\n// a < b & c\n"));
  Str failure =
      str_format(arena,
                 ",'failure':{'actual':'[1, 2]%s','expected':'[1, 2, 2]%s','inputs':[{'name':'xs%s',"
                 "'value':'[2, 1, 2]%s'}],'line':7,'message':'expected count(sort(xs), x) == count(xs, x)%s',"
                 "'replay':'t2-0a1b2c%s','shrinks':9}",
                 t, t, t, t, t, t);
  Str text = str_format(
      arena,
      "{'type':'verify','interface':%s,'tests':[{'hash':'%s','name':'sort%s.spec','source':'%s'}],'modules':["
      "%s],"
      "'report':{'seed':'1234567890123456789','budget-ms':2000,'implementations':[{'label':'%s%s','hash':'%s'"
      ","
      "'language':'c%s','size':12345,'verdict':'%s','cases':2501003,'milliseconds':2010,'tests':["
      "{'group':'sort%s','name':'leaves the empty list alone%s','kind':'it','verdict':'passed','cases':1},"
      "{'group':'sort','name':'gives a list in order','kind':'law','verdict':'passed','cases':1250001},"
      "{'group':'sort','name':'loses "
      "nothing%s','kind':'law','verdict':'%s','cases':1251001,'reason':'%s%s'%s}]}]}}",
      str_to_z(arena, sample_interface(self)), spec, t, spec,
      str_to_z(arena, sample_module(self, label, source)), label, t,
      str_to_z(arena, hash_text(arena, hash_of(str_from_z(label)))), t, verdict, t, t, t, verdict,
      strcmp(verdict, "undecided") ? "" : "a call took longer than 2 s", t,
      strcmp(verdict, "failed") ? "" : str_to_z(arena, failure));
  sample_sign_verify(self, label, sample_json(self, text));
}

typedef struct SampleRanked {
  const char *label;
  int rank_low, rank_high;
  long long ppm, low_ppm, high_ppm, worst_ppm;
} SampleRanked;

static inline Str sample_ratio(Sample *self, const SampleRanked *one, long long scale)
{
  return str_format(self->f->arena,
                    "'rank-low':%d,'rank-high':%d,'ratio-ppm':%lld,'low-ppm':%lld,'high-ppm':%lld",
                    one->rank_low, one->rank_high, one->ppm * scale / 100, one->low_ppm * scale / 100,
                    one->high_ppm * scale / 100);
}

static inline void sample_evaluate(Sample *self, const SampleRanked *ranked, size_t count)
{
  Arena *arena = self->f->arena;
  const char *t = sample_twist(self);
  Buf modules = buf_in(arena), rows = buf_in(arena), loads = buf_in(arena);
  Subject *subjects = arena_array_of(arena, Subject, count);
  for (size_t i = 0; i < count; i++) {
    const char *comma = i ? "," : "";
    subjects[i] = (Subject){str_from_z(ranked[i].label), hash_of(str_from_z(ranked[i].label))};
    buf_printf(&modules, "%s%.*s", comma,
               STR_ARG(sample_module(self, ranked[i].label, sample_source(self, ranked[i].label))));
    buf_printf(&rows, "%s{'label':'%s%s','hash':'%s','size':%zu,'language':'c%s',%.*s,'worst-ppm':%lld}",
               comma, ranked[i].label, t, str_to_z(arena, hash_text(arena, subjects[i].hash)), 1234 + i * 111,
               t, STR_ARG(sample_ratio(self, &ranked[i], 100)), ranked[i].worst_ppm);
  }
  for (size_t w = 0; w < 2; w++) {
    buf_printf(&loads,
               "%s{'suite':0,'name':'%s%s','calls':90000,'floor-ppm':31000,'pairs':124,'candidates':[",
               w ? "," : "", w ? "ten thousand <random> numbers" : "sorted already", t);
    for (size_t i = 0; i < count; i++)
      buf_printf(&loads, "%s{'implementation':%zu,%.*s,'picoseconds':%lld}", i ? "," : "", i,
                 STR_ARG(sample_ratio(self, &ranked[i], w ? 101 : 80)), ranked[i].ppm * 12 / 1000);
    buf_z(&loads, "]}");
  }
  const char *bench = str_to_z(arena, sample_object(self, "bench data:sort/ints;\n"));
  Str text = str_format(arena,
                        "{'type':'evaluate','interface':%s,'tests':[{'hash':'%s','name':'sort%s.bench','"
                        "source':'%s'}],'modules':[%s],"
                        "'report':{'seed':'99%s','machine':'Imaginary CPU @ 3 GHz, 2 "
                        "processors%s','implementations':[%s],'reference':0,"
                        "'excluded':[{'label':'bogo%s','hash':'%s','reason':'took longer than 10 s in "
                        "workload sorted already%s'}],"
                        "'workloads':[%s]}}",
                        str_to_z(arena, sample_interface(self)), bench, t, bench,
                        str_to_z(arena, buf_text(&modules)), t, t, str_to_z(arena, buf_text(&rows)), t, bench,
                        t, str_to_z(arena, buf_text(&loads)));
  sample_sign(self, PREDICATE_EVALUATION, subjects, count, sample_json(self, text));
}

static const SampleRanked sample_ranked[] = {
    {"radix", 1, 2, 1000000, 980000, 1020000, 1000000},
    {"quick", 1, 2, 1012000, 990000, 1040000, 1300000},
    {"merge", 3, 3, 1450000, 1400000, 1500000, 2100000},
    {"heap", 4, 4, 2300000, 2250000, 2390000, 3700000},
    {"insertion", 5, 5, 61000000, 58000000, 64500000, 180000000},
};
enum { SAMPLE_RANKED = sizeof sample_ranked / sizeof *sample_ranked };

/* Five right ones, measured; one wrong; one undecided. */
static inline void sample_all(Sample *self)
{
  for (size_t i = 0; i < SAMPLE_RANKED; i++) sample_verify(self, sample_ranked[i].label, "passed");
  sample_verify(self, "loses_duplicates", "failed");
  sample_verify(self, "bogo", "undecided");
  sample_evaluate(self, sample_ranked, SAMPLE_RANKED);
}

#endif
