/* What the implementations share: all but HALF, LAST_SMALL, COUNTED and SUM. */
#include "agree.h"

#include <stdlib.h>

typedef exports_test_replay_agree_sum_t Sum;

struct exports_test_replay_agree_sum_t {
  uint32_t value;
};

static uint32_t counted;

double exports_test_replay_agree_half(double x)
{
  return HALF(x);
}

void exports_test_replay_agree_upper(agree_string_t *x, agree_string_t *ret)
{
  *ret = *x;
  for (size_t i = 0; i < ret->len; i++)
    if (ret->ptr[i] >= 'a' && ret->ptr[i] <= LAST_SMALL) ret->ptr[i] -= 'a' - 'A';
}

uint32_t exports_test_replay_agree_count(agree_list_u8_t *xs)
{
  uint32_t count = (uint32_t)xs->len;
  agree_list_u8_free(xs);
  counted += COUNTED(count);
  return count;
}

uint32_t exports_test_replay_agree_total(void)
{
  return counted;
}

exports_test_replay_agree_own_sum_t exports_test_replay_agree_constructor_sum(void)
{
  return exports_test_replay_agree_sum_new(calloc(1, sizeof(Sum)));
}

uint32_t exports_test_replay_agree_method_sum_add(Sum *self, uint32_t x)
{
  self->value += x;
  return SUM(self->value);
}

void exports_test_replay_agree_sum_destructor(Sum *rep)
{
  free(rep);
}
