/* Inside spec/: the library functions, between their types (check_library.c) and their work (library.c). */
#ifndef SPEC_LIBRARY_H
#define SPEC_LIBRARY_H

#include "spec/ast.h"

typedef enum LibraryShape {
  SHAPE_LENGTH,
  SHAPE_JOIN,
  SHAPE_SLICE,
  SHAPE_REPEAT,
  SHAPE_SAME_LIST,
  SHAPE_MEMBER,
  SHAPE_COUNT,
  SHAPE_TWO_LISTS,
  SHAPE_LIST_TEST,
  SHAPE_SUM,
  SHAPE_CHOOSE,
  SHAPE_SAME_NUMBER,
  SHAPE_SAME_FLOAT,
  SHAPE_FLOAT_TEST,
  SHAPE_BYTES,
  SHAPE_CHARS,
  SHAPE_TEXT,
  SHAPE_CONVERT,
} LibraryShape;

struct Library {
  const char *name;
  LibraryShape shape;
  Evaluate *evaluate;
  const char *signature;
};

#define LIBRARY(name, shape, evaluator, signature) extern Evaluate evaluator;
#include "spec/library.def"

/* Sorts in place, by value_compare; `scratch` has room for as many. */
void values_sort(const Type *type, Value *values, Value *scratch, size_t count);

#endif
