/* Time that only goes forward (CLOCK_MONOTONIC), and processor time. */
#ifndef IFC_BASE_CLOCK_H
#define IFC_BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some fixed point. */
uint64_t clock_ns(void);
/* The same, behind by some milliseconds at most: to ask it costs so little that loops may do it in every
 * turn. */
uint64_t clock_coarse_ns(void);
/* Nanoseconds that a processor has worked for this thread. (The clock of the whole process moves by ticks
 * only, where a timer or a limit of processor time is set.) */
uint64_t clock_processor_ns(void);

#endif
