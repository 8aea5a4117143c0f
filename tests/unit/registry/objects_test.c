#include <sys/stat.h>
#include <unistd.h>

#include "registry/objects.h"
#include "tests/unit/registry/fixture.h"

/* FIPS 180-2, appendix B.1. */
#define ABC_HEX "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_PATH "objects/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static Hash abc(void)
{
  Hash hash;
  assert_true(hash_parse(STR(ABC_HEX), &hash));
  return hash;
}

static void an_object_is_a_file_named_by_its_hash(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  Str bytes;
  assert_false(object_exists(f.arena, f.folder, abc()));
  assert_true(object_put(f.arena, f.folder, STR("abc"), &hash, &f.diags));
  assert_true(hash_equal(hash, abc()));
  assert_true(object_exists(f.arena, f.folder, abc()));
  assert_true(file_read(f.arena, fixture_path(&f, ABC_PATH), 10, &bytes, &f.diags));
  assert_text(bytes, "abc");
  assert_true(object_get(f.arena, f.folder, abc(), &bytes, &f.diags));
  assert_text(bytes, "abc");
  fixture_end(&f);
}

static void the_empty_object_is_one(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  Str bytes;
  assert_true(object_put(f.arena, f.folder, STR(""), &hash, &f.diags));
  assert_true(object_get(f.arena, f.folder, hash, &bytes, &f.diags));
  assert_int_equal(bytes.len, 0);
  fixture_end(&f);
}

static void a_missing_object_is_an_error(void **state)
{
  Fixture f = fixture(*state);
  Str bytes = STR("untouched");
  assert_false(object_get(f.arena, f.folder, abc(), &bytes, &f.diags));
  assert_text(bytes, "untouched");
  assert_true(f.diags.errors == 1);
  fixture_end(&f);
}

static void damage_is_noticed(void **state)
{
  static const char *const damaged[] = {"", "ab", "abd", "abc\n"};
  Fixture f = fixture(*state);
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    Str bytes;
    fixture_write(&f, fixture_path(&f, ABC_PATH), str_from_z(damaged[i]));
    assert_false(object_get(f.arena, f.folder, abc(), &bytes, &f.diags));
  }
  assert_said(&f, "does not have the hash of its name");
  fixture_end(&f);
}

static void storing_again_repairs_a_damaged_object(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  Str bytes;
  fixture_write(&f, fixture_path(&f, ABC_PATH), STR("damaged"));
  assert_true(object_put(f.arena, f.folder, STR("abc"), &hash, &f.diags));
  assert_true(object_get(f.arena, f.folder, abc(), &bytes, &f.diags));
  assert_text(bytes, "abc");
  fixture_end(&f);
}

static void storing_again_does_not_write(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  struct stat first, second;
  const char *path = str_to_z(f.arena, fixture_path(&f, ABC_PATH));
  assert_true(object_put(f.arena, f.folder, STR("abc"), &hash, &f.diags));
  assert_int_equal(stat(path, &first), 0);
  assert_true(object_put(f.arena, f.folder, STR("abc"), &hash, &f.diags));
  assert_int_equal(stat(path, &second), 0);
  assert_int_equal(first.st_ino, second.st_ino);
  fixture_end(&f);
}

static void a_folder_in_the_way_is_an_error(void **state)
{
  Fixture f = fixture(*state);
  Hash hash;
  assert_true(dir_make(fixture_path(&f, ABC_PATH), &f.diags));
  assert_false(object_put(f.arena, f.folder, STR("abc"), &hash, &f.diags));
  assert_true(f.diags.errors > 0);
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_object_is_a_file_named_by_its_hash),  TEST(the_empty_object_is_one),
      TEST(a_missing_object_is_an_error),           TEST(damage_is_noticed),
      TEST(storing_again_repairs_a_damaged_object), TEST(storing_again_does_not_write),
      TEST(a_folder_in_the_way_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
