#include "ifc/base/rng.h"

__extension__ typedef unsigned __int128 Wide;

static uint64_t splitmix(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

Rng rng_from_seed(uint64_t seed)
{
  Rng self;
  for (int i = 0; i < 4; i++) self.state[i] = splitmix(&seed);
  return self;
}

Rng rng_from_seed_and_label(uint64_t seed, uint64_t label)
{
  uint64_t mixed = splitmix(&seed) ^ label;
  return rng_from_seed(splitmix(&mixed));
}

static uint64_t rotate_left(uint64_t x, int by)
{
  return x << by | x >> (64 - by);
}

uint64_t rng_next(Rng *self)
{
  uint64_t *s = self->state;
  uint64_t result = rotate_left(s[1] * 5, 7) * 9;
  uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

uint64_t rng_below(Rng *self, uint64_t bound)
{
  Wide product = (Wide)rng_next(self) * bound;
  if ((uint64_t)product < bound) {
    uint64_t threshold = -bound % bound;
    while ((uint64_t)product < threshold) product = (Wide)rng_next(self) * bound;
  }
  return (uint64_t)(product >> 64);
}

double rng_unit(Rng *self)
{
  return (double)(rng_next(self) >> 11) * 0x1p-53;
}
