#include "runtime/translation.h"

#include <string.h>

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "runtime/guest_side.h"
#include "runtime/source_lines.h"
#include "runtime/wasm_internal.h"

enum {
  PIECE_SIZE = 256 * 1024, /* of C text: about half a second of clang */
  PIECES_MAX = 64,
  /* Functions of this size may go into all pieces, to be inlined there, up to such a part of all text. */
  SMALL_FUNCTION = 1500,
  SMALL_PART = 8
};

typedef struct CFunction {
  Str text; /* from "static " to the closing brace */
  Str name;
  size_t size; /* of the text, without what tells lines */
  bool small;  /* it is in every piece */
} CFunction;

typedef struct Splitter {
  Arena *arena;
  Str state; /* what stands before the first function */
  Str tail;  /* and behind the last */
  VEC(CFunction) functions;
  size_t marks; /* of the text: what tells lines */
  Map *by_name;
  VEC(Str) segments; /* of the module's data */
  const char *module, *module_file;
} Splitter;

/* --- reading */

static Str next_line(Str *rest)
{
  const char *end = memchr(rest->at, '\n', rest->len);
  Str line = str_slice(*rest, 0, end ? (size_t)(end + 1 - rest->at) : rest->len);
  *rest = str_slice(*rest, line.len, rest->len);
  return line;
}

/* The name of the function that a line declares or defines; empty: it does neither. Only definitions name
 * their parameters. */
static Str declared_name(Str line, bool *is_definition)
{
  if (!str_starts_with(line, STR("static "))) return (Str){0};
  size_t end = str_find(line, STR("(Z_m_instance_t*"));
  if (end == SIZE_MAX) return (Str){0};
  size_t from = end;
  while (from && line.at[from - 1] != ' ') from--;
  Str name = str_slice(line, from, end);
  if (!str_starts_with(name, STR("w2c_"))) return (Str){0};
  *is_definition = str_starts_with(str_slice(line, end, line.len), STR("(Z_m_instance_t* instance"));
  return name;
}

/* Functions stand one behind the other, and end at the first brace that begins a line. */
static void read_functions(Splitter *self, Str body)
{
  const char *first = NULL, *end = NULL;
  for (Str rest = body; rest.len;) {
    const char *from = rest.at;
    bool is_definition = false;
    Str name = declared_name(next_line(&rest), &is_definition);
    if (!name.len || !is_definition) continue;
    while (rest.len && !str_equal(next_line(&rest), STR("}\n"))) {
    }
    Str whole = {from, (size_t)(rest.at - from)};
    size_t marks;
    Str text = source_lines_direct(self->arena, whole, &marks);
    vec_push(self->arena, &self->functions,
             ((CFunction){.text = text, .name = name, .size = whole.len - marks}));
    self->marks += marks;
    if (!first) first = from;
    end = rest.at;
  }
  if (!first) first = end = body.at + body.len;
  self->state = (Str){body.at, (size_t)(first - body.at)};
  self->tail = (Str){end, (size_t)(body.at + body.len - end)};
}

/* The offset of an active segment: a constant expression. */
static void skip_offset(WasmReader *in)
{
  while (!in->problem && wasm_read_byte(in) != 0x0b) wasm_read_signed(in, 64);
}

static void read_segments(Splitter *self, Str module)
{
  WasmReader in = wasm_reader(module);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  for (WasmSection section; wasm_read_section(&in, &section);) {
    if (section.id != SECTION_DATA) continue;
    WasmReader data = wasm_reader(section.content);
    uint32_t count = wasm_read_count(&data, 2);
    for (uint32_t i = 0; i < count && !data.problem; i++) {
      uint32_t mode = wasm_read_u32(&data);
      if (mode == 2) wasm_read_u32(&data);
      if (mode != 1) skip_offset(&data);
      vec_push(self->arena, &self->segments, wasm_read_bytes(&data, wasm_read_u32(&data)));
    }
    if (data.problem) self->segments.len = 0;
  }
}

/* --- the module's state */

/* Where a piece is written to, and what stands in it. */
typedef struct Piece {
  Buf text;
  bool is_body;   /* it defines what the others declare */
  bool is_shared; /* there are others */
} Piece;

/* "static const T name[] = {": the text before " = {"; empty for any other line. */
static Str array_declaration(Str line, Str type)
{
  Str end = STR("[] = {\n");
  if (!str_starts_with(line, STR("static const ")) || !str_ends_with(line, end)) return (Str){0};
  Str declaration = str_slice(line, STR("static ").len, line.len - end.len + 2);
  return str_starts_with(str_slice(declaration, STR("const ").len, declaration.len), type) ? declaration
                                                                                           : (Str){0};
}

/* The number of the data segment whose bytes the array is; SIZE_MAX: it is none of the module's. */
static size_t segment_number(const Splitter *self, Str declaration)
{
  Str prefix = STR("data_segment_data_w2c_d");
  size_t from = str_find(declaration, prefix), number = 0;
  if (from == SIZE_MAX) return SIZE_MAX;
  for (size_t i = from + prefix.len; i + 2 < declaration.len && number < self->segments.len; i++) {
    if (declaration.at[i] < '0' || declaration.at[i] > '9') return SIZE_MAX;
    number = number * 10 + (size_t)(declaration.at[i] - '0');
  }
  return number < self->segments.len ? number : SIZE_MAX;
}

/* The bytes of a data segment, not as text, which takes clang a second for 700 KB. */
static void put_segment(const Splitter *self, Piece *piece, Str declaration, size_t number)
{
  buf_printf(&piece->text, "extern %.*s __attribute__((visibility(\"hidden\")));\n", STR_ARG(declaration));
  if (!piece->is_body) return;
  Str bytes = self->segments.at[number];
  buf_printf(&piece->text,
             "__asm__(\".pushsection .rodata\\n.globl data_segment_data_w2c_d%zu\\n\"\n"
             "        \".hidden data_segment_data_w2c_d%zu\\ndata_segment_data_w2c_d%zu:\\n\"\n"
             "        \".incbin \\\"%s\\\", %zu, %zu\\n.popsection\\n\");\n",
             number, number, number, self->module_file, (size_t)(bytes.at - self->module), bytes.len);
}

static bool is_small(const Splitter *self, Str name)
{
  const CFunction *function = map_get(self->by_name, name);
  return function && function->small;
}

static void put_shared(Piece *piece, Str line)
{
  Str rest = str_slice(line, STR("static ").len, line.len);
  buf_str(&piece->text, piece->is_shared ? rest : line);
}

/* Writes one line of the state, and for arrays what belongs to it. */
static void put_state_line(const Splitter *self, Piece *piece, Str line, Str *rest)
{
  bool is_definition = false;
  Str declaration, name = declared_name(line, &is_definition);
  size_t segment = segment_number(self, declaration = array_declaration(line, STR("u8 ")));
  if (name.len) {
    if (is_small(self, name))
      buf_str(&piece->text, line);
    else
      put_shared(piece, line);
  } else if (str_starts_with(line, STR("static u32 func_types["))) {
    if (!piece->is_body) buf_z(&piece->text, "extern ");
    put_shared(piece, line);
  } else if (segment != SIZE_MAX) {
    put_segment(self, piece, declaration, segment);
    while (rest->len && !str_equal(next_line(rest), STR("};\n"))) {
    }
  } else if (piece->is_shared && (declaration = array_declaration(line, STR("wasm_elem_"))).len) {
    if (piece->is_body)
      put_shared(piece, line);
    else
      buf_printf(&piece->text, "extern %.*s;\n", STR_ARG(declaration));
  } else if (piece->is_body) {
    buf_str(&piece->text, line);
  }
}

static void put_state(const Splitter *self, Piece *piece)
{
  for (Str rest = self->state; rest.len;) {
    Str line = next_line(&rest);
    put_state_line(self, piece, line, &rest);
  }
}

/* --- functions */

static void put_function(Piece *piece, const CFunction *function)
{
  if (function->small)
    buf_str(&piece->text, function->text);
  else
    put_shared(piece, function->text);
}

static void mark_small(Splitter *self)
{
  size_t total = 0, shared = 0;
  for (size_t i = 0; i < self->functions.len; i++) total += self->functions.at[i].size;
  for (size_t limit = 100; limit <= SMALL_FUNCTION; limit += 100) {
    for (size_t i = 0; i < self->functions.len; i++) {
      CFunction *function = &self->functions.at[i];
      if (function->size > limit || function->size <= limit - 100) continue;
      if (shared + function->size > total / SMALL_PART) return;
      shared += function->size;
      function->small = true;
    }
  }
}

/* What every piece begins with: the state, or declarations of it, and the small functions. */
static Str beginning(const Splitter *self, bool is_body)
{
  Piece piece = {buf_in(self->arena), is_body, true};
  buf_z(&piece.text, "#pragma GCC visibility push(hidden)\n");
  put_state(self, &piece);
  for (size_t i = 0; i < self->functions.len; i++)
    if (self->functions.at[i].small) put_function(&piece, &self->functions.at[i]);
  return buf_text(&piece.text);
}

/* Its own functions behind that: those from `from` to `to`. */
static Str piece_text(const Splitter *self, Str begun, size_t from, size_t to, Str tail)
{
  Piece piece = {.text = buf_in(self->arena), .is_shared = true};
  buf_str(&piece.text, begun);
  for (size_t i = from; i < to; i++)
    if (!self->functions.at[i].small) put_function(&piece, &self->functions.at[i]);
  buf_z(&piece.text, "#pragma GCC visibility pop\n");
  buf_str(&piece.text, tail);
  return buf_text(&piece.text);
}

static Str whole_text(const Splitter *self)
{
  Piece piece = {.text = buf_in(self->arena), .is_body = true};
  put_state(self, &piece);
  for (size_t i = 0; i < self->functions.len; i++) put_function(&piece, &self->functions.at[i]);
  buf_str(&piece.text, self->tail);
  return buf_text(&piece.text);
}

static size_t large_size(const Splitter *self, size_t i)
{
  return self->functions.at[i].small ? 0 : self->functions.at[i].size;
}

static void cut(const Splitter *self, Translation *out, size_t size)
{
  size_t wanted = size / PIECE_SIZE + 1, from = 0, taken = 0;
  if (wanted > PIECES_MAX) wanted = PIECES_MAX;
  out->pieces = arena_array_of(self->arena, Str, wanted);
  Str begun = beginning(self, false);
  for (size_t k = 0; k < wanted && from < self->functions.len; k++) {
    size_t to = from, end = size / wanted * (k + 1);
    while (to < self->functions.len && (taken < end || k + 1 == wanted)) taken += large_size(self, to++);
    if (k == 0)
      out->body = piece_text(self, beginning(self, true), from, to, self->tail);
    else
      out->pieces[out->piece_count++] = piece_text(self, begun, from, to, (Str){0});
    from = to;
  }
}

Translation translation_split(Arena *arena, Str text, Str module, const char *module_file, bool in_one_piece)
{
  Translation out = {0};
  Str body;
  guest_side_split(text, &out.helpers, &body);
  Splitter self = {
      .arena = arena, .by_name = map_new(arena), .module = module.at, .module_file = module_file};
  read_functions(&self, body);
  read_segments(&self, module);
  if (body.len - self.marks > 2 * (size_t)PIECE_SIZE) mark_small(&self);
  size_t size = 0;
  for (size_t i = 0; i < self.functions.len; i++) {
    size += large_size(&self, i);
    map_put(self.by_name, self.functions.at[i].name, &self.functions.at[i]);
  }
  if (!in_one_piece && size > 2 * (size_t)PIECE_SIZE && self.functions.len > 1)
    cut(&self, &out, size);
  else
    out.body = whole_text(&self);
  return out;
}
