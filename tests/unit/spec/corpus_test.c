/* Cases that are kept for the next run: what was written is read again, what was damaged is left out. */
#include "spec/corpus.h"

#include <stdlib.h>

#include "ifc/base/file.h"
#include "tests/unit/spec/stand_in.h"

static int make_home(void **state)
{
  (void)state;
  char folder[] = "/tmp/assay-test-XXXXXX";
  if (!mkdtemp(folder)) return -1;
  return setenv("ASSAY_HOME", folder, 1);
}

static int remove_home(void **state)
{
  (void)state;
  dir_remove(str_from_z(getenv("ASSAY_HOME")));
  return 0;
}

static const Spec *spec_of(Arena *arena, const char *name)
{
  return stand_in_spec(arena, "f: func(x: u32) -> bool;",
                       str_to_z(arena, str_format(arena, "law \"%s\" (x: u32) { expect f(x); }", name)));
}

static Str token_of(Arena *arena, const Spec *spec, uint64_t value)
{
  Choice *choice = arena_new_of(arena, Choice);
  *choice = (Choice){value, CHOICE_NUMBER};
  Replay replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = {choice, 1}};
  return replay_encode(arena, spec, &replay);
}

static Str only_file(Arena *arena)
{
  Diags diags = diags_in(arena);
  Str *names, folder = path_join(arena, cache_folder(arena), STR("cases"));
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  assert_int_equal(count, 1);
  return path_join(arena, folder, names[0]);
}

static void what_was_kept_comes_again_in_its_order(void **state)
{
  const Spec *spec = spec_of(*state, "one");
  Hash module = hash_of(STR("first"));
  const Str tokens[] = {token_of(*state, spec, 7), token_of(*state, spec, 5), token_of(*state, spec, 7)};
  Corpus corpus;
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 0);
  corpus_write(*state, module, tokens, 3, &corpus);
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 2);
  assert_int_equal(corpus.at[0].replay.choices.at[0].value, 7);
  assert_int_equal(corpus.at[1].replay.choices.at[0].value, 5);
  dir_remove(path_folder(only_file(*state)));
}

static void cases_of_other_specifications_stay(void **state)
{
  const Spec *one = spec_of(*state, "one"), *two = spec_of(*state, "two");
  Hash module = hash_of(STR("second"));
  Str first = token_of(*state, one, 1), second = token_of(*state, two, 2);
  Corpus corpus;
  corpus_read(*state, module, &one, 1, &corpus);
  corpus_write(*state, module, &first, 1, &corpus);
  corpus_read(*state, module, &two, 1, &corpus);
  assert_int_equal(corpus.len, 0);
  corpus_write(*state, module, &second, 1, &corpus);
  corpus_read(*state, module, &one, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, first);
  corpus_read(*state, module, &two, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, second);
  dir_remove(path_folder(only_file(*state)));
}

static void what_was_damaged_is_left_out(void **state)
{
  const Spec *spec = spec_of(*state, "one");
  Hash module = hash_of(STR("third"));
  Diags diags = diags_in(*state);
  Corpus corpus;
  Buf text = buf_in(*state);
  Str good = token_of(*state, spec, 9);
  buf_printf(&text, "%.*s\n%.*s\nnonsense\n", STR_ARG(good), (int)good.len - 2, good.at);
  for (int i = 0; i < 256; i++) buf_byte(&text, (char)i);
  corpus_read(*state, module, &spec, 1, &corpus);
  corpus_write(*state, module, &good, 1, &corpus);
  assert_true(file_write(only_file(*state), buf_text(&text), &diags));
  corpus_read(*state, module, &spec, 1, &corpus);
  assert_int_equal(corpus.len, 1);
  assert_slice(corpus.at[0].token, good);
  dir_remove(path_folder(only_file(*state)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_was_kept_comes_again_in_its_order),
      TEST(cases_of_other_specifications_stay),
      TEST(what_was_damaged_is_left_out),
  };
  return cmocka_run_group_tests(tests, make_home, remove_home);
}
