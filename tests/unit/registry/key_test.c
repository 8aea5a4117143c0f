#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/registry/fixture.h"

static void first_use_makes_a_key_and_the_second_reads_it(void **state)
{
  Fixture f = fixture(*state);
  NodeKey first, second;
  bool made;
  assert_true(node_key_load(f.arena, f.folder, &first, &made, &f.diags));
  assert_true(made);
  assert_true(node_key_load(f.arena, f.folder, &second, &made, &f.diags));
  assert_false(made);
  assert_memory_equal(&first, &second, sizeof first);
  fixture_end(&f);
}

static void only_the_owner_can_read_it(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key;
  bool made;
  struct stat status;
  mode_t old = umask(0);
  assert_true(node_key_load(f.arena, f.folder, &key, &made, &f.diags));
  umask(old);
  char *path = str_to_z(f.arena, path_join(f.arena, f.folder, STR("key")));
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
  chmod(path, 0640);
  assert_false(node_key_load(f.arena, f.folder, &key, &made, &f.diags));
  assert_said(&f, "can be read by others");
  assert_said(&f, "chmod 600");
  fixture_end(&f);
}

static void its_text_is_the_public_key(void **state)
{
  NodeKey key = rfc8032_key();
  assert_text(node_key_text(*state, &key.public_key),
              "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

/* RFC 8032 §7.1, test 1: the key of a file that holds its seed and public key. */
static void the_file_holds_seed_and_public_key(void **state)
{
  Fixture f = fixture(*state);
  Str path = path_join(f.arena, f.folder, STR("key"));
  NodeKey key, want = rfc8032_key();
  bool made;
  fixture_write(&f, path, STR("assay-key 1\n" RFC8032_SEED RFC8032_PUBLIC "\n"));
  chmod(str_to_z(f.arena, path), 0600);
  assert_true(node_key_load(f.arena, f.folder, &key, &made, &f.diags));
  assert_memory_equal(&key, &want, sizeof key);
  fixture_end(&f);
}

static void damage_is_noticed_and_left_alone(void **state)
{
  static const char *const damaged[] = {
      "",
      "assay-key 1\n",
      "assay-key 2\n" RFC8032_SEED RFC8032_PUBLIC "\n",
      "assay-key 1\n" RFC8032_SEED RFC8032_PUBLIC,
      "assay-key 1\n" RFC8032_SEED RFC8032_PUBLIC "\n\n",
      /* the seed's first digit, and the public key's */
      "assay-key 1\n8d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60" RFC8032_PUBLIC "\n",
      "assay-key 1\n" RFC8032_SEED "c75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n",
      "assay-key 1\n" RFC8032_SEED "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A\n",
  };
  Fixture f = fixture(*state);
  Str path = path_join(f.arena, f.folder, STR("key")), after;
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    NodeKey key;
    bool made;
    Diags diags = diags_in(f.arena);
    fixture_write(&f, path, str_from_z(damaged[i]));
    chmod(str_to_z(f.arena, path), 0600);
    assert_false(node_key_load(f.arena, f.folder, &key, &made, &diags));
    assert_true(diags.errors > 0);
    assert_true(file_read(f.arena, path, 4096, &after, &diags));
    assert_slice(after, str_from_z(damaged[i]));
  }
  fixture_end(&f);
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key;
  bool made;
  fixture_write(&f, path_join(f.arena, f.folder, STR("file")), STR("x"));
  assert_false(node_key_load(f.arena, path_join(f.arena, f.folder, STR("file/home")), &key, &made, &f.diags));
  assert_true(f.diags.errors > 0);
  fixture_end(&f);
}

/* Each child waits for the others, loads, and exits with the first byte of its key. */
static void processes_at_first_use_end_up_with_one_key(void **state)
{
  enum { CHILDREN = 8 };
  Fixture f = fixture(*state);
  int gate[2];
  pid_t children[CHILDREN];
  assert_int_equal(pipe(gate), 0);
  for (size_t i = 0; i < CHILDREN; i++) {
    children[i] = fork();
    if (children[i]) continue;
    NodeKey key;
    bool made;
    char byte;
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 0) _exit(255);
    if (!node_key_load(f.arena, f.folder, &key, &made, &f.diags)) _exit(255);
    Str path = str_format(f.arena, "%.*s/seen-%zu", STR_ARG(f.folder), i);
    _exit(file_write(path, node_key_text(f.arena, &key.public_key), &f.diags) ? made : 255);
  }
  close(gate[0]);
  close(gate[1]);
  int made = 0, status;
  for (size_t i = 0; i < CHILDREN; i++) {
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    made += WEXITSTATUS(status);
  }
  assert_int_equal(made, 1);
  Str first, other;
  for (size_t i = 0; i < CHILDREN; i++) {
    Str path = str_format(f.arena, "%.*s/seen-%zu", STR_ARG(f.folder), i);
    assert_true(file_read(f.arena, path, 4096, i ? &other : &first, &f.diags));
    if (i) assert_slice(other, first);
  }
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(first_use_makes_a_key_and_the_second_reads_it),
      TEST(only_the_owner_can_read_it),
      TEST(its_text_is_the_public_key),
      TEST(the_file_holds_seed_and_public_key),
      TEST(damage_is_noticed_and_left_alone),
      TEST(a_folder_that_cannot_be_made_is_an_error),
      TEST(processes_at_first_use_end_up_with_one_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
