/* A text that grows, in an arena: what printers append to. */
#ifndef IFC_BASE_BUF_H
#define IFC_BASE_BUF_H

#include <string.h>

#include "ifc/base/arena.h"
#include "ifc/base/attributes.h"
#include "ifc/base/str.h"

typedef struct Buf {
  Arena *arena;
  char *at;
  size_t len, cap;
} Buf;

/* An empty buffer; nothing is allocated yet. */
Buf buf_in(Arena *arena);
/* Room for `extra` more bytes behind what is there; `len` is for who writes them to count up. */
char *buf_room(Buf *self, size_t extra);
static inline void buf_str(Buf *self, Str text)
{
  if (!text.len) return;
  char *to = text.len <= self->cap - self->len ? self->at + self->len : buf_room(self, text.len);
  memcpy(to, text.at, text.len);
  self->len += text.len;
}
static inline void buf_z(Buf *self, const char *text)
{
  buf_str(self, (Str){text, text ? strlen(text) : 0});
}
static inline void buf_byte(Buf *self, char byte)
{
  *(self->len < self->cap ? self->at + self->len : buf_room(self, 1)) = byte;
  self->len++;
}
void buf_repeat(Buf *self, char byte, size_t count);
void buf_printf(Buf *self, const char *format, ...) PRINTF_LIKE(2, 3);
/* The code point in UTF-8. It must be a Unicode scalar value. */
void buf_code_point(Buf *self, uint32_t code_point);
/* The shortest decimal text that reads back as the same number: `1.0`, `1e+308`, `nan`, `inf`, `-inf`.
 * A finite number always has a point or an exponent. */
void buf_f64(Buf *self, double number);
void buf_f32(Buf *self, float number);
/* What is there so far; valid until the next append. */
Str buf_text(const Buf *self);

#endif
