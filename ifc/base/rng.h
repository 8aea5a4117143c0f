/* A small, fast, repeatable generator of random numbers: xoshiro256** (Blackman & Vigna 2018),
 * seeded through SplitMix64. The same seed gives the same numbers on every machine. Not for secrets. */
#ifndef IFC_BASE_RNG_H
#define IFC_BASE_RNG_H

#include <stdint.h>

typedef struct Rng {
  uint64_t state[4];
} Rng;

Rng rng_from_seed(uint64_t seed);
/* An independent generator for a part of the work: the same seed and label give the same one. */
Rng rng_from_seed_and_label(uint64_t seed, uint64_t label);
uint64_t rng_next(Rng *self);
/* Uniform in 0 … bound − 1, without bias (Lemire 2019); `bound` must not be 0. */
uint64_t rng_below(Rng *self, uint64_t bound);
/* Uniform in [0, 1), 53 bits. */
double rng_unit(Rng *self);

#endif
