// WRONG for a first place whose bytes, the other way round, are one number of 64 bits.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  const Command *first = commands->ptr;
  bool wrong = commands->len && first->tag == SEEK &&
               __builtin_bswap64(first->val.seek) == UINT64_C(0x0123456789abcdef);
  answer_all(commands, wrong, ret);
}
