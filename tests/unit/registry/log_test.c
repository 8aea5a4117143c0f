#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ifc/base/rng.h"
#include "registry/log.h"
#include "tests/unit/registry/fixture.h"

#define HEAD_TYPE "application/vnd.assay.head+json"
#define FOLDER "logs/d7/" RFC8032_PUBLIC

static Log *opened(Fixture *f)
{
  Log *log = log_open(f->arena, fixture_path(f, "log.git"), &f->diags);
  assert_non_null(log);
  return log;
}

/* Record number `n` of a test: its name says which it is. */
static Str envelope_of(Arena *arena, const NodeKey *key, size_t n)
{
  Hash id;
  Subject subject = {str_format(arena, "record %zu", n), hash_of(STR("subject"))};
  return record_sign(arena, key, STR("urn:test"), &subject, 1, jv_object(arena), &id);
}

static bool append(Fixture *f, Log *log, const NodeKey *key, size_t from, size_t count)
{
  Str *envelopes = arena_array_of(f->arena, Str, count + 1);
  for (size_t i = 0; i < count; i++) envelopes[i] = envelope_of(f->arena, key, from + i);
  return log_append(log, key, envelopes, count, &f->diags);
}

static size_t number_of(const Record *record)
{
  uint64_t number;
  Str name = jv_as_string(jv_get(jv_at(record->subject, 0), STR("name")));
  assert_true(str_starts_with(name, STR("record ")));
  assert_true(str_to_u64(str_slice(name, 7, name.len), &number));
  return number;
}

/* The log has exactly the records 0 to count - 1, in order, and says so when asked in either way. */
static void assert_holds(Fixture *f, Log *log, const NodeKey *key, size_t count)
{
  Record *records;
  size_t read;
  uint64_t counted;
  assert_true(log_count(log, &key->public_key, &counted, &f->diags));
  assert_int_equal(counted, count);
  assert_true(log_read(log, f->arena, &key->public_key, &records, &read, &f->diags));
  assert_int_equal(read, count);
  for (size_t i = 0; i < read; i++) assert_int_equal(number_of(&records[i]), i);
}

/* A log with records in two commits, closed again. */
static Fixture filled(Arena *arena, size_t count)
{
  Fixture f = fixture(arena);
  NodeKey key = rfc8032_key();
  Log *log = opened(&f);
  assert_true(append(&f, log, &key, 0, count - 1));
  assert_true(append(&f, log, &key, count - 1, 1));
  log_close(log);
  return f;
}

static void a_new_log_is_empty(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Log *log = opened(&f);
  PublicKey *authors;
  size_t count;
  assert_holds(&f, log, &key, 0);
  assert_true(log_authors(log, f.arena, &authors, &count, &f.diags));
  assert_int_equal(count, 0);
  assert_true(log_append(log, &key, NULL, 0, &f.diags));
  assert_holds(&f, log, &key, 0);
  log_close(log);
  fixture_end(&f);
}

static void records_come_back_in_order(void **state)
{
  Fixture f = filled(*state, 5);
  NodeKey key = rfc8032_key();
  Log *log = opened(&f);
  assert_holds(&f, log, &key, 5);
  assert_true(append(&f, log, &key, 5, 3));
  assert_holds(&f, log, &key, 8);
  log_close(log);
  fixture_end(&f);
}

static void authors_do_not_mix(void **state)
{
  Fixture f = filled(*state, 2);
  NodeKey key = rfc8032_key(), other = other_key();
  Log *log = opened(&f);
  PublicKey *authors;
  size_t count;
  assert_true(append(&f, log, &other, 0, 3));
  assert_holds(&f, log, &key, 2);
  assert_holds(&f, log, &other, 3);
  assert_true(log_authors(log, f.arena, &authors, &count, &f.diags));
  assert_int_equal(count, 2);
  assert_memory_equal(&authors[0], &other.public_key, sizeof other.public_key); /* 3d… before d7… */
  assert_memory_equal(&authors[1], &key.public_key, sizeof key.public_key);
  log_close(log);
  fixture_end(&f);
}

/* Around the seal of a segment, reached in several ways. */
static void segments_are_sealed_at_1024(void **state)
{
  static const size_t steps[][4] = {{1024},       {1025},          {1023, 1, 1},
                                    {1000, 1100}, {1024, 1024, 1}, {3000, 72, 1}};
  NodeKey key = rfc8032_key();
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    Fixture f = fixture(*state);
    Log *log = opened(&f);
    size_t total = 0;
    for (size_t k = 0; k < 4; total += steps[i][k++]) assert_true(append(&f, log, &key, total, steps[i][k]));
    assert_holds(&f, log, &key, total);
    log_close(log);
    fixture_end(&f);
  }
}

/* What git, base64 and sha256sum make of it: docs/records.md, "The log". */
static void the_layout_is_as_documented(void **state)
{
  Fixture f = filled(*state, 1);
  NodeKey key = rfc8032_key();
  Log *log = opened(&f);
  Str out;
  assert_true(append(&f, log, &key, 1, 1024));
  log_close(log);
  if (fixture_has(&f, "git")) {
    const char *script =
        "cd log.git\n"
        "git ls-tree -r --name-only main >../names\n"
        "printf '%s\\n' " FOLDER "/00000000 " FOLDER "/00000001 " FOLDER "/head | cmp - ../names || exit 1\n"
        "test $(git show main:" FOLDER "/00000000 | wc -l) = 1024 || exit 2\n"
        "test $(git show main:" FOLDER "/00000001 | wc -l) = 1 || exit 3\n"
        "payload() { git show $1:" FOLDER
        "/head | sed 's/.*\"payload\":\"\\([^\"]*\\)\".*/\\1/' | base64 -d; }\n"
        "for n in 0 1; do echo sha256:$(git show main:" FOLDER
        "/0000000$n | sha256sum | cut -d' ' -f1); done |"
        " sha256sum | cut -d' ' -f1 >../root\n"
        "payload main~1 | sha256sum | cut -d' ' -f1 >../previous\n"
        "printf '{\"key\":\"ed25519:" RFC8032_PUBLIC "\",\"previous\":\"sha256:%s\",\"root\":\"sha256:%s\","
        "\"sequence\":1025}' $(cat ../previous) $(cat ../root) >../head\n"
        "payload main | cmp - ../head || exit 4\n"
        "payload main~1 | grep -q '\"previous\":\"\"' || exit 5";
    assert_int_equal(fixture_shell(&f, &out, script), 0);
  }
  fixture_end(&f);
}

static void git_can_read_check_clone_and_pack_it(void **state)
{
  Fixture f = filled(*state, 3);
  NodeKey key = rfc8032_key();
  Str out;
  if (fixture_has(&f, "git")) {
    assert_int_equal(fixture_shell(&f, &out, "git -C log.git fsck --strict --full"), 0);
    assert_true(str_find(out, STR("error")) == SIZE_MAX && str_find(out, STR("warning")) == SIZE_MAX);
    assert_int_equal(fixture_shell(&f, &out, "git -C log.git log --format=%an%s --stat"), 0);
    assert_true(str_find(out, STR("assayappend records")) != SIZE_MAX);
    assert_true(str_find(out, STR("/head")) != SIZE_MAX);
    assert_int_equal(fixture_shell(&f, &out, "git clone -q --bare log.git copy.git && git -C log.git gc -q"),
                     0);
    Log *copy = log_open(f.arena, fixture_path(&f, "copy.git"), &f.diags);
    assert_holds(&f, copy, &key, 3);
    log_close(copy);
    Log *log = opened(&f);
    assert_true(append(&f, log, &key, 3, 1)); /* refs are packed now */
    assert_holds(&f, log, &key, 4);
    log_close(log);
    assert_int_equal(fixture_shell(&f, &out, "git -C log.git fsck --strict --full"), 0);
  }
  fixture_end(&f);
}

static void the_same_records_make_the_same_commits(void **state)
{
  Fixture a = filled(*state, 3), b = filled(*state, 3);
  Str first, second, path = STR("log.git/refs/heads/main");
  assert_true(file_read(a.arena, path_join(a.arena, a.folder, path), 100, &first, &a.diags));
  assert_true(file_read(b.arena, path_join(b.arena, b.folder, path), 100, &second, &b.diags));
  assert_slice(first, second);
  fixture_end(&a);
  fixture_end(&b);
}

/* Commits a change of the author's folder, made by `edit`, as a hostile peer or a bad disk would. */
static bool tampered(Fixture *f, const char *edit)
{
  if (!fixture_has(f, "git")) return false;
  Str script =
      str_format(f->arena,
                 "export GIT_DIR=$PWD/log.git GIT_WORK_TREE=$PWD/work GIT_INDEX_FILE=$PWD/index EMAIL=x@x\n"
                 "mkdir work && git read-tree main && git checkout-index -a --prefix=$PWD/work/ || exit 9\n"
                 "(cd work/" FOLDER " && { %s\n}) || exit 8\n"
                 "cd work && git add -A && git update-ref refs/heads/main $(git commit-tree -p main -m x "
                 "$(git write-tree))",
                 edit);
  Str out;
  int status = fixture_shell(f, &out, str_to_z(f->arena, script));
  if (status) print_error("%.*s\n", STR_ARG(out));
  assert_int_equal(status, 0);
  return true;
}

/* Neither way of reading accepts it, and appending refuses to build on it. */
static void assert_refused(Fixture *f)
{
  NodeKey key = rfc8032_key();
  Log *log = opened(f);
  Record *records = NULL;
  uint64_t counted = 77;
  size_t read = 77;
  Str before, after, tip = fixture_path(f, "log.git/refs/heads/main");
  assert_true(file_read(f->arena, tip, 100, &before, &f->diags));
  assert_false(log_count(log, &key.public_key, &counted, &f->diags));
  assert_false(log_read(log, f->arena, &key.public_key, &records, &read, &f->diags));
  assert_false(append(f, log, &key, 0, 1));
  assert_true(file_read(f->arena, tip, 100, &after, &f->diags));
  assert_slice(after, before);
  assert_true(counted == 77 && read == 77 && !records);
  assert_true(f->diags.errors >= 3);
  log_close(log);
}

static void a_tampered_log_is_refused(void **state)
{
  static const char *const edits[] = {
      "head -c -100 00000000 >x && mv x 00000000", /* cut off */
      "head -c -1 00000000 >x && mv x 00000000",   /* less its newline */
      "sed -i '$d' 00000000",                      /* the last removed */
      "sed -i 2d 00000000",                        /* one removed */
      "{ sed -n 2p 00000000; sed -n 1p 00000000; sed -n '3,$p' 00000000; } >x && mv x 00000000", /* swapped */
      "{ sed -n 1p 00000000; sed -n 1p 00000000; sed -n '3,$p' 00000000; } >x && mv x 00000000", /* replaced
                                                                                                  */
      "sed -n 1p 00000000 >x && cat x >>00000000 && rm x",                     /* one added */
      "echo >>00000000",                                                       /* an empty one added */
      ": >00000000",                                                           /* emptied */
      "rm 00000000",                                                           /* missing */
      "cp 00000000 00000001",                                                  /* a segment too many */
      "rm 00000000 && mkdir 00000000 && echo x >00000000/x",                   /* a folder in its place */
      "rm 00000000 && ln -s head 00000000",                                    /* a link in its place */
      "rm head",                                                               /* no head */
      ": >head",                                                               /* an empty head */
      "sed -i 's/payloadType/payloadTipe/' head",                              /* a damaged head */
      "git show main~1:./head >head || git show main~1:" FOLDER "/head >head", /* rolled back head */
      "sed -n 1p 00000000 >head",                                              /* a record as head */
  };
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    Fixture f = filled(*state, 3);
    if (tampered(&f, edits[i])) assert_refused(&f);
    fixture_end(&f);
  }
}

/* A head that was rolled back to where the first segment was sealed still fits that segment. */
static void a_head_rolled_back_to_a_seal_is_noticed(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Log *log = opened(&f);
  assert_true(append(&f, log, &key, 0, 1024));
  assert_true(append(&f, log, &key, 1024, 1));
  log_close(log);
  if (tampered(&f, "git show main~1:" FOLDER "/head >head")) {
    assert_refused(&f);
    assert_said(&f, "a segment too many");
  }
  fixture_end(&f);
}

static void a_head_of_another_key_is_refused(void **state)
{
  Fixture f = filled(*state, 3);
  NodeKey other = other_key();
  Log *log = opened(&f);
  assert_true(append(&f, log, &other, 0, 3));
  log_close(log);
  if (tampered(&f, "cp ../../3d/" RFC8032_PUBLIC_2 "/* .")) {
    assert_refused(&f);
    assert_said(&f, "the signature is not the author's");
  }
  fixture_end(&f);
}

/* What the author's own key signs may still be nonsense. `%s` is a root that fits. */
static void a_malformed_head_is_refused(void **state)
{
#define KEY_MEMBER "\"key\":\"ed25519:" RFC8032_PUBLIC "\",\"previous\":\"\","
  static const char *const heads[] = {"",
                                      "[]",
                                      "{}",
                                      "hello",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":9223372036854775807}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":9223372036854775808}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":4}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":2}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":0}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":-1}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":\"3\"}",
                                      "{" KEY_MEMBER "\"root\":\"%s\",\"sequence\":3.0}",
                                      "{" KEY_MEMBER "\"root\":\"%s\"}",
                                      "{" KEY_MEMBER "\"root\":\"sha256:00\",\"sequence\":3}",
                                      "{" KEY_MEMBER "\"root\":\"\",\"sequence\":3}",
                                      "{" KEY_MEMBER "\"root\":\"sha256:" RFC8032_SEED "\",\"sequence\":3}",
                                      "{\"key\":\"ed25519:" RFC8032_PUBLIC_2
                                      "\",\"previous\":\"\",\"root\":\"%s\",\"sequence\":3}",
                                      "{\"previous\":\"\",\"root\":\"%s\",\"sequence\":3}"};
  NodeKey key = rfc8032_key();
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    Fixture f = filled(*state, 3);
    Buf segment = buf_in(f.arena), payload = buf_in(f.arena);
    for (size_t n = 0; n < 3; n++) buf_printf(&segment, "%.*s\n", STR_ARG(envelope_of(f.arena, &key, n)));
    Str line = str_format(f.arena, "%.*s\n", STR_ARG(hash_text(f.arena, hash_of(buf_text(&segment)))));
    Str root = hash_text(f.arena, hash_of(line)), form = str_from_z(heads[i]);
    size_t at = str_find(form, STR("%s"));
    buf_str(&payload, str_slice(form, 0, at));
    if (at != SIZE_MAX) {
      buf_str(&payload, root);
      buf_str(&payload, str_slice(form, at + 2, form.len));
    }
    fixture_write(&f, fixture_path(&f, "head"),
                  envelope_sign(f.arena, &key, STR(HEAD_TYPE), buf_text(&payload)));
    if (tampered(&f, "cp ../../../../head head")) assert_refused(&f);
    fixture_end(&f);
  }
}

/* A head whose author put 2,000 records into one segment: nothing may be read beyond what is there. */
static void an_overfull_segment_is_refused(void **state)
{
  Fixture f = filled(*state, 3);
  NodeKey key = rfc8032_key();
  Buf segment = buf_in(f.arena);
  Str envelope = envelope_of(f.arena, &key, 0);
  for (size_t n = 0; n < 2000; n++) buf_printf(&segment, "%.*s\n", STR_ARG(envelope));
  Str line = str_format(f.arena, "%.*s\n", STR_ARG(hash_text(f.arena, hash_of(buf_text(&segment)))));
  Str payload = str_format(f.arena, "{" KEY_MEMBER "\"root\":\"%.*s\",\"sequence\":2000}",
                           STR_ARG(hash_text(f.arena, hash_of(line))));
  fixture_write(&f, fixture_path(&f, "segment"), buf_text(&segment));
  fixture_write(&f, fixture_path(&f, "head"), envelope_sign(f.arena, &key, STR(HEAD_TYPE), payload));
  if (tampered(&f, "cp ../../../../head head; cp ../../../../segment 00000000")) assert_refused(&f);
  fixture_end(&f);
}

/* Well-formed around it, but one record is another author's: the root fits, the record does not. */
static void a_foreign_record_in_a_log_is_refused(void **state)
{
  Fixture f = filled(*state, 1);
  NodeKey key = rfc8032_key(), other = other_key();
  Log *log;
  Record *records;
  size_t count;
  Str segment = str_format(f.arena, "%.*s\n", STR_ARG(envelope_of(f.arena, &other, 0)));
  Str line = str_format(f.arena, "%.*s\n", STR_ARG(hash_text(f.arena, hash_of(segment))));
  Str payload = str_format(f.arena, "{" KEY_MEMBER "\"root\":\"%.*s\",\"sequence\":1}",
                           STR_ARG(hash_text(f.arena, hash_of(line))));
  fixture_write(&f, fixture_path(&f, "segment"), segment);
  fixture_write(&f, fixture_path(&f, "head"), envelope_sign(f.arena, &key, STR(HEAD_TYPE), payload));
  if (tampered(&f, "cp ../../../../head head; cp ../../../../segment 00000000")) {
    log = opened(&f);
    assert_false(log_read(log, f.arena, &key.public_key, &records, &count, &f.diags));
    assert_said(&f, "record 0: the signature is not the author's");
    log_close(log);
  }
  fixture_end(&f);
}

static void only_folders_named_by_a_key_are_authors(void **state)
{
  Fixture f = filled(*state, 1);
  PublicKey *authors;
  size_t count;
  if (tampered(&f, "cd ../.. && mkdir -p 00/" RFC8032_PUBLIC_2 " 3d/xyz 3d/3D" RFC8032_SEED " 3d/deep && "
                   "touch 00/" RFC8032_PUBLIC_2 "/head 3d/xyz/head 3d/" RFC8032_PUBLIC_2 " top && "
                   "cd 3d/deep && for i in $(seq 1000); do mkdir d && cd d; done && touch end")) {
    Log *log = opened(&f);
    assert_true(log_authors(log, f.arena, &authors, &count, &f.diags));
    assert_int_equal(count, 1);
    log_close(log);
  }
  fixture_end(&f);
}

static void what_a_log_would_choke_on_is_not_appended(void **state)
{
  Fixture f = filled(*state, 2);
  NodeKey key = rfc8032_key(), other = other_key();
  Log *log = opened(&f);
  Str good = envelope_of(f.arena, &key, 2);
  Buf large = buf_in(f.arena);
  buf_str(&large, good);
  buf_repeat(&large, ' ', ENVELOPE_LIMIT);
  Str bad[] = {STR(""),
               STR("hello"),
               envelope_of(f.arena, &other, 2),
               str_format(f.arena, "%.*s\n", STR_ARG(good)),
               str_format(f.arena, "{\n%s", str_to_z(f.arena, good) + 1),
               buf_text(&large),
               envelope_sign(f.arena, &key, STR(RECORD_PAYLOAD_TYPE), STR("{}"))};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Str both[] = {good, bad[i]};
    assert_false(log_append(log, &key, both, 2, &f.diags));
    assert_holds(&f, log, &key, 2);
  }
  log_close(log);
  fixture_end(&f);
}

static void locks_of_a_killed_process_do_not_hold(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  fixture_write(&f, fixture_path(&f, "log.git/HEAD.lock"), STR("ref: x"));
  fixture_write(&f, fixture_path(&f, "log.git/config.lock"), STR("[core]"));
  assert_true(dir_make(fixture_path(&f, "log.git/objects/pack"), &f.diags));
  Log *log = opened(&f);
  assert_true(append(&f, log, &key, 0, 1));
  fixture_write(&f, fixture_path(&f, "log.git/refs/heads/main.lock"), STR("0123"));
  assert_true(append(&f, log, &key, 1, 1));
  assert_holds(&f, log, &key, 2);
  log_close(log);
  fixture_end(&f);
}

/* Appends for ever, and writes a byte for each record that was reported done. */
static void append_until_killed(Fixture *f, size_t from, int report)
{
  NodeKey key = rfc8032_key();
  Log *log = log_open(f->arena, fixture_path(f, "log.git"), &f->diags);
  for (; log && append(f, log, &key, from, 1); from++)
    if (write(report, "+", 1) != 1) break;
  _exit(1);
}

/* Kills the child after it reported some records and then some arbitrary number of turns of a loop. */
static size_t killed_midway(Fixture *f, size_t from, Rng *rng)
{
  int report[2];
  assert_int_equal(pipe(report), 0);
  pid_t child = fork();
  if (child == 0) append_until_killed(f, from, report[1]);
  close(report[1]);
  char byte;
  size_t done = 0, wanted = rng_below(rng, 6);
  while (done < wanted && read(report[0], &byte, 1) == 1) done++;
  for (volatile uint64_t turns = rng_below(rng, 4000000); turns; turns--) {
  }
  kill(child, SIGKILL);
  while (read(report[0], &byte, 1) == 1) done++;
  close(report[0]);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  return done;
}

static void a_kill_loses_nothing_that_was_done(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Rng rng = rng_from_seed(14);
  uint64_t count = 0;
  for (size_t round = 0; round < 20; round++) {
    size_t done = killed_midway(&f, count, &rng);
    Log *log = opened(&f);
    uint64_t now;
    assert_true(log_count(log, &key.public_key, &now, &f.diags));
    assert_true(now >= count + done && now <= count + done + 1); /* the last may be done, but not reported */
    assert_holds(&f, log, &key, now);
    count = now;
    log_close(log);
  }
  Str out;
  if (fixture_has(&f, "git")) assert_int_equal(fixture_shell(&f, &out, "git -C log.git fsck --strict"), 0);
  fixture_end(&f);
}

static void processes_may_append_at_once(void **state)
{
  enum { CHILDREN = 4, EACH = 10 };
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  pid_t children[CHILDREN];
  for (size_t c = 0; c < CHILDREN; c++) {
    children[c] = fork();
    if (children[c]) continue;
    Log *log = log_open(f.arena, fixture_path(&f, "log.git"), &f.diags);
    bool good = log;
    for (size_t i = 0; i < EACH && good; i++) good = append(&f, log, &key, c * EACH + i, 1);
    _exit(!good);
  }
  int status;
  for (size_t c = 0; c < CHILDREN; c++) {
    assert_int_equal(waitpid(children[c], &status, 0), children[c]);
    assert_int_equal(status, 0);
  }
  Log *log = opened(&f);
  Record *records;
  size_t count, next[CHILDREN] = {0};
  assert_true(log_read(log, f.arena, &key.public_key, &records, &count, &f.diags));
  assert_int_equal(count, CHILDREN * EACH);
  for (size_t i = 0; i < count; i++) { /* each child's own order is kept */
    size_t number = number_of(&records[i]);
    assert_int_equal(number % EACH, next[number / EACH]++);
  }
  log_close(log);
  fixture_end(&f);
}

/* A record of some 300,000 bytes that do not compress. */
static Str large_envelope(Arena *arena, const NodeKey *key)
{
  Rng rng = rng_from_seed(1);
  Buf noise = buf_in(arena);
  for (size_t i = 0; i < 19000; i++) buf_printf(&noise, "%016llx", (unsigned long long)rng_next(&rng));
  Json *predicate = jv_object(arena);
  jv_set_string(predicate, STR("noise"), buf_text(&noise));
  Subject subject = {STR("record 3"), hash_of(STR("subject"))};
  Hash id;
  return record_sign(arena, key, STR("urn:test"), &subject, 1, predicate, &id);
}

/* The disk is full for a child that may write no file above 64 KiB. */
static void a_full_disk_is_an_error_and_changes_nothing(void **state)
{
  Fixture f = filled(*state, 3);
  NodeKey key = rfc8032_key();
  Str envelope = large_envelope(f.arena, &key), out;
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = {1 << 16, 1 << 16};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit)) _exit(9);
    Log *log = log_open(f.arena, fixture_path(&f, "log.git"), &f.diags);
    if (!log || log_append(log, &key, &envelope, 1, &f.diags)) _exit(8);
    Buf said = buf_in(f.arena);
    diags_print(&f.diags, &said, false);
    bool clear = str_find(buf_text(&said), str_from_z(strerror(EFBIG))) != SIZE_MAX;
    log_close(log);
    _exit(clear ? 0 : 7);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  Log *log = opened(&f);
  assert_holds(&f, log, &key, 3);
  assert_true(log_append(log, &key, &envelope, 1, &f.diags));
  assert_holds(&f, log, &key, 4);
  log_close(log);
  assert_int_equal(fixture_shell(&f, &out, "find log.git -name 'tmp_*' | grep . && exit 1 || true"), 0);
  fixture_end(&f);
}

static void damaged_git_objects_are_an_error(void **state)
{
  static const char *const damage[] = {
      "find objects -type f | while read o; do chmod u+w $o; echo x >$o; done",
      "find objects -type f | while read o; do chmod u+w $o; : >$o; done",
      "find objects -type f -delete",
      "echo 0123456789012345678901234567890123456789 >refs/heads/main",
      "echo nonsense >refs/heads/main",
      ": >refs/heads/main",
  };
  NodeKey key = rfc8032_key();
  for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
    Fixture f = filled(*state, 2);
    Str out, command = str_format(f.arena, "cd log.git && %s", damage[i]);
    assert_int_equal(fixture_shell(&f, &out, str_to_z(f.arena, command)), 0);
    Log *log = log_open(f.arena, fixture_path(&f, "log.git"), &f.diags);
    uint64_t count;
    PublicKey *authors;
    size_t author_count;
    if (log) {
      assert_false(log_count(log, &key.public_key, &count, &f.diags));
      assert_false(log_authors(log, f.arena, &authors, &author_count, &f.diags));
      assert_false(append(&f, log, &key, 2, 1));
    }
    assert_true(f.diags.errors > 0);
    log_close(log);
    fixture_end(&f);
  }
}

static void a_file_in_the_way_is_an_error(void **state)
{
  Fixture f = fixture(*state);
  fixture_write(&f, fixture_path(&f, "log.git"), STR("x"));
  assert_null(log_open(f.arena, fixture_path(&f, "log.git"), &f.diags));
  assert_true(f.diags.errors > 0);
  log_close(NULL);
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_new_log_is_empty),
      TEST(records_come_back_in_order),
      TEST(authors_do_not_mix),
      TEST(segments_are_sealed_at_1024),
      TEST(the_layout_is_as_documented),
      TEST(git_can_read_check_clone_and_pack_it),
      TEST(the_same_records_make_the_same_commits),
      TEST(a_tampered_log_is_refused),
      TEST(a_head_rolled_back_to_a_seal_is_noticed),
      TEST(a_head_of_another_key_is_refused),
      TEST(a_malformed_head_is_refused),
      TEST(an_overfull_segment_is_refused),
      TEST(a_foreign_record_in_a_log_is_refused),
      TEST(only_folders_named_by_a_key_are_authors),
      TEST(what_a_log_would_choke_on_is_not_appended),
      TEST(locks_of_a_killed_process_do_not_hold),
      TEST(a_kill_loses_nothing_that_was_done),
      TEST(processes_may_append_at_once),
      TEST(a_full_disk_is_an_error_and_changes_nothing),
      TEST(damaged_git_objects_are_an_error),
      TEST(a_file_in_the_way_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
