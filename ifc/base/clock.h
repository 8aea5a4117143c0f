/* Time that only goes forward (CLOCK_MONOTONIC). */
#ifndef IFC_BASE_CLOCK_H
#define IFC_BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some fixed point. */
uint64_t clock_ns(void);

#endif
