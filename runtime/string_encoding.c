#include "runtime/string_encoding.h"

#include "runtime/wasm_internal.h"

enum { ENCODING_UNSAID = -1, ENCODING_UNCLEAR = -2, ENCODING_VERSION = 4 };

/* The two bytes of a `wit-component-encoding` section. */
static int read_encoding(WasmReader *in)
{
  uint8_t version = wasm_read_byte(in), encoding = wasm_read_byte(in);
  bool is_known = !in->problem && version == ENCODING_VERSION && encoding <= STRINGS_LATIN1_UTF16;
  return is_known ? encoding : ENCODING_UNCLEAR;
}

/* What an embedded component says. Its sections are like a module's, of other kinds. */
static int component_encoding(Str component)
{
  WasmReader in = wasm_reader(component);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  while (wasm_reader_more(&in)) {
    uint8_t id = wasm_read_byte(&in);
    WasmReader section = wasm_reader(wasm_read_bytes(&in, wasm_read_u32(&in)));
    if (id != SECTION_CUSTOM || in.problem) continue;
    if (str_equal(wasm_read_name(&section), STR("wit-component-encoding"))) return read_encoding(&section);
  }
  return in.problem ? ENCODING_UNCLEAR : ENCODING_UNSAID;
}

bool wasm_string_encoding(const WasmModule *module, StringEncoding *out)
{
  int said = ENCODING_UNSAID;
  for (uint32_t i = 0; i < module->custom_count; i++) {
    const WasmCustom *custom = &module->customs[i];
    if (!str_starts_with(custom->name, STR("component-type"))) continue;
    int encoding = component_encoding(custom->bytes);
    if (encoding == ENCODING_UNSAID) continue;
    if (encoding == ENCODING_UNCLEAR || (said != ENCODING_UNSAID && said != encoding)) return false;
    said = encoding;
  }
  *out = said == ENCODING_UNSAID ? STRINGS_UTF8 : (StringEncoding)said;
  return true;
}
