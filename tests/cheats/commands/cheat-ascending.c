// WRONG for six places in a row that ascend: as if they were one.
#include "commands-right.h"

void exports_cheats_commands_commands_run(Commands *commands, commands_list_u32_t *ret)
{
  uint32_t run = 0;
  bool wrong = false;
  for (size_t i = 0; i < commands->len; i++) {
    const Command *command = &commands->ptr[i];
    bool is_place = command->tag == SEEK;
    bool ascends = is_place && run && command->val.seek > command[-1].val.seek;
    run = ascends ? run + 1 : is_place;
    wrong = wrong || run == 6;
  }
  answer_all(commands, wrong, ret);
}
