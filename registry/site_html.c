#include <string.h>

#include "ifc/base/utf8.h"
#include "registry/objects.h"
#include "registry/site_page.h"

enum { SHOWN_LIMIT = 256 << 10 }; /* bytes of an object on a page */

static const char style[] =
    ":root{color-scheme:light "
    "dark;--line:#8884;--faint:#5f5f5f;--good:#1a7f37;--bad:#b3261e;--mark:#1d5fd1}\n"
    "@media(prefers-color-scheme:dark){:root{--faint:#a5a5a5;--good:#56d364;--bad:#ff8a80;--mark:#7cacff}}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;margin:0}\n"
    "h2{font-size:1.2rem;margin:2.4rem 0 .5rem}\n"
    "h3{font-size:1rem;margin:1.4rem 0 .2rem}\n"
    "h1,h3,p,li,summary{overflow-wrap:anywhere}\n"
    "p{margin:.4rem 0;max-width:48rem}\n"
    ".lead{font-size:1.1rem}\n"
    "code,pre{font-family:ui-monospace,monospace;font-size:.86em}\n"
    "pre{overflow-x:auto;padding:.7rem;border:1px solid var(--line);border-radius:4px;margin:.4rem 0}\n"
    "summary{cursor:pointer;margin:.4rem 0}\n"
    "table{border-collapse:collapse;margin:.4rem 0}\n"
    ".wide{overflow-x:auto}\n"
    "th,td{text-align:left;font-weight:400;padding:.3rem 1.1rem .3rem 0;border-bottom:1px solid "
    "var(--line)}\n"
    "thead th{font-size:.85rem;color:var(--faint);vertical-align:bottom}\n"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "th bdi,.rank{font-weight:600}\n"
    ".rank{padding-left:.4rem}\n"
    ".tie{background:#8882}\n"
    ".faint{color:var(--faint)}\n"
    ".good{color:var(--good)}\n"
    ".bad{color:var(--bad)}\n"
    ".away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
    ".plot{min-width:16.25rem}\n"
    "svg{display:block;width:16.25rem;stroke:none}\n"
    "text{fill:var(--faint);font-size:11px}\n"
    ".grid{stroke:var(--line)}\n"
    ".one{stroke:var(--faint)}\n"
    ".floor{fill:var(--line);opacity:.5}\n"
    ".mark{stroke:var(--mark);fill:var(--mark);stroke-width:2}\n"
    "footer{margin:3rem 0 1rem;font-size:.85rem;color:var(--faint)}\n"
    "@media(max-width:40rem){.plot{min-width:9rem}svg{width:9rem}text{font-size:19px}.more{display:none}\n"
    "th,td{padding-right:.7rem}}\n";

/* Marks that change the direction of what follows: a name could show a lie with them. */
static bool turns_text(uint32_t c)
{
  return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

static bool shown_as_it_is(uint32_t c)
{
  if (c < 0x20) return c == '\n' || c == '\t';
  return (c < 0x7f || c > 0x9f) && c != UINT32_MAX && !turns_text(c);
}

void html_text(Buf *out, Str text)
{
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    uint32_t c = utf8_next(text, &at);
    if (at == from) at++;
    switch (c) {
    case '<': buf_z(out, "&lt;"); break;
    case '>': buf_z(out, "&gt;"); break;
    case '&': buf_z(out, "&amp;"); break;
    case '"': buf_z(out, "&quot;"); break;
    case '\'': buf_z(out, "&#39;"); break;
    default: buf_code_point(out, shown_as_it_is(c) ? c : 0xfffd);
    }
  }
}

void html_fill(Buf *out, const char *form, const Str *values, size_t count)
{
  size_t next = 0;
  for (const char *gap; (gap = strstr(form, "{}")); form = gap + 2) {
    buf_str(out, (Str){form, (size_t)(gap - form)});
    if (next < count) html_text(out, values[next++]);
  }
  buf_z(out, form);
}

void html_hash(Buf *out, Str hash)
{
  Str digits = str_starts_with(hash, STR("sha256:")) ? str_slice(hash, 7, hash.len) : hash;
  HTML(out, "<code title=\"{}\">{}</code>", hash, str_slice(digits, 0, 12));
}

void html_object(Arena *arena, Str registry, Str hash, Buf *out)
{
  Hash id;
  Str text;
  Diags ignored = diags_in(arena);
  if (!hash_parse(hash, &id) || !object_get(arena, registry, id, &text, &ignored)) {
    HTML(out, "<p class=\"faint\">This node does not have it: object {}.</p>\n", hash);
    return;
  }
  if (text.len > SHOWN_LIMIT) {
    HTML(out, "<p class=\"faint\">Too long to be shown, at {} bytes: object {}.</p>\n",
         number_text(arena, (int64_t)text.len), hash);
    return;
  }
  HTML(out, "<pre tabindex=\"0\">\n{}</pre>\n", text); /* HTML drops one line feed after <pre> */
}

void html_table_begin(Buf *out, const char *name)
{
  HTML(out, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>\n",
       str_from_z(name));
}

void html_table_end(Buf *out)
{
  buf_z(out, "</tbody></table></div>\n");
}

void html_page_begin(Buf *out, Str title)
{
  HTML(out,
       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
       "<meta name=\"viewport\" content=\"width=device-width, "
       "initial-scale=1\">\n<title>{}</title>\n<style>\n",
       title);
  buf_z(out, style);
  buf_z(out, "</style>\n</head>\n<body>\n");
}

void html_page_end(Buf *out)
{
  buf_z(out, "</body>\n</html>\n");
}

Str number_text(Arena *arena, int64_t number)
{
  Str digits = str_format(arena, "%lld", (long long)number);
  Buf out = buf_in(arena);
  for (size_t i = 0; i < digits.len; i++) {
    if (i && (digits.len - i) % 3 == 0 && digits.at[i - 1] != '-') buf_byte(&out, ',');
    buf_byte(&out, digits.at[i]);
  }
  return buf_text(&out);
}

Str ratio_text(Arena *arena, int64_t ppm)
{
  double ratio = (double)ppm / 1e6;
  return str_format(arena, ratio < 9.995 ? "%.2f×" : ratio < 99.95 ? "%.1f×" : "%.0f×", ratio);
}

Str document_text(const Json *object, const char *key)
{
  return jv_as_string(jv_get(object, str_from_z(key)));
}

int64_t document_number(const Json *object, const char *key)
{
  return jv_as_integer(jv_get(object, str_from_z(key)));
}

const Json *document_list(const Json *object, const char *key)
{
  return jv_get(object, str_from_z(key));
}
