/* Whether two resolved forms (package_to_json) are the same up to numbering, for tests: by following ids from
 * the packages, each pair of which must be partners everywhere. */
#ifndef TESTS_UNIT_IFC_JSON_GRAPH_H
#define TESTS_UNIT_IFC_JSON_GRAPH_H

#include "ifc/base/json.h"
#include "ifc/base/vec.h"
#include "ifc/show.h"
#include "tests/unit/ifc/wit_values.h"

/* The arenas of a resolved form, and which of the one's elements are which of the other's. */
typedef enum Table { WORLDS, INTERFACES, TYPES, PACKAGES, TABLE_COUNT } Table;
static const char *const TABLE_NAMES[] = {"worlds", "interfaces", "types", "packages"};

typedef struct Pair {
  Table table;
  int64_t a, b;
} Pair;

typedef struct Comparison {
  Arena *arena;
  const Json *a, *b;
  int64_t *of_a[TABLE_COUNT], *of_b[TABLE_COUNT]; /* the partner, or −1 */
  VEC(Pair) todo;
  Str difference; /* the first; empty: none */
} Comparison;

static inline const Json *table_of(const Json *root, Table table)
{
  return jv_get(root, str_from_z(TABLE_NAMES[table]));
}

static inline void differ(Comparison *self, const char *what, const Json *a, const Json *b)
{
  if (self->difference.len) return;
  Buf out = buf_in(self->arena);
  buf_printf(&out, "%s: ", what);
  jv_print_canonical(a ? a : jv_null(self->arena), &out);
  buf_z(&out, " against ");
  jv_print_canonical(b ? b : jv_null(self->arena), &out);
  self->difference = buf_text(&out);
}

/* Two elements that must be the same: a partner once, a partner always. */
static inline void pair_ids(Comparison *self, Table table, const Json *a, const Json *b)
{
  int64_t x = jv_as_integer(a), y = jv_as_integer(b);
  bool numbers = jv_kind(a) == JV_INTEGER && jv_kind(b) == JV_INTEGER;
  bool inside = numbers && x >= 0 && y >= 0 && (size_t)x < jv_count(table_of(self->a, table)) &&
                (size_t)y < jv_count(table_of(self->b, table));
  if (!inside) {
    differ(self, "not two ids", a, b);
    return;
  }
  if (self->of_a[table][x] == y && self->of_b[table][y] == x) return;
  if (self->of_a[table][x] >= 0 || self->of_b[table][y] >= 0) {
    differ(self, TABLE_NAMES[table], jv_at(table_of(self->a, table), (size_t)x),
           jv_at(table_of(self->b, table), (size_t)y));
    return;
  }
  self->of_a[table][x] = y;
  self->of_b[table][y] = x;
  vec_push(self->arena, &self->todo, (Pair){table, x, y});
}

/* No ids are in it: names, docs, stability. */
static inline void compare_plain(Comparison *self, const char *what, const Json *a, const Json *b)
{
  Buf x = buf_in(self->arena), y = buf_in(self->arena);
  if (a) jv_print_canonical(a, &x);
  if (b) jv_print_canonical(b, &y);
  if (!str_equal(buf_text(&x), buf_text(&y))) differ(self, what, a, b);
}

static inline void compare_members(Comparison *self, const char *const *names, const Json *a, const Json *b)
{
  for (; *names; names++)
    compare_plain(self, *names, jv_get(a, str_from_z(*names)), jv_get(b, str_from_z(*names)));
}

static inline bool keys_agree(Comparison *self, const Json *a, const Json *b)
{
  bool agree = jv_kind(a) == JV_OBJECT && jv_kind(b) == JV_OBJECT && jv_count(a) == jv_count(b);
  for (size_t i = 0; agree && i < jv_count(a); i++) agree = str_equal(jv_key_at(a, i), jv_key_at(b, i));
  if (!agree) differ(self, "members", a, b);
  return agree;
}

/* {"name": id, …}, in the same order */
static inline void compare_ids(Comparison *self, Table table, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  for (size_t i = 0; i < jv_count(a); i++) pair_ids(self, table, jv_value_at(a, i), jv_value_at(b, i));
}

/* A type or what its kind is: every number is a type's id, but the length of a list. */
static inline void compare_type(Comparison *self, const Json *a, const Json *b)
{
  if (jv_kind(a) != jv_kind(b) || jv_count(a) != jv_count(b)) {
    differ(self, "type", a, b);
  } else if (jv_kind(a) == JV_INTEGER) {
    pair_ids(self, TYPES, a, b);
  } else if (jv_kind(a) == JV_ARRAY) {
    for (size_t i = 0; i < jv_count(a); i++) compare_type(self, jv_at(a, i), jv_at(b, i));
  } else if (jv_kind(a) == JV_OBJECT) {
    if (!keys_agree(self, a, b)) return;
    for (size_t i = 0; i < jv_count(a); i++) {
      const Json *x = jv_value_at(a, i), *y = jv_value_at(b, i);
      if (str_equal(jv_key_at(a, i), STR("fixed-length-list"))) {
        compare_type(self, jv_at(x, 0), jv_at(y, 0));
        compare_plain(self, "length", jv_at(x, 1), jv_at(y, 1));
      } else {
        compare_type(self, x, y);
      }
    }
  } else {
    compare_plain(self, "type", a, b);
  }
}

static inline void compare_function(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  static const char *const plain[] = {"name", "docs", "stability", "external_id", NULL};
  compare_members(self, plain, a, b);
  compare_type(self, jv_get(a, STR("kind")), jv_get(b, STR("kind")));
  compare_type(self, jv_get(a, STR("params")), jv_get(b, STR("params")));
  if (jv_get(a, STR("result"))) compare_type(self, jv_get(a, STR("result")), jv_get(b, STR("result")));
}

static inline void compare_interface(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  static const char *const plain[] = {"name", "docs", "stability", "external_id", NULL};
  compare_members(self, plain, a, b);
  pair_ids(self, PACKAGES, jv_get(a, STR("package")), jv_get(b, STR("package")));
  compare_ids(self, TYPES, jv_get(a, STR("types")), jv_get(b, STR("types")));
  const Json *x = jv_get(a, STR("functions")), *y = jv_get(b, STR("functions"));
  if (!keys_agree(self, x, y)) return;
  for (size_t i = 0; i < jv_count(x); i++) compare_function(self, jv_value_at(x, i), jv_value_at(y, i));
}

static inline void compare_world_item(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b) || jv_count(a) != 1) return;
  const Json *x = jv_value_at(a, 0), *y = jv_value_at(b, 0);
  if (str_equal(jv_key_at(a, 0), STR("function"))) {
    compare_function(self, x, y);
  } else if (str_equal(jv_key_at(a, 0), STR("type"))) {
    pair_ids(self, TYPES, x, y);
  } else if (keys_agree(self, x, y)) {
    pair_ids(self, INTERFACES, jv_get(x, STR("id")), jv_get(y, STR("id")));
    static const char *const plain[] = {"stability", "external_id", "docs", NULL};
    compare_members(self, plain, x, y);
  }
}

/* "interface-3" is the interface with that id. */
static inline const Json *id_in_key(Arena *arena, Str key)
{
  uint64_t id;
  Str prefix = STR("interface-");
  if (!str_starts_with(key, prefix) || !str_to_u64(str_slice(key, prefix.len, key.len), &id)) return NULL;
  return jv_integer(arena, (int64_t)id);
}

/* In the same order. */
static inline void compare_world_items(Comparison *self, const Json *a, const Json *b)
{
  if (jv_count(a) != jv_count(b)) differ(self, "imports or exports", a, b);
  for (size_t i = 0; i < jv_count(a) && !self->difference.len; i++) {
    Str x = jv_key_at(a, i), y = jv_key_at(b, i);
    const Json *id = id_in_key(self->arena, x), *other = id_in_key(self->arena, y);
    if (id && other)
      pair_ids(self, INTERFACES, id, other);
    else if (!str_equal(x, y))
      differ(self, "import or export", jv_string(self->arena, x), jv_string(self->arena, y));
    compare_world_item(self, jv_value_at(a, i), jv_value_at(b, i));
  }
}

static inline void compare_world(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  static const char *const plain[] = {"name", "docs", "stability", "external_id", NULL};
  compare_members(self, plain, a, b);
  compare_world_items(self, jv_get(a, STR("imports")), jv_get(b, STR("imports")));
  compare_world_items(self, jv_get(a, STR("exports")), jv_get(b, STR("exports")));
  pair_ids(self, PACKAGES, jv_get(a, STR("package")), jv_get(b, STR("package")));
}

static inline void compare_typedef(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  static const char *const plain[] = {"name", "docs", "stability", "external_id", NULL};
  compare_members(self, plain, a, b);
  compare_type(self, jv_get(a, STR("kind")), jv_get(b, STR("kind")));
  const Json *x = jv_get(a, STR("owner")), *y = jv_get(b, STR("owner"));
  if (jv_kind(x) != JV_OBJECT || jv_kind(y) != JV_OBJECT)
    compare_plain(self, "owner", x, y);
  else
    compare_ids(self, str_equal(jv_key_at(x, 0), STR("world")) ? WORLDS : INTERFACES, x, y);
}

static inline void compare_package(Comparison *self, const Json *a, const Json *b)
{
  if (!keys_agree(self, a, b)) return;
  static const char *const plain[] = {"name", "docs", NULL};
  compare_members(self, plain, a, b);
  compare_ids(self, INTERFACES, jv_get(a, STR("interfaces")), jv_get(b, STR("interfaces")));
  compare_ids(self, WORLDS, jv_get(a, STR("worlds")), jv_get(b, STR("worlds")));
}

static inline void compare_pairs(Comparison *self)
{
  static void (*const compare[])(Comparison *, const Json *, const Json *) = {
      compare_world, compare_interface, compare_typedef, compare_package};
  while (self->todo.len && !self->difference.len) {
    Pair pair = self->todo.at[--self->todo.len];
    compare[pair.table](self, jv_at(table_of(self->a, pair.table), (size_t)pair.a),
                        jv_at(table_of(self->b, pair.table), (size_t)pair.b));
  }
}

/* The id in `b` of the package that has the same name; −1: none. */
static inline const Json *id_of_package(Arena *arena, const Json *a, const Json *b, size_t index)
{
  const Json *theirs = table_of(b, PACKAGES);
  Str name = jv_as_string(jv_get(jv_at(table_of(a, PACKAGES), index), STR("name")));
  for (size_t i = 0; i < jv_count(theirs); i++)
    if (str_equal(name, jv_as_string(jv_get(jv_at(theirs, i), STR("name")))))
      return jv_integer(arena, (int64_t)i);
  return jv_integer(arena, -1);
}

/* Packages go by name, what they lead to by id; what nothing leads to must agree in its order. */
static inline Str difference_of(Arena *arena, const Json *a, const Json *b)
{
  Comparison self = {.arena = arena, .a = a, .b = b};
  for (Table table = 0; table < TABLE_COUNT; table++) {
    size_t count = jv_count(table_of(a, table));
    if (count != jv_count(table_of(b, table))) {
      differ(&self, TABLE_NAMES[table], table_of(a, table), table_of(b, table));
      return self.difference;
    }
    self.of_a[table] = arena_array_of(arena, int64_t, count);
    self.of_b[table] = arena_array_of(arena, int64_t, count);
    for (size_t i = 0; i < count; i++) self.of_a[table][i] = self.of_b[table][i] = -1;
  }
  for (size_t i = 0; i < jv_count(table_of(a, PACKAGES)); i++)
    pair_ids(&self, PACKAGES, jv_integer(arena, (int64_t)i), id_of_package(arena, a, b, i));
  compare_pairs(&self);
  for (Table table = 0; table < TABLE_COUNT; table++) {
    size_t y = 0;
    for (size_t x = 0; x < jv_count(table_of(a, table)) && !self.difference.len; x++) {
      if (self.of_a[table][x] >= 0) continue;
      while (self.of_b[table][y] >= 0) y++;
      pair_ids(&self, table, jv_integer(arena, (int64_t)x), jv_integer(arena, (int64_t)y));
      compare_pairs(&self);
    }
  }
  return self.difference;
}

/* Ours written out and read again, so that both went through the same reader. */
static inline const Json *json_of(Arena *arena, const Package *package)
{
  Diags diags = diags_in(arena);
  return jv_parse(arena, source_of(arena, package_json(arena, package)), &diags);
}

/* A copy without documentation. */
static inline const Json *json_without_docs(Arena *arena, const Json *json)
{
  bool object = jv_kind(json) == JV_OBJECT;
  if (!object && jv_kind(json) != JV_ARRAY) return json;
  Json *copy = object ? jv_object(arena) : jv_array(arena);
  for (size_t i = 0; i < jv_count(json); i++) {
    const Json *value = object ? jv_value_at(json, i) : jv_at(json, i);
    if (object && str_equal(jv_key_at(json, i), STR("docs")) && jv_get(value, STR("contents"))) continue;
    if (object)
      jv_set(copy, jv_key_at(json, i), json_without_docs(arena, value));
    else
      jv_push(copy, json_without_docs(arena, value));
  }
  return copy;
}

#endif
