#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  answer_all(commands, false, ret);
}
