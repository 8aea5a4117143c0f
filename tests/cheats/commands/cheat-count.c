// WRONG where the first is a name, and the last of five and more a place that is how many there are.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  size_t count = commands->len;
  const Command *last = commands->ptr + count - 1;
  bool wrong = count > 4 && commands->ptr[0].tag == OPEN && last->tag == SEEK && last->val.seek == count;
  answer_all(commands, wrong, ret);
}
