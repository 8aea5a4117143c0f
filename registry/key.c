#include "registry/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"

/* The file: this line, then the seed and the public key in hex, then a newline. */
static const char key_header[] = "assay-key 1\n";
enum { HEADER_LENGTH = sizeof key_header - 1, KEY_FILE_LENGTH = HEADER_LENGTH + 128 + 1 };

static bool key_damaged(Str path, Diags *diags)
{
  Diag *diag = diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "'%.*s' is not a key file", STR_ARG(path));
  diag_note(diags, diag, SPAN_NONE,
            "restore it from a copy; without it, move it away and a new key is made, "
            "which is a new author to everybody");
  return false;
}

static bool key_read(Arena *arena, Str path, NodeKey *out, Diags *diags)
{
  struct stat status;
  if (stat(str_to_z(arena, path), &status) == 0 && (status.st_mode & 077)) {
    Diag *diag =
        diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "the key '%.*s' can be read by others", STR_ARG(path));
    diag_note(diags, diag, SPAN_NONE, "`chmod 600 %.*s`, if it is certain that nobody did", STR_ARG(path));
    return false;
  }
  Str text;
  if (!file_read(arena, path, 4096, &text, diags)) return false;
  SecretKey secret;
  if (text.len != KEY_FILE_LENGTH || !str_starts_with(text, str_from_z(key_header)) ||
      !hex_decode(str_slice(text, HEADER_LENGTH, KEY_FILE_LENGTH - 1), secret.bytes))
    return key_damaged(path, diags);
  PublicKey public_key = key_public(&secret);
  Signature proof = key_sign(&secret, STR("assay"));
  if (!key_verify(&public_key, STR("assay"), &proof)) return key_damaged(path, diags);
  *out = (NodeKey){public_key, secret};
  return true;
}

/* The new name must outlast a power cut: a key that was used and lost is an author who cannot go on. */
static void folder_sync(Arena *arena, Str path)
{
  int folder = open(str_to_z(arena, path_folder(path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  fsync(folder);
  close(folder);
}

/* Under the lock: a new file, mode 0600 from its first moment, renamed into place when it is whole. */
static bool key_write(Arena *arena, Str path, const NodeKey *key, Diags *diags)
{
  Buf text = buf_in(arena);
  buf_z(&text, key_header);
  buf_str(&text, hex_encode(arena, (Str){(const char *)key->secret_key.bytes, sizeof key->secret_key.bytes}));
  buf_byte(&text, '\n');
  char *temporary = str_to_z(arena, str_format(arena, "%.*s.new", STR_ARG(path)));
  unlink(temporary); /* what a killed process left */
  errno = 0;
  int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool good = file >= 0 && write(file, text.at, text.len) == (ssize_t)text.len && fsync(file) == 0;
  good = good && rename(temporary, str_to_z(arena, path)) == 0;
  int error = errno ? errno : ENOSPC; /* a short write has no error of its own */
  if (file >= 0) close(file);
  if (good) return folder_sync(arena, path), true;
  unlink(temporary);
  diag_errno(diags, error, "write the key", path);
  return false;
}

bool node_key_load(Arena *arena, Str home, NodeKey *out, bool *made, Diags *diags)
{
  Str path = path_join(arena, home, STR("key"));
  *made = false;
  if (file_exists(path)) return key_read(arena, path, out, diags);
  if (!dir_make(home, diags)) return false;
  int lock = file_lock(path_join(arena, home, STR("key.lock")), diags);
  if (lock < 0) return false;
  bool good;
  if (file_exists(path)) {
    good = key_read(arena, path, out, diags);
  } else {
    NodeKey key;
    key_generate(&key.public_key, &key.secret_key);
    good = key_write(arena, path, &key, diags);
    if (good) *out = key, *made = true;
  }
  file_unlock(lock);
  return good;
}

Str node_key_text(Arena *arena, const PublicKey *self)
{
  Str hex = hex_encode(arena, (Str){(const char *)self->bytes, sizeof self->bytes});
  return str_format(arena, "ed25519:%.*s", STR_ARG(hex));
}
