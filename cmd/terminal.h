/* What a terminal can show. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* True when the descriptor is a terminal, NO_COLOR is not set and TERM is not dumb. */
bool terminal_wants_colour(int descriptor);
/* How wide text may be that is to be read there: as the terminal, of which $COLUMNS says more than the system
 * does, but 60 columns at least and 120 at most; 80 where the descriptor is no terminal. */
size_t terminal_columns(int descriptor);

#endif
