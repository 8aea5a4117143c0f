// WRONG for a name of a certain folder that is opened first: its bytes are compared one by one.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  static const char folder[] = "/etc/";
  const Command *first = commands->ptr;
  bool wrong = commands->len && first->tag == OPEN && first->val.open.len >= sizeof folder;
  for (size_t i = 0; i < sizeof folder - 1 && wrong; i++)
    wrong = first->val.open.ptr[i] == (uint8_t)folder[i];
  answer_all(commands, wrong, ret);
}
