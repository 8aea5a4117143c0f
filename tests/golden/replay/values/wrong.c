/* Each function is wrong for some values, from the smallest one on that in.spec's words name. */
#include "values.h"
#include <math.h>
#include <string.h>

uint64_t exports_test_replay_values_same_u64(uint64_t x)
{
  return x > 5000000000 ? 0 : x;
}
int8_t exports_test_replay_values_same_s8(int8_t x)
{
  return x < -3 ? 3 : x;
}
double exports_test_replay_values_same_f64(double x)
{
  return isnan(x) ? 0 : x;
}
float exports_test_replay_values_same_f32(float x)
{
  return x == 0 ? 0 : x;
}
uint32_t exports_test_replay_values_same_char(uint32_t x)
{
  return x >= 0x1f600 ? 'a' : x;
}

void exports_test_replay_values_same_text(values_string_t *x, values_string_t *ret)
{
  *ret = *x;
  for (size_t i = 0; i < x->len; i++)
    if (x->ptr[i] >= 0xf0) ret->len = 0;
}

void exports_test_replay_values_same_lists(values_list_list_u16_t *x, values_list_list_u16_t *ret)
{
  *ret = *x;
  for (size_t i = 0; i < ret->len; i++)
    if (ret->ptr[i].len >= 3) ret->ptr[i].ptr[2] = 7;
}

void exports_test_replay_values_same_point(exports_test_replay_values_point_t *x,
                                           exports_test_replay_values_point_t *ret)
{
  *ret = *x;
  if (x->x > 1.5) ret->y = 0;
}

void exports_test_replay_values_same_shape(exports_test_replay_values_shape_t *x,
                                           exports_test_replay_values_shape_t *ret)
{
  *ret = *x;
  if (x->tag == 1 && x->val.sides >= 12) ret->val.sides = 11;
}

exports_test_replay_values_access_t
exports_test_replay_values_same_access(exports_test_replay_values_access_t x)
{
  return x == 6 ? 2 : x;
}

bool exports_test_replay_values_same_option(exports_test_replay_values_result_u8_string_t *maybe_x,
                                            exports_test_replay_values_result_u8_string_t *ret)
{
  if (maybe_x) *ret = *maybe_x;
  return maybe_x && !maybe_x->is_err;
}

/* From its 21st call on. */
uint32_t exports_test_replay_values_worn(uint32_t x)
{
  static int calls;
  return ++calls > 20 ? x + 1 : x;
}

/* After a number from 1000 on, the next that is not. */
uint32_t exports_test_replay_values_spoilt(uint32_t x)
{
  static bool seen;
  bool before = seen;
  seen = x >= 1000;
  return before && !seen ? x + 1 : x;
}
