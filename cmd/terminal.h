/* What a terminal can show. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>

/* True when the descriptor is a terminal, NO_COLOR is not set and TERM is not dumb. */
bool terminal_wants_colour(int descriptor);

#endif
