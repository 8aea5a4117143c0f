#include "registry/find.h"

#include "ifc/canon.h"
#include "ifc/wit.h"
#include "registry/objects.h"
#include "tests/unit/registry/fixture.h"

#define WIT "package t:t;\n\ninterface i {\n  square: func(x: s64) -> s64;\n}\n"

static Hash put(Fixture *f, const char *bytes)
{
  Hash hash;
  assert_true(object_put(f->arena, f->folder, str_from_z(bytes), &hash, &f->diags));
  return hash;
}

static Hash hash_of_wit(Fixture *f, const char *text)
{
  Source *source = arena_new_of(f->arena, Source);
  *source = (Source){STR("t.wit"), str_from_z(text)};
  const Package *package = wit_parse(f->arena, source, NULL, &f->diags);
  assert_non_null(package);
  return interface_hash(f->arena, &package->interfaces[0]);
}

/* A result that says: this WIT is what the interface's hash stands for. */
static void put_result(Fixture *f, Hash interface, Hash wit)
{
  fixture_write(
      f, fixture_path(f, "results/0.json"),
      str_format(f->arena,
                 "{\"type\":\"verify\",\"interface\":{\"hash\":\"%.*s\",\"id\":\"t:t/i\",\"wit\":\"%.*s\"},"
                 "\"tests\":[],\"modules\":[],\"report\":{}}",
                 STR_ARG(hash_text(f->arena, interface)), STR_ARG(hash_text(f->arena, wit))));
}

static void what_looks_like_a_hash_is_meant_as_one(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    bool meant;
  } cases[] = {{"012345", true},
               {"01234", false},
               {"sha256:01", true}, /* too short, but meant */
               {"sha256:xyz", true},
               {"abcdef", true},
               {"abcdeg", false},
               {"ABCDEF", false},
               {"circle.wit", false},
               {"", false},
               {"00000000000000000000000000000000000000000000000000000000000000000", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(hash_is_meant(str_from_z(cases[i].text)), cases[i].meant);
}

static void an_object_is_found_by_its_first_six_digits(void **state)
{
  Fixture f = fixture(*state);
  Hash hash = put(&f, "some source");
  put(&f, "another source");
  Str hex = hash_hex(f.arena, hash);
  for (size_t digits = 6; digits <= 64; digits += 29) {
    Found found;
    assert_true(registry_find(f.arena, f.folder, str_slice(hex, 0, digits), &found, &f.diags));
    assert_int_equal(found.kind, FOUND_OBJECT);
    assert_true(hash_equal(found.hash, hash));
    assert_text(found.bytes, "some source");
  }
  fixture_end(&f);
}

static void a_module_is_known_by_its_first_bytes(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  Found found;
  assert_true(object_put(f.arena, f.folder, (Str){"\0asm\1\0\0\0", 8}, &hash, &f.diags));
  assert_true(registry_find(f.arena, f.folder, hash_text(f.arena, hash), &found, &f.diags));
  assert_int_equal(found.kind, FOUND_MODULE);
  fixture_end(&f);
}

static void an_interface_is_found_with_its_wit(void **state)
{
  Fixture f = fixture(*state);
  Found found;
  Hash interface = hash_of_wit(&f, WIT);
  put_result(&f, interface, put(&f, WIT));
  assert_true(registry_find(f.arena, f.folder, hash_text(f.arena, interface), &found, &f.diags));
  assert_int_equal(found.kind, FOUND_INTERFACE);
  assert_text(found.name, "t:t/i");
  assert_text(found.bytes, WIT);
  fixture_end(&f);
}

static void wit_that_does_not_have_the_hash_is_refused(void **state)
{
  Fixture f = fixture(*state);
  Found found;
  Hash interface = hash_of_wit(&f, WIT);
  put_result(&f, interface, put(&f, "package t:t;\n\ninterface i {\n  square: func(x: s64) -> u64;\n}\n"));
  assert_false(registry_find(f.arena, f.folder, hash_text(f.arena, interface), &found, &f.diags));
  assert_said(&f, "does not have its hash");
  fixture_end(&f);
}

static void a_beginning_of_two_is_ambiguous_and_both_are_named(void **state)
{
  Fixture f = fixture(*state);
  Found found;
  Str hex = hash_hex(f.arena, put(&f, "some source"));
  Str twin = str_format(f.arena, "objects/%.2s/%.*s%056d", hex.at, 6, hex.at + 2, 0);
  fixture_write(&f, path_join(f.arena, f.folder, twin), STR("damaged"));
  assert_false(registry_find(f.arena, f.folder, str_slice(hex, 0, 7), &found, &f.diags));
  assert_said(&f, "is ambiguous");
  assert_said(&f, str_to_z(f.arena, str_slice(hex, 0, 12)));
  assert_said(&f, "0000…");
  assert_said(&f, "give more digits");
  assert_true(registry_find(f.arena, f.folder, hex, &found, &f.diags));
  fixture_end(&f);
}

static void unknown_malformed_and_damaged_ones_are_reported(void **state)
{
  Fixture f = fixture(*state);
  Found found;
  assert_false(registry_find(f.arena, f.folder, STR("0123456789"), &found, &f.diags));
  assert_said(&f, "nothing in the registry");
  assert_false(registry_find(f.arena, f.folder, STR("sha256:0123"), &found, &f.diags));
  assert_said(&f, "'sha256:0123' is not a hash");
  assert_false(registry_find(f.arena, f.folder, STR("sha256:../../etc"), &found, &f.diags));
  assert_said(&f, "'sha256:../../etc' is not a hash");
  Str hex = hash_hex(f.arena, put(&f, "some source"));
  fixture_write(&f,
                path_join(f.arena, f.folder, str_format(f.arena, "objects/%.2s/%.62s", hex.at, hex.at + 2)),
                STR("other bytes"));
  assert_false(registry_find(f.arena, f.folder, hex, &found, &f.diags));
  assert_said(&f, "does not have the hash of its name");
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_looks_like_a_hash_is_meant_as_one),
      TEST(an_object_is_found_by_its_first_six_digits),
      TEST(a_module_is_known_by_its_first_bytes),
      TEST(an_interface_is_found_with_its_wit),
      TEST(wit_that_does_not_have_the_hash_is_refused),
      TEST(a_beginning_of_two_is_ambiguous_and_both_are_named),
      TEST(unknown_malformed_and_damaged_ones_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
