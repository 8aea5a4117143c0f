/* The right answer: its size first, then its bytes. */
#include "join.h"

static size_t joined_size(const join_list_string_t *parts, const join_string_t *separator)
{
  size_t size = parts->len ? (parts->len - 1) * separator->len : 0;
  for (size_t i = 0; i < parts->len; i++) size += parts->ptr[i].len;
  return size;
}

static void *room(size_t size)
{
  void *at = malloc(size);
  if (size && !at) abort();
  return at;
}

/* Into the bytes at `at`. */
static void join_into(const join_list_string_t *parts, const join_string_t *separator, uint8_t *at)
{
  for (size_t i = 0; i < parts->len; i++) {
    if (i) memcpy(at, separator->ptr, separator->len), at += separator->len;
    memcpy(at, parts->ptr[i].ptr, parts->ptr[i].len);
    at += parts->ptr[i].len;
  }
}

static inline void join(const join_list_string_t *parts, const join_string_t *separator, join_string_t *ret)
{
  size_t size = joined_size(parts, separator);
  *ret = (join_string_t){size ? room(size) : NULL, size};
  join_into(parts, separator, ret->ptr);
}

static inline void free_arguments(join_list_string_t *parts, join_string_t *separator)
{
  join_list_string_free(parts);
  join_string_free(separator);
}
