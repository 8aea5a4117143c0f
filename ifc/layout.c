#include "ifc/layout.h"

#include "ifc/base/map.h"

/* Types share their parts, so that a walk over `record r2 {a: r1, b: r1}`, `record r1 {a: r0, b: r0}` and so
 * on would double with each level. A walk that has taken this many steps begins to remember what it has seen;
 * the usual one ends before and allocates nothing. */
enum { STEPS_BEFORE_MEMO = 2000 };

typedef struct Memo {
  uint32_t steps;
  Arena *arena;
  Map *seen;
} Memo;

typedef struct MemoKey {
  const Type *type;
  size_t at;
} MemoKey;

static void *memo_get(Memo *self, const MemoKey *key)
{
  if (!self->arena && self->steps++ < STEPS_BEFORE_MEMO) return NULL;
  if (!self->arena) {
    self->arena = arena_new();
    self->seen = map_new(self->arena);
  }
  return map_get(self->seen, (Str){(const char *)key, sizeof *key});
}

static void memo_put(Memo *self, const MemoKey *key, const void *result, size_t size)
{
  if (!self->arena) return;
  MemoKey *kept_key = arena_new_of(self->arena, MemoKey);
  void *kept = arena_alloc(self->arena, size);
  *kept_key = *key;
  map_put(self->seen, (Str){(const char *)kept_key, sizeof *kept_key}, memcpy(kept, result, size));
}

/* --- size and alignment */

static uint64_t add(uint64_t a, uint64_t b)
{
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t align_to(uint64_t offset, uint32_t align)
{
  uint64_t padded = add(offset, align - 1);
  return padded == UINT64_MAX ? UINT64_MAX : padded & ~(uint64_t)(align - 1);
}

static uint32_t clamp_u32(uint64_t number)
{
  return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
  return a > b ? a : b;
}

/* Flags beyond 32 are what the Canonical ABI had before it limited their number: words of 32. */
static uint32_t flags_words(const Type *self)
{
  return (self->count + 31) / 32;
}

static Layout leaf(uint64_t size, uint32_t align, uint32_t flat_count)
{
  return (Layout){.size = size, .align = align, .flat_count = flat_count};
}

static Layout flags_layout(const Type *self)
{
  uint32_t words = flags_words(self);
  if (self->count <= 8) return leaf(1, 1, words);
  if (self->count <= 16) return leaf(2, 2, words);
  return leaf(UINT64_C(4) * words, 4, words);
}

uint32_t type_discriminant_size(const Type *self)
{
  uint32_t cases = self->kind == TYPE_OPTION || self->kind == TYPE_RESULT ? 2 : self->count;
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

static Layout enum_layout(const Type *self)
{
  uint32_t size = type_discriminant_size(self);
  Layout all = leaf(size, size, 1);
  all.payload_offset = size;
  return all;
}

static Layout layout_of(Memo *memo, const Type *self);

static Layout fields_layout(Memo *memo, const Type *self)
{
  Layout all = leaf(0, 1, 0);
  for (uint32_t i = 0; i < self->count; i++) {
    Layout field = layout_of(memo, self->fields[i].type);
    all.size = add(align_to(all.size, field.align), field.size);
    all.align = larger(all.align, field.align);
    all.flat_count = clamp_u32((uint64_t)all.flat_count + field.flat_count);
    all.has_pointers |= field.has_pointers;
  }
  all.size = align_to(all.size, all.align);
  return all;
}

/* A discriminant, then the union of the payloads. */
static Layout cases_layout(Memo *memo, const Type *self)
{
  bool has_fields = self->kind == TYPE_VARIANT;
  uint32_t discriminant = type_discriminant_size(self), cases = has_fields ? self->count : 2;
  Layout all = leaf(0, 1, 0);
  for (uint32_t i = 0; i < cases; i++) {
    const Type *payload = has_fields ? self->fields[i].type : i == 0 ? self->element : self->error;
    if (!payload) continue;
    Layout one = layout_of(memo, payload);
    all.size = one.size > all.size ? one.size : all.size;
    all.align = larger(all.align, one.align);
    all.flat_count = larger(all.flat_count, one.flat_count);
    all.has_pointers |= one.has_pointers;
  }
  all.payload_offset = clamp_u32(align_to(discriminant, all.align));
  all.align = larger(all.align, discriminant);
  all.size = align_to(add(all.payload_offset, all.size), all.align);
  all.flat_count = clamp_u32((uint64_t)all.flat_count + 1);
  return all;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* A list of fixed length lies where it is, element by element. */
static Layout repeated_layout(Memo *memo, const Type *self)
{
  Layout all = layout_of(memo, self->element);
  all.size = multiply(all.size, self->count);
  all.flat_count = clamp_u32(multiply(all.flat_count, self->count));
  all.payload_offset = 0;
  return all;
}

/* What has parts in it: their layouts are remembered. */
static Layout composite_layout(Memo *memo, const Type *self, Layout (*compute)(Memo *, const Type *))
{
  MemoKey key = {self, 0};
  if (self->layout.align) return self->layout;
  const Layout *known = memo_get(memo, &key);
  if (known) return *known;
  Layout result = compute(memo, self);
  memo_put(memo, &key, &result, sizeof result);
  return result;
}

static Layout layout_of(Memo *memo, const Type *self)
{
  switch (self->kind) {
#define PRIMITIVE(kind, name, bytes) \
  case TYPE_##kind:                  \
    return leaf(bytes, bytes, 1);
#define TYPE(kind, name)
#include "ifc/types.def"
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP: return (Layout){.size = 8, .align = 4, .flat_count = 2, .has_pointers = true};
  case TYPE_RECORD:
  case TYPE_TUPLE: return composite_layout(memo, self, fields_layout);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return composite_layout(memo, self, cases_layout);
  case TYPE_FIXED_LIST: return composite_layout(memo, self, repeated_layout);
  case TYPE_ENUM: return enum_layout(self);
  case TYPE_FLAGS: return flags_layout(self);
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return leaf(4, 4, 1);
  }
  return leaf(0, 1, 0);
}

Layout type_layout(const Type *self)
{
  if (self->layout.align) return self->layout;
  Memo memo = {0};
  Layout result = layout_of(&memo, self);
  arena_free(memo.arena);
  return result;
}

uint32_t type_align(const Type *self)
{
  return type_layout(self).align;
}

uint64_t type_size(const Type *self)
{
  return type_layout(self).size;
}

uint32_t type_payload_offset(const Type *self)
{
  return type_layout(self).payload_offset;
}

size_t type_flat_count(const Type *self, size_t limit)
{
  size_t count = type_layout(self).flat_count;
  return count > limit ? limit + 1 : count;
}

void type_field_offsets(const Type *self, uint32_t *offsets)
{
  Memo memo = {0};
  uint64_t at = 0;
  for (uint32_t i = 0; i < self->count; i++) {
    Layout field = layout_of(&memo, self->fields[i].type);
    at = align_to(at, field.align);
    offsets[i] = clamp_u32(at);
    at = add(at, field.size);
  }
  arena_free(memo.arena);
}

/* --- flattening */

/* The flat types so far. Cases of a variant share slots: what is flattened at a slot that is already taken is
 * joined to what is there. Joining is associative and idempotent, so that nested variants need no lists of
 * their own, and a type that was flattened at a slot before need not be again. */
typedef struct Flat {
  CoreType *out;       /* NULL: they are only counted */
  size_t limit, taken; /* slots below `taken` have a type */
  Memo memo;
} Flat;

static CoreType join(CoreType a, CoreType b)
{
  if (a == b) return a;
  bool narrow = (a == CORE_I32 || a == CORE_F32) && (b == CORE_I32 || b == CORE_F32);
  return narrow ? CORE_I32 : CORE_I64;
}

/* Returns the slot after `at`, as all flatten_ functions do; limit + 1 stands for all that is beyond. */
static size_t flat_put(Flat *self, size_t at, CoreType type)
{
  if (at >= self->limit) return self->limit + 1;
  self->out[at] = at < self->taken ? join(self->out[at], type) : type;
  if (at == self->taken) self->taken++;
  return at + 1;
}

static size_t flatten(Flat *self, size_t at, const Type *type);

static size_t flatten_fields(Flat *self, size_t at, const Type *type)
{
  for (uint32_t i = 0; i < type->count && at <= self->limit; i++)
    at = flatten(self, at, type->fields[i].type);
  return at;
}

static size_t flatten_cases(Flat *self, size_t at, const Type *type)
{
  bool has_fields = type->kind == TYPE_VARIANT;
  uint32_t cases = has_fields ? type->count : 2;
  size_t first = flat_put(self, at, CORE_I32), end = first;
  for (uint32_t i = 0; i < cases && end <= self->limit; i++) {
    const Type *payload = has_fields ? type->fields[i].type : i == 0 ? type->element : type->error;
    size_t case_end = payload ? flatten(self, first, payload) : first;
    end = case_end > end ? case_end : end;
  }
  return end;
}

/* Elements that flatten to nothing are not gone through. */
static size_t flatten_repeated(Flat *self, size_t at, const Type *type)
{
  for (uint32_t i = 0; i < type->count && at <= self->limit; i++) {
    size_t end = flatten(self, at, type->element);
    if (end == at) break;
    at = end;
  }
  return at;
}

static size_t flatten_composite(Flat *self, size_t at, const Type *type,
                                size_t (*walk)(Flat *, size_t, const Type *))
{
  MemoKey key = {type, at};
  const size_t *known = memo_get(&self->memo, &key);
  if (known) return *known;
  size_t end = walk(self, at, type);
  memo_put(&self->memo, &key, &end, sizeof end);
  return end;
}

static size_t flatten_flags(Flat *self, size_t at, const Type *type)
{
  for (uint32_t i = 0; i < flags_words(type); i++) at = flat_put(self, at, CORE_I32);
  return at;
}

static size_t flatten(Flat *self, size_t at, const Type *type)
{
  switch (type->kind) {
  case TYPE_BOOL:
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_CHAR:
  case TYPE_ENUM:
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return flat_put(self, at, CORE_I32);
  case TYPE_S64:
  case TYPE_U64: return flat_put(self, at, CORE_I64);
  case TYPE_F32: return flat_put(self, at, CORE_F32);
  case TYPE_F64: return flat_put(self, at, CORE_F64);
  case TYPE_STRING:
  case TYPE_LIST:
  case TYPE_MAP: return flat_put(self, flat_put(self, at, CORE_I32), CORE_I32);
  case TYPE_FLAGS: return flatten_flags(self, at, type);
  case TYPE_RECORD:
  case TYPE_TUPLE: return flatten_composite(self, at, type, flatten_fields);
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return flatten_composite(self, at, type, flatten_cases);
  case TYPE_FIXED_LIST: return flatten_composite(self, at, type, flatten_repeated);
  }
  return at;
}

size_t type_flatten(const Type *self, CoreType *out, size_t limit)
{
  Flat flat = {.out = out, .limit = limit};
  size_t end = flatten(&flat, 0, self);
  arena_free(flat.memo.arena);
  return end;
}

/* --- functions */

static size_t flatten_params(const Function *self, CoreType *out, size_t limit)
{
  Flat flat = {.out = out, .limit = limit};
  size_t at = 0;
  for (uint32_t i = 0; i < self->param_count && at <= limit; i++)
    at = flatten(&flat, at, self->params[i].type);
  arena_free(flat.memo.arena);
  return at;
}

CoreSignature function_export_signature(const Function *self)
{
  CoreSignature signature = {0};
  size_t params = flatten_params(self, signature.params, FLAT_PARAMS_MAX);
  signature.spilled_params = params > FLAT_PARAMS_MAX;
  if (signature.spilled_params) signature.params[0] = CORE_I32;
  signature.param_count = signature.spilled_params ? 1 : (uint32_t)params;
  if (!self->result) return signature;
  size_t results = type_flatten(self->result, signature.results, FLAT_RESULTS_MAX);
  signature.spilled_results = results > FLAT_RESULTS_MAX;
  if (signature.spilled_results) signature.results[0] = CORE_I32;
  signature.result_count = signature.spilled_results ? 1 : (uint32_t)results;
  return signature;
}

CoreSignature function_import_signature(const Function *self)
{
  CoreSignature signature = function_export_signature(self);
  if (!signature.spilled_results) return signature;
  signature.params[signature.param_count++] = CORE_I32;
  signature.result_count = 0;
  return signature;
}

bool function_needs_realloc(const Function *self)
{
  CoreType flat[FLAT_PARAMS_MAX];
  for (uint32_t i = 0; i < self->param_count; i++)
    if (type_layout(self->params[i].type).has_pointers) return true;
  return flatten_params(self, flat, FLAT_PARAMS_MAX) > FLAT_PARAMS_MAX;
}

bool function_needs_memory(const Function *self)
{
  if (function_needs_realloc(self)) return true;
  if (!self->result) return false;
  CoreType flat[FLAT_RESULTS_MAX];
  return type_layout(self->result).has_pointers ||
         type_flatten(self->result, flat, FLAT_RESULTS_MAX) > FLAT_RESULTS_MAX;
}

Str core_type_name(CoreType type)
{
  switch (type) {
  case CORE_I32: return STR("i32");
  case CORE_I64: return STR("i64");
  case CORE_F32: return STR("f32");
  default: return STR("f64");
  }
}

static void core_types_print(const CoreType *types, uint32_t count, Buf *out)
{
  for (uint32_t i = 0; i < count; i++) {
    if (i) buf_z(out, ", ");
    buf_str(out, core_type_name(types[i]));
  }
}

Str core_signature_text(Arena *arena, const CoreSignature *self)
{
  Buf out = buf_in(arena);
  buf_byte(&out, '(');
  core_types_print(self->params, self->param_count, &out);
  buf_z(&out, ") -> ");
  if (self->result_count == 0) buf_z(&out, "()");
  core_types_print(self->results, self->result_count, &out);
  return buf_text(&out);
}
