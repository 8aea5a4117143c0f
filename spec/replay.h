/* Inside spec/: tokens that replay one case, on any machine, without anything else than the specification and
 * the interface that it was tried on; only histories also need the same module, whose constants are among the
 * inputs. A token is "a2-" and, in base64 with - and _ for + and /, without
 * padding:
 *   6 bytes of the specification's hash · 4 of the interface's · its content · 4 bytes of the SHA-256 of all
 *   that comes before
 * The number is the version of all that gives a token its meaning: of this format, and of how generators read
 * choices, and for histories make them. Whoever changes any of that raises it; tokens of another version are
 * refused, and the tests keep tokens of this one. Version 1 had not the interface's hash.
 * The content: numbers of 7 bits a byte, least first, all but the last byte with the top bit set:
 *   test · kind · and, by kind
 *     0 script   (an `it`)
 *     1 row      row
 *     2 choices  repeats · the choices, each as
 *                  0 and an f64 with its bytes reversed, so that simple ones are short
 *                  1 and an f32 likewise
 *                  2, p, n: the last p choices again, n times
 *                  3 and a number; 4 false; 5 true; 6 and a sequence's step; or 7 + number
 *     3 history  seed · stride · first · cases   all cases that led to it, made again (cases.h)
 *     4 cases    their number · of each, the number of its choices · these choices
 *     5 mixed    the choices of a case of mixed.h's test, which fails in this law */
#ifndef SPEC_REPLAY_H
#define SPEC_REPLAY_H

#include "spec/growth.h"

typedef enum ReplayKind {
  REPLAY_SCRIPT,
  REPLAY_ROW,
  REPLAY_CHOICES,
  REPLAY_HISTORY,
  REPLAY_CASES,
  REPLAY_MIXED,
} ReplayKind;
enum {
  REPLAY_CASES_MAX = 4096,
  REPLAY_CHOICES_MAX = 1 << 20,         /* of all cases */
  REPLAY_REPEATS_MAX = GROWTH_RUNS_MAX, /* and cases of a history */
};

typedef struct Replay {
  ReplayKind kind;
  uint32_t test; /* of its specification */
  uint32_t row;
  uint32_t repeats;
  ChoiceList choices;
  uint64_t seed, first, cases;
  uint32_t stride;
  ChoiceList *cases_made; /* CASES: on one instance, the last of which fails */
  uint32_t case_count;
} Replay;

Str replay_encode(Arena *arena, const Spec *spec, const Replay *self);
/* Which of the specifications the token is for goes to `*spec`. False with a diagnostic. */
bool replay_decode(Arena *arena, Str token, const Spec *const *specs, size_t spec_count, size_t *spec,
                   Replay *out, Diags *diags);
/* Is it a token of this version, of whatever specification, with all of its bytes as they were? */
bool replay_is_whole(Arena *arena, Str token);

#endif
