// Two halves of one sort: blocks in order, and blocks into one.
#pragma once

#include <cstddef>
#include <cstdint>

// Puts the block's numbers in order.
void sort_block(int64_t *block, size_t count);
// Merges what is in order before and from `middle` on; `room` has place for `middle` numbers.
void merge(int64_t *xs, size_t middle, size_t count, int64_t *room);
