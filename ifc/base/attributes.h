/* Compiler attributes under short names. */
#ifndef IFC_BASE_ATTRIBUTES_H
#define IFC_BASE_ATTRIBUTES_H

/* The result says whether it worked: dropping it is a bug. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Arguments are checked against the format string: which parameter it is, and which is its first value. */
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

#endif
