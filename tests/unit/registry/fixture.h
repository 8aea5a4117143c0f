/* For the registry's tests: a folder that goes away with the test, a known key, and other programs to ask. */
#ifndef TESTS_UNIT_REGISTRY_FIXTURE_H
#define TESTS_UNIT_REGISTRY_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ifc/base/file.h"
#include "registry/key.h"
#include "tests/unit/check.h"

/* RFC 8032 §7.1, test 1. */
#define RFC8032_SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define RFC8032_PUBLIC "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
/* Test 2. */
#define RFC8032_SEED_2 "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
#define RFC8032_PUBLIC_2 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"

typedef struct Fixture {
  Arena *arena;
  Diags diags;
  Str folder;
} Fixture;

static inline Fixture fixture(Arena *arena)
{
  Fixture self = {.arena = arena, .diags = diags_in(arena)};
  const char *parent = getenv("TMPDIR");
  assert_true(dir_make_temporary(arena, str_from_z(parent ? parent : "/tmp"), &self.folder, &self.diags));
  return self;
}

static inline void fixture_end(Fixture *self)
{
  dir_remove(self->folder);
}

static inline Str fixture_path(Fixture *self, const char *name)
{
  return path_join(self->arena, self->folder, str_from_z(name));
}

static inline void fixture_write(Fixture *self, Str path, Str bytes)
{
  assert_true(file_write(path, bytes, &self->diags));
}

/* Fails unless a diagnostic holds the text. */
#define assert_said(fixture, text) check_said((fixture), (text), __FILE__, __LINE__)

static inline void check_said(Fixture *self, const char *text, const char *file, int line)
{
  Buf said = buf_in(self->arena);
  diags_print(&self->diags, &said, false);
  if (str_find(buf_text(&said), str_from_z(text)) != SIZE_MAX) return;
  print_error("nothing said «%s» in:\n%.*s\n", text, STR_ARG(buf_text(&said)));
  _fail(file, line);
}

static inline NodeKey key_of_hex(const char *seed, const char *public_key)
{
  NodeKey key;
  assert_true(hex_decode(str_from_z(public_key), key.public_key.bytes));
  assert_true(hex_decode(str_from_z(seed), key.secret_key.bytes));
  memcpy(key.secret_key.bytes + 32, key.public_key.bytes, 32);
  return key;
}

static inline NodeKey rfc8032_key(void)
{
  return key_of_hex(RFC8032_SEED, RFC8032_PUBLIC);
}

static inline NodeKey other_key(void)
{
  return key_of_hex(RFC8032_SEED_2, RFC8032_PUBLIC_2);
}

/* Runs a command line in the fixture's folder, without the user's git configuration; its exit status. What it
 * printed is in *out. */
static inline int fixture_shell(Fixture *self, Str *out, const char *command)
{
  Str log = fixture_path(self, "shell-output");
  Str line = str_format(self->arena,
                        "cd '%.*s' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 && { %s\n} "
                        ">'%.*s' 2>&1 </dev/null",
                        STR_ARG(self->folder), command, STR_ARG(log));
  int status = system(str_to_z(self->arena, line));
  if (!file_read(self->arena, log, 1 << 24, out, &self->diags)) fail();
  return status;
}

/* Whether a program is installed; says so out loud where it is not. */
static inline bool fixture_has(Fixture *self, const char *program)
{
  Str out;
  Str line = str_format(self->arena, "command -v %s", program);
  if (fixture_shell(self, &out, str_to_z(self->arena, line)) == 0) return true;
  print_message("SKIPPED: %s is not installed\n", program);
  return false;
}

#endif
