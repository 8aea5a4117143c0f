/* The right answer, in place: the argument's bytes become the result's. */
#include "upper.h"

static void upper(upper_string_t *text, upper_string_t *ret)
{
  for (size_t i = 0; i < text->len; i++)
    if (text->ptr[i] >= 'a' && text->ptr[i] <= 'z') text->ptr[i] = (uint8_t)(text->ptr[i] - 32);
  *ret = *text;
}
