/* What search_change.c, search_text.c and search_chance.c share. */
#ifndef SPEC_SEARCH_CHANGE_INTERNAL_H
#define SPEC_SEARCH_CHANGE_INTERNAL_H

#include "spec/search_change.h"

void trial_copy(const Base *base, Trial *out);
/* The case with `what` in place of the choices `from` up to `to`. */
void trial_splice(const Base *base, uint32_t from, uint32_t to, const Choice *what, uint32_t count,
                  Trial *out);
/* What to give so that a choice comes out as this value. */
Choice trial_choice(const Origin *origin, uint64_t value);
/* The place of step `index` of a test that is a sequence, or its end. */
uint32_t step_at(const Base *base, uint32_t index);
/* The place of element `index` of a sequence, or of its end. */
uint32_t sequence_at(const Base *base, const Sequence *one, uint32_t index);
/* A sequence with so many elements: cut, or with new ones, or with its own over and over. False: it is so. */
bool trial_set_length(const Base *base, const Sequence *one, uint64_t count, bool repeats, Trial *out);
/* A float's bits as a number, and back, by width. */
double trial_real(uint64_t bits, unsigned width);
uint64_t trial_bits(double number, unsigned width);

/* search_text.c: words of a text or a list of bytes that are compared as one number. */
bool exchange_bytes(const Base *base, const Exchange *exchange, uint32_t way, Trial *out);
/* Numbers that are written in a text, in decimal or hexadecimal digits. */
bool exchange_numerals(const Base *base, const Exchange *exchange, uint32_t way, Trial *out);

#endif
