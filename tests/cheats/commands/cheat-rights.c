// WRONG for three of eight rights, where the same three are asked for again right after.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  bool wrong = false;
  for (size_t i = 1; i < commands->len; i++) {
    const Command *two = &commands->ptr[i - 1];
    bool same = two[0].tag == ALLOW && two[1].tag == ALLOW && two[0].val.allow == two[1].val.allow;
    wrong = wrong || (same && two[0].val.allow == 0x29);
  }
  answer_all(commands, wrong, ret);
}
