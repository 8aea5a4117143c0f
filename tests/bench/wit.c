/* How fast WIT is read, on a text made for it in the two manners there are: documented, as WASI is, and
 * dense, as generators write it. JSON lines, one a step, the best of some rounds; "ratio" is the time of
 * counting the lines and words of the same bytes over the step's.
 *
 * usage: wit [MEGABYTES]
 *
 *        wit --write FILE MEGABYTES [dense]     writes the documented text, or the dense one, for `ifc hash`
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ifc/ast.h"
#include "ifc/base/clock.h"
#include "ifc/base/file.h"
#include "ifc/canon.h"
#include "ifc/lex.h"
#include "ifc/wit.h"

enum { ROUNDS = 5, MEGABYTES = 16 };

typedef struct Text {
  Buf out;
  bool documented;
} Text;

static void put_docs(Text *self, const char *indent, const char *text)
{
  if (self->documented) buf_printf(&self->out, "%s/// %s\n", indent, text);
}

static void put_since(Text *self, const char *indent)
{
  if (self->documented) buf_printf(&self->out, "%s@since(version = 0.2.0)\n", indent);
}

static void put_types(Text *self)
{
  put_docs(self, "  ",
           "What can go wrong with a shape. More cases may be added, so match what is unknown too.");
  put_since(self, "  ");
  buf_z(&self->out, "  variant shape-error {\n    out-of-range(u32),\n    last-operation-failed(string),\n"
                    "    closed,\n  }\n");
  put_docs(self, "  ", "A round shape, as it is stored. The centre is in the units of the plane that holds");
  put_docs(self, "  ", "the shape; the radius is never negative.");
  put_since(self, "  ");
  buf_z(&self->out, "  record round-shape {\n    center: tuple<f64, f64>,\n    radius: f64,\n"
                    "    labels: list<option<string>>,\n  }\n");
  put_since(self, "  ");
  buf_z(&self->out, "  enum shape-kind { circle, square, any-other }\n");
  put_since(self, "  ");
  buf_z(&self->out, "  flags shape-flags { visible, selected, locked }\n");
}

static void put_resource(Text *self)
{
  put_docs(self, "  ",
           "A plane is a non-blocking resource that holds shapes. Its operations return promptly:");
  put_docs(self, "  ",
           "if fewer shapes are available than were asked for, they return those that are, which");
  put_docs(self, "  ", "may be none. To wait for more, use `subscribe`.");
  put_since(self, "  ");
  buf_z(&self->out, "  resource plane {\n");
  static const char *const functions[] = {
      "constructor(name: string);",
      "insert: func(shape: round-shape, kind: shape-kind) -> result<u64, shape-error>;",
      "remove: func(index: u64) -> result<_, shape-error>;",
      "nearest: func(at: tuple<f64, f64>, count: u32) -> list<tuple<u64, round-shape>>;",
      "merge: static func(first: borrow<plane>, second: borrow<plane>) -> result<plane, shape-error>;",
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    put_docs(self, "    ", "Does to the plane what its name says, and returns an error where that cannot be");
    put_docs(self, "    ", "done. The caller keeps what it gave, unless the call took it over with success.");
    put_docs(self, "    ", "");
    put_docs(self, "    ", "This function fails with `shape-error` when the plane is closed.");
    put_since(self, "    ");
    buf_printf(&self->out, "    %s\n", functions[i]);
  }
  buf_z(&self->out, "  }\n");
}

/* Interfaces that are alike but for their name, till the text is long enough. */
static Str make_text(Arena *arena, bool documented, size_t size)
{
  Text self = {.out = buf_in(arena), .documented = documented};
  buf_z(&self.out, "package bench:shapes@0.2.0;\n");
  for (unsigned i = 0; self.out.len < size; i++) {
    put_docs(&self, "", "Shapes in the plane, what is done to them, and what may come of it.");
    put_since(&self, "");
    buf_printf(&self.out, "interface shapes-%u {\n", i);
    put_types(&self);
    put_resource(&self);
    for (int k = 0; k < 4; k++) {
      put_docs(&self, "  ", "True when the two shapes have a point in common.");
      put_since(&self, "  ");
      buf_printf(&self.out,
                 "  intersects-%d: func(a: round-shape, b: round-shape, how: shape-flags) -> bool;\n", k);
    }
    buf_z(&self.out, "}\n");
  }
  return buf_text(&self.out);
}

static void stop(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&out)));
  exit(3);
}

/* As `wc -lw`: a look at every byte, and nothing kept. */
static void read_words(Arena *arena, const Source *source)
{
  size_t *counts = arena_alloc(arena, 2 * sizeof *counts);
  bool inside = false;
  for (size_t i = 0; i < source->text.len; i++) {
    char byte = source->text.at[i];
    bool blank = byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
    counts[0] += byte == '\n';
    counts[1] += !blank && !inside;
    inside = !blank;
  }
  if (!counts[0] || !counts[1]) abort();
}

static void read_tokens(Arena *arena, const Source *source)
{
  Diags diags = diags_in(arena);
  Lexer lexer;
  if (!lexer_begin(&lexer, source, &diags)) stop(&diags);
  while (lexer_next(&lexer).kind != TOKEN_END) {
  }
  if (diags.errors) stop(&diags);
}

static void read_syntax(Arena *arena, const Source *source)
{
  Diags diags = diags_in(arena);
  if (!wit_parse_file(arena, source, &diags) || diags.errors) stop(&diags);
}

static void read_package(Arena *arena, const Source *source)
{
  Diags diags = diags_in(arena);
  if (!wit_parse(arena, source, NULL, &diags)) stop(&diags);
}

static size_t heap_used(void)
{
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

typedef void Step(Arena *arena, const Source *source);

/* The best time of a step in nanoseconds, and the bytes of memory that it kept. */
static double measure(Step *step, const Source *source, size_t *memory)
{
  double best = 1e18;
  for (int round = 0; round < ROUNDS; round++) {
    size_t before = heap_used();
    uint64_t start = clock_ns();
    Arena *arena = arena_new();
    step(arena, source);
    double took = (double)(clock_ns() - start);
    *memory = heap_used() - before;
    arena_free(arena);
    if (took < best) best = took;
  }
  return best;
}

static void report_text(Arena *arena, bool documented, size_t size)
{
  static const struct {
    const char *name;
    Step *run;
  } steps[] = {{"lexing", read_tokens}, {"parsing", read_syntax}, {"resolving", read_package}};
  Source source = {STR("bench.wit"), make_text(arena, documented, size)};
  size_t memory;
  double words_ns = measure(read_words, &source, &memory);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    double ns = measure(steps[i].run, &source, &memory);
    printf("{\"figure\": \"wit-speed\", \"what\": \"%s, %s\", \"mb\": %.1f, \"mb-per-s\": %.1f, \"ratio\": "
           "%.4f, "
           "\"memory-per-byte\": %.2f, \"goal\": 50}\n",
           steps[i].name, documented ? "documented" : "dense", (double)source.text.len / 1e6,
           (double)source.text.len * 1e3 / ns, words_ns / ns, (double)memory / (double)source.text.len);
    fflush(stdout);
  }
}

int main(int count, char **arguments)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  if (count >= 4 && strcmp(arguments[1], "--write") == 0) {
    Str text = make_text(arena, count == 4, strtoull(arguments[3], NULL, 10) * 1000 * 1000);
    if (!file_write(str_from_z(arguments[2]), text, &diags)) stop(&diags);
  } else {
    size_t megabytes = count > 1 ? strtoull(arguments[1], NULL, 10) : MEGABYTES;
    report_text(arena, true, megabytes * 1000 * 1000);
    report_text(arena, false, megabytes * 1000 * 1000);
  }
  arena_free(arena);
  return 0;
}
