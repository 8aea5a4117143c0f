#include "ifc/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ifc/base/arena.h"

Str str_from_z(const char *text)
{
  return text ? (Str){text, strlen(text)} : (Str){"", 0};
}

char *str_to_z(Arena *arena, Str self)
{
  char *copy = arena_alloc_raw(arena, self.len + 1);
  if (self.len) memcpy(copy, self.at, self.len);
  copy[self.len] = '\0';
  return copy;
}

Str str_copy(Arena *arena, Str self)
{
  return (Str){str_to_z(arena, self), self.len};
}

Str str_format(Arena *arena, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  size_t size = len < 0 ? 0 : (size_t)len;
  char *text = arena_alloc(arena, size + 1);
  if (size) vsnprintf(text, size + 1, format, again);
  va_end(again);
  return (Str){text, size};
}

bool str_equal(Str a, Str b)
{
  return a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);
}

int str_compare(Str a, Str b)
{
  size_t common = a.len < b.len ? a.len : b.len;
  int order = common ? memcmp(a.at, b.at, common) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts_with(Str self, Str prefix)
{
  return self.len >= prefix.len && str_equal((Str){self.at, prefix.len}, prefix);
}

bool str_ends_with(Str self, Str suffix)
{
  return self.len >= suffix.len && str_equal(str_slice(self, self.len - suffix.len, self.len), suffix);
}

Str str_slice(Str self, size_t from, size_t to)
{
  if (to > self.len) to = self.len;
  if (from > to) from = to;
  return self.len ? (Str){self.at + from, to - from} : self;
}

size_t str_find(Str self, Str needle)
{
  if (!needle.len) return 0;
  const char *found = self.len ? memmem(self.at, self.len, needle.at, needle.len) : NULL;
  return found ? (size_t)(found - self.at) : SIZE_MAX;
}

size_t str_find_last(Str self, char byte)
{
  const char *found = self.len ? memrchr(self.at, byte, self.len) : NULL;
  return found ? (size_t)(found - self.at) : SIZE_MAX;
}

static bool is_space(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Str str_trim(Str self)
{
  size_t from = 0, to = self.len;
  while (from < to && is_space(self.at[from])) from++;
  while (to > from && is_space(self.at[to - 1])) to--;
  return str_slice(self, from, to);
}

uint64_t str_hash(Str self)
{
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < self.len; i++) hash = (hash ^ (uint8_t)self.at[i]) * 0x100000001b3;
  return hash;
}

bool str_to_u64(Str self, uint64_t *out)
{
  uint64_t value = 0;
  for (size_t i = 0; i < self.len; i++) {
    char c = self.at[i];
    if (c < '0' || c > '9') return false;
    if (__builtin_mul_overflow(value, 10, &value)) return false;
    if (__builtin_add_overflow(value, (uint64_t)(c - '0'), &value)) return false;
  }
  if (!self.len) return false;
  *out = value;
  return true;
}
