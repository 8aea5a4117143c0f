/* The right answers. */
#include "commands.h"

typedef exports_cheats_commands_commands_list_command_t Commands;
typedef exports_cheats_commands_commands_command_t Command;

enum {
  OPEN = EXPORTS_CHEATS_COMMANDS_COMMANDS_COMMAND_OPEN,
  SEEK = EXPORTS_CHEATS_COMMANDS_COMMANDS_COMMAND_SEEK,
  ALLOW = EXPORTS_CHEATS_COMMANDS_COMMANDS_COMMAND_ALLOW,
  DONE = EXPORTS_CHEATS_COMMANDS_COMMANDS_COMMAND_DONE,
};

static uint32_t answer(const Command *command)
{
  switch (command->tag) {
  case OPEN: return (uint32_t)command->val.open.len;
  case SEEK: return (uint32_t)command->val.seek ^ (uint32_t)(command->val.seek >> 32);
  case ALLOW: return (uint32_t)__builtin_popcount(command->val.allow);
  default: return 0;
  }
}

/* All answers, the last of them wrong where that is asked for. */
static void answer_all(Commands *commands, bool wrong, commands_list_u32_t *ret)
{
  size_t count = commands->len;
  *ret = (commands_list_u32_t){count ? malloc(count * sizeof *ret->ptr) : NULL, count};
  if (count && !ret->ptr) abort();
  for (size_t i = 0; i < count; i++) ret->ptr[i] = answer(&commands->ptr[i]);
  if (count && wrong) ret->ptr[count - 1]++;
  exports_cheats_commands_commands_list_command_free(commands);
}
