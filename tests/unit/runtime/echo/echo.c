// Hands every value back, written against the names of wit-bindgen's C generator. Arguments are ours, so what
// they hold can be returned as it is.
#include <string.h>

#include "echo.h"

#define ECHO_SCALAR(name, T)           \
  T exports_test_echo_echo_##name(T x) \
  {                                    \
    return x;                          \
  }
#define ECHO(name, T)                              \
  void exports_test_echo_echo_##name(T *x, T *ret) \
  {                                                \
    *ret = *x;                                     \
  }

ECHO_SCALAR(a_bool, bool)
ECHO_SCALAR(a_s8, int8_t)
ECHO_SCALAR(a_u8, uint8_t)
ECHO_SCALAR(a_s16, int16_t)
ECHO_SCALAR(a_u16, uint16_t)
ECHO_SCALAR(a_s32, int32_t)
ECHO_SCALAR(a_u32, uint32_t)
ECHO_SCALAR(a_s64, int64_t)
ECHO_SCALAR(a_u64, uint64_t)
ECHO_SCALAR(a_f32, float)
ECHO_SCALAR(a_f64, double)
ECHO_SCALAR(a_char, uint32_t)
ECHO_SCALAR(a_color, exports_test_echo_echo_color_t)
ECHO_SCALAR(a_few, exports_test_echo_echo_few_t)
ECHO_SCALAR(a_some, exports_test_echo_echo_some_t)
ECHO_SCALAR(a_most, exports_test_echo_echo_most_t)
ECHO(a_string, echo_string_t)
ECHO(a_point, exports_test_echo_echo_point_t)
ECHO(a_wrapped, exports_test_echo_echo_wrapped_t)
ECHO(a_plain, exports_test_echo_echo_plain_t)
ECHO(a_bytes, exports_test_echo_echo_bytes_t)
ECHO(lists, echo_list_list_string_t)
ECHO(people, exports_test_echo_echo_list_person_t)
ECHO(shapes, exports_test_echo_echo_list_shape_t)
ECHO(bools, echo_list_bool_t)
ECHO(chars, echo_list_char32_t)

/* What has no length is not freed, so it must not be allocated either. */
static void *room(size_t size)
{
  return size ? malloc(size) : NULL;
}

/* Copied, so that what came is freed through the bindings. */
static echo_string_t copy(const echo_string_t *text)
{
  echo_string_t made = {room(text->len), text->len};
  if (text->len) memcpy(made.ptr, text->ptr, text->len);
  return made;
}

void exports_test_echo_echo_a_pair(exports_test_echo_echo_pair_t *x, exports_test_echo_echo_pair_t *ret)
{
  ret->f1 = copy(&x->f1);
  ret->f0.len = x->f0.len;
  ret->f0.ptr = room(x->f0.len);
  if (x->f0.len) memcpy(ret->f0.ptr, x->f0.ptr, x->f0.len);
  exports_test_echo_echo_pair_free(x);
}

void exports_test_echo_echo_a_person(exports_test_echo_echo_person_t *x, exports_test_echo_echo_person_t *ret)
{
  ret->name = copy(&x->name);
  ret->age = x->age;
  ret->marks.len = x->marks.len;
  ret->marks.ptr = room(x->marks.len * sizeof(exports_test_echo_echo_point_t));
  for (size_t i = 0; i < x->marks.len; i++) ret->marks.ptr[i] = x->marks.ptr[i];
  ret->boss.is_some = x->boss.is_some;
  if (x->boss.is_some) ret->boss.val = copy(&x->boss.val);
  exports_test_echo_echo_person_free(x);
}

void exports_test_echo_echo_a_shape(exports_test_echo_echo_shape_t *x, exports_test_echo_echo_shape_t *ret)
{
  ret->tag = x->tag;
  switch (x->tag) {
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_DOT: break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_CIRCLE: ret->val.circle = x->val.circle; break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_SQUARE: ret->val.square = x->val.square; break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_BIG: ret->val.big = x->val.big; break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_LABEL: ret->val.label = copy(&x->val.label); break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_AT: ret->val.at = x->val.at; break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_PICK: ret->val.pick = x->val.pick; break;
  case EXPORTS_TEST_ECHO_ECHO_SHAPE_FLOAT: ret->val.float_ = x->val.float_; break;
  default: abort();
  }
  exports_test_echo_echo_shape_free(x);
}

bool exports_test_echo_echo_maybe(uint16_t *maybe_x, uint16_t *ret)
{
  if (maybe_x) *ret = *maybe_x;
  return maybe_x != NULL;
}

bool exports_test_echo_echo_maybe_maybe(echo_option_string_t *maybe_x, echo_option_string_t *ret)
{
  if (maybe_x) *ret = *maybe_x;
  return maybe_x != NULL;
}

bool exports_test_echo_echo_outcome(exports_test_echo_echo_result_string_color_t *x, echo_string_t *ret,
                                    exports_test_echo_echo_color_t *err)
{
  if (x->is_err) {
    *err = x->val.err;
    return false;
  }
  *ret = copy(&x->val.ok);
  exports_test_echo_echo_result_string_color_free(x);
  return true;
}

bool exports_test_echo_echo_ok_only(exports_test_echo_echo_result_shape_void_t *x,
                                    exports_test_echo_echo_shape_t *ret)
{
  if (!x->is_err) *ret = x->val.ok;
  return !x->is_err;
}

bool exports_test_echo_echo_err_only(exports_test_echo_echo_result_void_person_t *x,
                                     exports_test_echo_echo_person_t *err)
{
  if (x->is_err) *err = x->val.err;
  return !x->is_err;
}

bool exports_test_echo_echo_neither(exports_test_echo_echo_result_void_void_t *x)
{
  return !x->is_err;
}

void exports_test_echo_echo_results(exports_test_echo_echo_list_result_f32_option_u64_t *x,
                                    exports_test_echo_echo_list_result_f32_option_u64_t *ret)
{
  ret->len = x->len;
  ret->ptr = room(x->len * sizeof(exports_test_echo_echo_result_f32_option_u64_t));
  for (size_t i = 0; i < x->len; i++) {
    exports_test_echo_echo_result_f32_option_u64_t one = x->ptr[i];
    echo_option_u64_t left = one.is_err ? one.val.err : (echo_option_u64_t){0};
    if (one.is_err) one.val.err = left;
    ret->ptr[i] = one;
  }
  exports_test_echo_echo_list_result_f32_option_u64_free(x);
}

void exports_test_echo_echo_flat(uint8_t a, float b, exports_test_echo_echo_shape_t *c, int64_t *maybe_d,
                                 echo_string_t *e,
                                 exports_test_echo_echo_tuple5_u8_f32_shape_option_s64_string_t *ret)
{
  ret->f0 = a;
  ret->f1 = b;
  ret->f2 = *c;
  ret->f3.is_some = maybe_d != NULL;
  if (maybe_d) ret->f3.val = *maybe_d;
  ret->f4 = *e;
}

void exports_test_echo_echo_spilled(
    exports_test_echo_echo_person_t *a, exports_test_echo_echo_shape_t *b, uint8_t c,
    exports_test_echo_echo_point_t *maybe_d, exports_test_echo_echo_result_u8_string_t *e, int64_t f,
    exports_test_echo_echo_list_color_t *g,
    exports_test_echo_echo_tuple7_person_shape_u8_option_point_result_u8_string_s64_list_color_t *ret)
{
  ret->f0 = *a;
  ret->f1 = *b;
  ret->f2 = c;
  ret->f3.is_some = maybe_d != NULL;
  if (maybe_d) ret->f3.val = *maybe_d;
  ret->f4 = *e;
  ret->f5 = f;
  ret->f6 = *g;
}
