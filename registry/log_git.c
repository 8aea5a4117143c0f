/* The log over libgit2. Layout of the one branch's tree:
 *   logs/<first two digits of the key>/<key in hex>/head         a signed head
 *   logs/<first two digits of the key>/<key in hex>/00000000     records 0 to 1,023, one envelope a line
 *   …/00000001                                                   records 1,024 to 2,047 */
#include <dlfcn.h>
#include <errno.h>
#include <git2.h>
#include <string.h>

#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "registry/log.h"

#define HEAD_PAYLOAD_TYPE "application/vnd.assay.head+json"
#define BRANCH "refs/heads/main"
enum { SEGMENT_RECORDS = 1024, BLOB_LIMIT = 256 << 20 /* bytes */ };

/* libgit2, opened when a log is and not linked: what it needs for networks would make every start of the
 * program four times as long. */
typedef struct Git {
#define GIT(name) __typeof__(git_##name) *name;
#include "registry/git.def"
} Git;

struct Log {
  Arena *arena;
  Str folder;
  Git git;
  git_repository *repository;
};

/* An author's log as it stands: what a signed head says, and the segments' bytes. */
typedef struct AuthorLog {
  uint64_t sequence;   /* records */
  Hash head;           /* of the head's payload; zero before the first */
  const Str *segments; /* whole files */
  size_t segment_count;
} AuthorLog;

static bool git_missing(Diags *diags)
{
  const char *reason = dlerror();
  Diag *diag = diag_error(diags, DIAG_TOOLCHAIN, SPAN_NONE, "cannot open libgit2: %s",
                          reason ? reason : "why is unknown");
  diag_note(diags, diag, SPAN_NONE, "install the package libgit2-" LIBGIT2_SOVERSION);
  return false;
}

/* Opens the version that this was compiled for; it stays open, as libraries below it expect. */
static bool git_open(Git *self, Diags *diags)
{
  void *library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_NOW | RTLD_LOCAL);
  bool found = library != NULL;
#define GIT(name) found = found && (*(void **)&self->name = dlsym(library, "git_" #name));
#include "registry/git.def"
  return found || git_missing(diags);
}

/* libgit2 has no words for a failed write: errno has. */
static const char *git_reason(const Log *self, int error)
{
  const git_error *last = self->git.error_last();
  if (last && last->message) return last->message;
  return error ? strerror(error) : "unknown reason";
}

static bool git_failed(const Log *self, const char *doing, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "cannot %s '%.*s': %s", doing,
                          STR_ARG(self->folder), git_reason(self, errno));
  diag_note(diags, diag, SPAN_NONE, "`git -C %.*s fsck` says more", STR_ARG(self->folder));
  return false;
}

static bool append_failed(const Log *self, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_SYSTEM, SPAN_NONE, "cannot append to the log '%.*s': %s",
                          STR_ARG(self->folder), git_reason(self, errno));
  diag_note(diags, diag, SPAN_NONE,
            "nothing was changed; is there room on the disk, and may the folder be written to?");
  return false;
}

static void git_begin(const Log *self)
{
  self->git.libgit2_init();
  /* The user's git configuration must not change what a log is. */
  self->git.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
  self->git.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
  self->git.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
  self->git.libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

/* With our lock held, git's own locks can only be what a killed process left. */
static void stale_locks_remove(Log *self)
{
  static const char *const names[] = {"HEAD.lock", "config.lock", BRANCH ".lock"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    remove(str_to_z(self->arena, path_join(self->arena, self->folder, str_from_z(names[i]))));
}

static int log_lock(Log *self, Diags *diags)
{
  int lock = file_lock(path_join(self->arena, self->folder, STR("assay.lock")), diags);
  if (lock >= 0) stale_locks_remove(self);
  return lock;
}

/* Two processes may come here at once: the second finds what the first made. */
static bool repository_make(Log *self, const char *path, Diags *diags)
{
  int lock = log_lock(self, diags);
  if (lock < 0) return false;
  git_repository_init_options options = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
                                         .flags = GIT_REPOSITORY_INIT_BARE,
                                         .initial_head = "main"};
  int status = self->git.repository_open_bare(&self->repository, path);
  if (status == GIT_ENOTFOUND) status = self->git.repository_init_ext(&self->repository, path, &options);
  file_unlock(lock);
  return status == 0 || git_failed(self, "make the log", diags);
}

static bool repository_open(Log *self, Diags *diags)
{
  const char *path = str_to_z(self->arena, self->folder);
  int status = self->git.repository_open_bare(&self->repository, path);
  if (status == GIT_ENOTFOUND) return repository_make(self, path, diags);
  return status == 0 || git_failed(self, "open the log", diags);
}

Log *log_open(Arena *arena, Str folder, Diags *diags)
{
  Log *self = arena_new_of(arena, Log);
  *self = (Log){.arena = arena, .folder = str_copy(arena, folder)};
  if (!dir_make(folder, diags)) return NULL;
  if (!git_open(&self->git, diags)) return NULL;
  git_begin(self);
  if (repository_open(self, diags)) return self;
  self->git.libgit2_shutdown();
  return NULL;
}

void log_close(Log *self)
{
  if (!self) return;
  self->git.repository_free(self->repository);
  self->git.libgit2_shutdown();
}

/* The newest commit and its tree; both NULL in a log without commits. */
static bool tip_open(Log *self, git_commit **commit, git_tree **tree, Diags *diags)
{
  *commit = NULL;
  *tree = NULL;
  git_oid id;
  int status = self->git.reference_name_to_id(&id, self->repository, BRANCH);
  if (status == GIT_ENOTFOUND) return true;
  if (status == 0) status = self->git.commit_lookup(commit, self->repository, &id);
  if (status == 0) status = self->git.commit_tree(tree, *commit);
  return status == 0 || git_failed(self, "read the log", diags);
}

/* The size that an object claims is looked at before there is memory for it. */
static int blob_open(Log *self, git_blob **out, const git_oid *id)
{
  git_odb *objects = NULL;
  git_object_t type;
  size_t size;
  int status = self->git.repository_odb(&objects, self->repository);
  if (status == 0) status = self->git.odb_read_header(&size, &type, objects, id);
  self->git.odb_free(objects);
  if (status == 0 && (type != GIT_OBJECT_BLOB || size > BLOB_LIMIT)) {
    self->git.error_set_str(GIT_ERROR_ODB, "an object is no file, or too large");
    status = GIT_EINVALID;
  }
  return status ? status : self->git.blob_lookup(out, self->repository, id);
}

/* A file of the tree, copied; `found` false where there is none. */
static bool blob_read(Log *self, Arena *arena, const git_tree *tree, Str path, Str *out, bool *found,
                      Diags *diags)
{
  git_tree_entry *entry = NULL;
  git_blob *blob = NULL;
  *found = false;
  if (!tree) return true;
  int status = self->git.tree_entry_bypath(&entry, tree, str_to_z(arena, path));
  if (status == GIT_ENOTFOUND) return true;
  if (status == 0) status = blob_open(self, &blob, self->git.tree_entry_id(entry));
  if (status == 0) {
    *out = str_copy(arena, (Str){self->git.blob_rawcontent(blob), (size_t)self->git.blob_rawsize(blob)});
    *found = true;
  }
  self->git.blob_free(blob);
  self->git.tree_entry_free(entry);
  return status == 0 || git_failed(self, "read the log", diags);
}

static Str author_folder(Arena *arena, const PublicKey *author)
{
  Str hex = hex_encode(arena, (Str){(const char *)author->bytes, sizeof author->bytes});
  return str_format(arena, "logs/%.2s/%.*s", hex.at, STR_ARG(hex));
}

static Str segment_path(Arena *arena, Str folder, size_t number)
{
  return str_format(arena, "%.*s/%08zu", STR_ARG(folder), number);
}

/* SHA-256 of the segments' hashes, one a line: sealed segments need not be read again to extend it. */
static Hash segments_root(Arena *arena, const Str *segments, size_t count)
{
  Hasher *hasher = hasher_new(arena);
  for (size_t i = 0; i < count; i++) {
    hasher_add(hasher, hash_text(arena, hash_of(segments[i])));
    hasher_add(hasher, STR("\n"));
  }
  return hasher_finish(hasher);
}

static size_t count_lines(Str text)
{
  size_t lines = 0;
  for (size_t i = 0; i < text.len; i++) lines += text.at[i] == '\n';
  return lines;
}

static bool log_damaged(Log *self, const PublicKey *author, const char *why, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "the log of %.*s in '%.*s': %s",
                          STR_ARG(node_key_text(self->arena, author)), STR_ARG(self->folder), why);
  diag_note(diags, diag, SPAN_NONE, "nothing of it was used or changed; restore the folder from a copy");
  return false;
}

/* Checks the head's signature and form, and gives what it claims. */
static bool head_open(Log *self, Arena *arena, const PublicKey *author, Str text, AuthorLog *out, Hash *root,
                      Diags *diags)
{
  Source *source = arena_array_of(arena, Source, 2);
  source[0] = (Source){STR("signed head"), text};
  Str payload;
  if (!envelope_open(arena, &source[0], STR(HEAD_PAYLOAD_TYPE), author, &payload, diags)) return false;
  source[1] = (Source){STR("signed head"), payload};
  const Json *head = jv_parse(arena, &source[1], diags);
  if (!head) return false;
  const Json *sequence = jv_get(head, STR("sequence"));
  if (!str_equal(jv_as_string(jv_get(head, STR("key"))), node_key_text(arena, author)) ||
      jv_kind(sequence) != JV_INTEGER || jv_as_integer(sequence) < 0 ||
      !hash_parse(jv_as_string(jv_get(head, STR("root"))), root))
    return log_damaged(self, author, "the signed head is malformed", diags);
  out->sequence = (uint64_t)jv_as_integer(sequence);
  out->head = hash_of(payload);
  return true;
}

/* The segments that `sequence` records need, no fewer and no more, and each as full as it must be. What is
 * read is bounded by what is there, whatever the head claims. */
static bool segments_read(Log *self, Arena *arena, const git_tree *tree, const PublicKey *author,
                          AuthorLog *log, Diags *diags)
{
  Str folder = author_folder(arena, author), segment;
  VEC(Str) segments = {0};
  bool found;
  uint64_t left = log->sequence;
  for (;;) {
    uint64_t want = left < SEGMENT_RECORDS ? left : SEGMENT_RECORDS;
    if (!blob_read(self, arena, tree, segment_path(arena, folder, segments.len), &segment, &found, diags))
      return false;
    if (found != (want > 0))
      return log_damaged(self, author, found ? "it has a segment too many" : "a segment is missing", diags);
    if (found && (count_lines(segment) != want || !str_ends_with(segment, STR("\n"))))
      return log_damaged(self, author, "a segment has not as many records as its head says", diags);
    if (!found) break;
    vec_push(arena, &segments, segment);
    left -= want;
  }
  log->segments = segments.at;
  log->segment_count = segments.len;
  return true;
}

/* An author's whole log, checked against its signed head; empty where there is none. */
static bool author_log_read(Log *self, Arena *arena, const git_tree *tree, const PublicKey *author,
                            AuthorLog *out, Diags *diags)
{
  *out = (AuthorLog){0};
  Str path = path_join(arena, author_folder(arena, author), STR("head")), head;
  bool found;
  Hash root;
  if (!blob_read(self, arena, tree, path, &head, &found, diags)) return false;
  if (!found) return segments_read(self, arena, tree, author, out, diags); /* none, that is */
  if (!head_open(self, arena, author, head, out, &root, diags) ||
      !segments_read(self, arena, tree, author, out, diags))
    return false;
  return hash_equal(segments_root(arena, out->segments, out->segment_count), root) ||
         log_damaged(self, author, "its records are not those that its head was signed over", diags);
}

bool log_count(Log *self, const PublicKey *author, uint64_t *out, Diags *diags)
{
  git_commit *commit;
  git_tree *tree;
  AuthorLog log;
  bool good =
      tip_open(self, &commit, &tree, diags) && author_log_read(self, self->arena, tree, author, &log, diags);
  if (good) *out = log.sequence;
  self->git.tree_free(tree);
  self->git.commit_free(commit);
  return good;
}

static bool records_open(Arena *arena, const PublicKey *author, const AuthorLog *log, Record *out,
                         Diags *diags)
{
  size_t n = 0;
  for (size_t i = 0; i < log->segment_count; i++) {
    Str rest = log->segments[i];
    for (; rest.len; n++) {
      size_t end = str_find(rest, STR("\n"));
      Source *source = arena_new_of(arena, Source);
      *source = (Source){str_format(arena, "record %zu", n), str_slice(rest, 0, end)};
      if (!record_open(arena, source, author, &out[n], diags)) return false;
      rest = str_slice(rest, end + 1, rest.len);
    }
  }
  return true;
}

bool log_read(Log *self, Arena *arena, const PublicKey *author, Record **out, size_t *count, Diags *diags)
{
  git_commit *commit;
  git_tree *tree;
  AuthorLog log;
  Record *records = NULL;
  bool good =
      tip_open(self, &commit, &tree, diags) && author_log_read(self, arena, tree, author, &log, diags);
  if (good) {
    records = arena_array_of(arena, Record, log.sequence + 1);
    good = records_open(arena, author, &log, records, diags);
  }
  self->git.tree_free(tree);
  self->git.commit_free(commit);
  if (!good) return false;
  *out = records;
  *count = log.sequence;
  return true;
}

/* The folder that an entry names; NULL where it is none. */
static bool tree_child(Log *self, const git_tree_entry *entry, git_tree **out, Diags *diags)
{
  *out = NULL;
  if (!entry || self->git.tree_entry_type(entry) != GIT_OBJECT_TREE) return true;
  return self->git.tree_lookup(out, self->repository, self->git.tree_entry_id(entry)) == 0 ||
         git_failed(self, "read the log", diags);
}

typedef VEC(PublicKey) KeyList;

/* The folders of one shard that are named by a key which belongs there. */
static void shard_authors(const Log *self, Arena *arena, const git_tree *shard, Str shard_name, KeyList *keys)
{
  for (size_t i = 0; i < self->git.tree_entrycount(shard); i++) {
    const git_tree_entry *entry = self->git.tree_entry_byindex(shard, i);
    Str name = str_from_z(self->git.tree_entry_name(entry));
    PublicKey key;
    if (self->git.tree_entry_type(entry) == GIT_OBJECT_TREE && name.len == 2 * sizeof key.bytes &&
        shard_name.len == 2 && str_starts_with(name, shard_name) && hex_decode(name, key.bytes))
      vec_push(arena, keys, key);
  }
}

/* Goes two levels down and no further: a stranger's tree may be deep, or refer to itself a thousand times. */
static bool authors_find(Log *self, Arena *arena, const git_tree *logs, KeyList *keys, Diags *diags)
{
  for (size_t i = 0; logs && i < self->git.tree_entrycount(logs); i++) {
    const git_tree_entry *entry = self->git.tree_entry_byindex(logs, i);
    git_tree *shard;
    if (!tree_child(self, entry, &shard, diags)) return false;
    if (shard) shard_authors(self, arena, shard, str_from_z(self->git.tree_entry_name(entry)), keys);
    self->git.tree_free(shard);
  }
  return true;
}

bool log_authors(Log *self, Arena *arena, PublicKey **out, size_t *count, Diags *diags)
{
  git_commit *commit;
  git_tree *tree, *logs = NULL;
  KeyList keys = {0};
  bool good = tip_open(self, &commit, &tree, diags) &&
              tree_child(self, tree ? self->git.tree_entry_byname(tree, "logs") : NULL, &logs, diags) &&
              authors_find(self, arena, logs, &keys, diags);
  self->git.tree_free(logs);
  self->git.tree_free(tree);
  self->git.commit_free(commit);
  if (!good) return false;
  *out = keys.at;
  *count = keys.len;
  return true;
}

/* The segments with `envelopes` appended: sealed ones as they are, the tail and new ones built. `*first` is
 * the first that changed. */
static Str *segments_extend(Arena *arena, const AuthorLog *log, const Str *envelopes, size_t count,
                            size_t *first, size_t *total)
{
  size_t tail = log->sequence % SEGMENT_RECORDS;
  *first = log->sequence / SEGMENT_RECORDS;
  *total = (log->sequence + count + SEGMENT_RECORDS - 1) / SEGMENT_RECORDS;
  Str *segments = arena_array_of(arena, Str, *total);
  for (size_t i = 0; i < *first; i++) segments[i] = log->segments[i];
  size_t next = 0;
  for (size_t i = *first; i < *total; i++) {
    Buf text = buf_in(arena);
    if (i == *first && tail) buf_str(&text, log->segments[i]);
    for (size_t room = SEGMENT_RECORDS - (i == *first ? tail : 0); room && next < count; room--, next++) {
      buf_str(&text, envelopes[next]);
      buf_byte(&text, '\n');
    }
    segments[i] = buf_text(&text);
  }
  return segments;
}

static Str head_sign(Arena *arena, const NodeKey *key, const AuthorLog *log, uint64_t sequence, Hash root)
{
  Json *head = jv_object(arena);
  jv_set_string(head, STR("key"), node_key_text(arena, &key->public_key));
  jv_set_string(head, STR("previous"), log->sequence ? hash_text(arena, log->head) : STR(""));
  jv_set_string(head, STR("root"), hash_text(arena, root));
  jv_set_integer(head, STR("sequence"), (int64_t)sequence);
  Buf payload = buf_in(arena);
  jv_print_canonical(head, &payload);
  return envelope_sign(arena, key, STR(HEAD_PAYLOAD_TYPE), buf_text(&payload));
}

static int update_add(Log *self, git_tree_update *update, Arena *arena, Str path, Str bytes)
{
  if (bytes.len > BLOB_LIMIT) {
    self->git.error_set_str(GIT_ERROR_ODB, "a segment would be larger than 256 MiB");
    return GIT_EINVALID;
  }
  *update = (git_tree_update){
      .action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_BLOB, .path = str_to_z(arena, path)};
  return self->git.blob_create_from_buffer(&update->id, self->repository, bytes.at, bytes.len);
}

/* One commit on top of `parent`. Its author and time are constants: git is transport, signatures say who and
 * what. */
static int commit_write(Log *self, git_commit *parent, git_tree *base, git_tree_update *updates, size_t count)
{
  git_oid tree_id, commit_id;
  git_tree *tree = NULL;
  git_signature *by = NULL;
  int status = self->git.tree_create_updated(&tree_id, self->repository, base, count, updates);
  if (status == 0) status = self->git.tree_lookup(&tree, self->repository, &tree_id);
  if (status == 0) status = self->git.signature_new(&by, "assay", "assay@invalid", 0, 0);
  const git_commit *parents[] = {parent};
  if (status == 0)
    status = self->git.commit_create(&commit_id, self->repository, BRANCH, by, by, NULL, "append records\n",
                                     tree, parent ? 1 : 0, parents);
  self->git.signature_free(by);
  self->git.tree_free(tree);
  return status;
}

static bool log_extend(Log *self, const NodeKey *key, const AuthorLog *log, git_commit *commit,
                       git_tree *tree, const Str *envelopes, size_t count, Diags *diags)
{
  size_t first, total;
  Arena *arena = self->arena;
  self->git.error_clear(); /* what went wrong before, and was dealt with, is not the reason */
  errno = 0;
  Str *segments = segments_extend(arena, log, envelopes, count, &first, &total);
  Str folder = author_folder(arena, &key->public_key);
  Str head = head_sign(arena, key, log, log->sequence + count, segments_root(arena, segments, total));
  git_tree_update *updates = arena_array_of(arena, git_tree_update, total - first + 1);
  int status = update_add(self, &updates[0], arena, str_format(arena, "%.*s/head", STR_ARG(folder)), head);
  for (size_t i = first; i < total && status == 0; i++)
    status = update_add(self, &updates[1 + i - first], arena, segment_path(arena, folder, i), segments[i]);
  if (status == 0) status = commit_write(self, commit, tree, updates, total - first + 1);
  return status == 0 || append_failed(self, diags);
}

/* One bad envelope in a log would make all of it unreadable for ever. */
static bool envelopes_check(Log *self, const NodeKey *key, const Str *envelopes, size_t count, Diags *diags)
{
  for (size_t i = 0; i < count; i++) {
    Record record;
    Source *source = arena_new_of(self->arena, Source);
    *source = (Source){str_format(self->arena, "record %zu of those to append", i), envelopes[i]};
    if (!record_open(self->arena, source, &key->public_key, &record, diags)) return false;
    if (str_find(envelopes[i], STR("\n")) == SIZE_MAX) continue;
    diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "%.*s: it is more than one line", STR_ARG(source->path));
    return false;
  }
  return true;
}

bool log_append(Log *self, const NodeKey *key, const Str *envelopes, size_t count, Diags *diags)
{
  if (count == 0) return true;
  if (!envelopes_check(self, key, envelopes, count, diags)) return false;
  int lock = log_lock(self, diags);
  if (lock < 0) return false;
  git_commit *commit;
  git_tree *tree;
  AuthorLog log;
  bool good = tip_open(self, &commit, &tree, diags) &&
              author_log_read(self, self->arena, tree, &key->public_key, &log, diags) &&
              log_extend(self, key, &log, commit, tree, envelopes, count, diags);
  self->git.tree_free(tree);
  self->git.commit_free(commit);
  file_unlock(lock);
  return good;
}
