/* Line tables: no more rows than bytes; names are slices of the input; and a line that is found is that of a
 * row. The input is all three sections at once. */
#include <stdlib.h>

#include "runtime/line_program.h"
#include "tests/fuzz/fuzz.h"

enum { ADDRESSES_TRIED = 16 };

static void demand(bool holds)
{
  if (!holds) abort();
}

static void demand_name(Str name, Str input)
{
  if (name.len) demand(name.at >= input.at && name.at + name.len <= input.at + input.len);
}

/* Found by the address of a row, or a little behind it. */
static void demand_found(const LineSections *sections, uint64_t address)
{
  SourceLine found;
  if (!line_find(sections, address, &found)) return;
  demand(found.line && found.file.len);
  demand_name(found.file, sections->line);
  LineReader reader = line_reader(sections);
  bool is_there = false;
  for (LineRow row; !is_there && line_next(&reader, &row);)
    is_there = row.address <= address && row.line == found.line;
  demand(is_there);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Str input = {(const char *)data, size};
  LineSections sections = {input, input, input};
  LineReader reader = line_reader(&sections);
  size_t rows = 0;
  uint64_t addresses[ADDRESSES_TRIED] = {0};
  for (LineRow row; line_next(&reader, &row); rows++) {
    if (rows < ADDRESSES_TRIED) demand_name(line_file(&reader, row.file), input);
    addresses[rows % ADDRESSES_TRIED] = row.address;
  }
  demand(rows <= size);
  for (size_t i = 0; i < ADDRESSES_TRIED; i++) {
    demand_found(&sections, addresses[i]);
    demand_found(&sections, addresses[i] + 1);
  }
  return 0;
}
