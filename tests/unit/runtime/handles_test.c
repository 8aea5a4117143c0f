/* Tables of handles: the order of places that CanonicalABI.md has, and the rules that it traps on. */
#include "runtime/handles.h"

#include "ifc/base/rng.h"
#include "tests/unit/check.h"

static const ResourceType blob = {.name = {"blob", 4}}, file = {.name = {"file", 4}};

static uint32_t add(HandleTable *table, const ResourceType *resource, uint32_t rep, bool owns)
{
  uint32_t index = 0;
  Fault fault = {0};
  assert_true(handles_add(table, resource, rep, owns, &index, &fault));
  return index;
}

static void drop(HandleTable *table, const ResourceType *resource, uint32_t index)
{
  Handle dropped;
  Fault fault = {0};
  assert_true(handles_drop(table, resource, index, &dropped, &fault));
}

/* "Table.add" appends, from 1 on, unless there are free places, of which it pops the last. */
static void places_are_those_of_the_standard(void **state)
{
  (void)state;
  HandleTable table = {0};
  for (uint32_t i = 1; i <= 4; i++) assert_int_equal(add(&table, &blob, 100 + i, true), i);
  drop(&table, &blob, 1);
  drop(&table, &blob, 3);
  drop(&table, &blob, 2);
  assert_int_equal(table.count, 1);
  assert_int_equal(add(&table, &file, 0, true), 2);
  assert_int_equal(add(&table, &file, 0, true), 3);
  assert_int_equal(add(&table, &file, 0, true), 1);
  assert_int_equal(add(&table, &file, 0, true), 5);
  handles_release(&table);
}

static void what_is_not_there_is_a_fault(void **state)
{
  (void)state;
  static const uint32_t forged[] = {0, 2, 3, 4, 1 << 20, UINT32_MAX};
  HandleTable table = {0}, empty = {0};
  add(&table, &blob, 7, true);
  add(&table, &blob, 8, true);
  drop(&table, &blob, 2);
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
    Handle dropped;
    uint32_t rep;
    Fault faults[5] = {0};
    assert_false(handles_rep(&table, &blob, forged[i], &rep, &faults[0]));
    assert_false(handles_take(&table, &blob, forged[i], &rep, &faults[1]));
    assert_false(handles_lend(&table, &blob, forged[i], &rep, &faults[2]));
    assert_false(handles_drop(&table, &blob, forged[i], &dropped, &faults[3]));
    assert_false(handles_rep(&empty, &blob, forged[i], &rep, &faults[4]));
    for (int k = 0; k < 5; k++) assert_int_equal(faults[k].kind, FAULT_UNKNOWN_HANDLE);
  }
  assert_int_equal(table.count, 1);
  handles_release(&table);
}

static void a_handle_is_of_one_resource(void **state)
{
  (void)state;
  HandleTable table = {0};
  uint32_t rep = 99, index = add(&table, &blob, 7, true);
  Handle dropped;
  Fault faults[4] = {0};
  assert_false(handles_rep(&table, &file, index, &rep, &faults[0]));
  assert_false(handles_take(&table, &file, index, &rep, &faults[1]));
  assert_false(handles_lend(&table, &file, index, &rep, &faults[2]));
  assert_false(handles_drop(&table, &file, index, &dropped, &faults[3]));
  for (int k = 0; k < 4; k++) assert_int_equal(faults[k].kind, FAULT_WRONG_RESOURCE);
  assert_string_equal(faults[0].detail, "1 is a blob, not a file");
  assert_int_equal(rep, 99);
  handles_release(&table);
}

static void what_is_lent_stays_until_the_call_has_ended(void **state)
{
  (void)state;
  HandleTable table = {0};
  uint32_t rep, index = add(&table, &blob, 7, true);
  Handle dropped;
  Fault fault = {0}, faults[2] = {0};
  assert_true(handles_lend(&table, &blob, index, &rep, &fault));
  assert_true(handles_lend(&table, &blob, index, &rep, &fault));
  assert_int_equal(rep, 7);
  assert_false(handles_take(&table, &blob, index, &rep, &faults[0]));
  assert_false(handles_drop(&table, &blob, index, &dropped, &faults[1]));
  assert_int_equal(faults[0].kind, FAULT_HANDLE_LENT);
  assert_int_equal(faults[1].kind, FAULT_HANDLE_LENT);
  assert_true(handles_rep(&table, &blob, index, &rep, &fault));
  handles_end_call(&table);
  assert_true(handles_drop(&table, &blob, index, &dropped, &fault));
  assert_true(dropped.owns);
  assert_int_equal(dropped.rep, 7);
  handles_release(&table);
}

static void what_is_borrowed_can_be_lent_and_dropped_but_not_given_away(void **state)
{
  (void)state;
  HandleTable table = {0};
  uint32_t rep, index = add(&table, &blob, 7, false);
  Fault fault = {0};
  assert_true(handles_lend(&table, &blob, index, &rep, &fault));
  handles_end_call(&table);
  assert_false(handles_take(&table, &blob, index, &rep, &fault));
  assert_int_equal(fault.kind, FAULT_HANDLE_BORROWED);
  drop(&table, &blob, index);
  assert_int_equal(table.count, 0);
  handles_release(&table);
}

static void the_table_ends_somewhere(void **state)
{
  (void)state;
  HandleTable table = {0};
  uint32_t index;
  Fault fault = {0};
  for (uint32_t i = 1; i <= HANDLES_MAX; i++) assert_int_equal(add(&table, &blob, i, true), i);
  assert_false(handles_add(&table, &blob, 0, true, &index, &fault));
  assert_int_equal(fault.kind, FAULT_MEMORY_LIMIT);
  drop(&table, &blob, 5);
  assert_int_equal(add(&table, &blob, 0, true), 5);
  handles_release(&table);
}

static void a_copy_goes_on_as_its_original_does(void **state)
{
  (void)state;
  HandleTable table = {0}, copy = {0};
  for (uint32_t i = 1; i <= 40; i++) add(&table, &blob, i, true);
  drop(&table, &blob, 4);
  drop(&table, &blob, 30);
  for (uint32_t i = 1; i <= 100; i++) add(&copy, &file, i, true);
  assert_true(handles_assign(&copy, &table));
  assert_int_equal(copy.count, 38);
  for (int i = 0; i < 5; i++) {
    uint32_t there = add(&table, &blob, 0, true), here = add(&copy, &blob, 0, true);
    assert_int_equal(here, there);
    assert_true(handles_key(&copy, here) == handles_key(&table, there));
  }
  assert_true(handles_assign(&copy, &(HandleTable){0}));
  assert_int_equal(copy.count, 0);
  assert_int_equal(add(&copy, &blob, 0, true), 1);
  handles_release(&table);
  handles_release(&copy);
}

/* --- against a model: an array of what is there, and the free places in the order they were freed */

enum { MODEL_PLACES = 64, STEPS = 20000 };

typedef struct Model {
  uint64_t keys[MODEL_PLACES + 1]; /* 0: free */
  uint32_t reps[MODEL_PLACES + 1];
  uint32_t freed[MODEL_PLACES];
  uint32_t freed_count, length, count;
} Model;

static void model_add(Model *self, HandleTable *table, uint32_t rep)
{
  uint32_t want = self->freed_count ? self->freed[--self->freed_count] : ++self->length;
  uint32_t index = add(table, &blob, rep, true);
  assert_int_equal(index, want);
  self->reps[want] = rep;
  self->keys[want] = handles_key(table, index);
  self->count++;
}

static void model_take(Model *self, HandleTable *table, uint32_t index)
{
  uint32_t rep = 0;
  Fault fault = {0};
  bool taken = handles_take(table, &blob, index, &rep, &fault);
  assert_true(taken == (self->keys[index] != 0));
  if (!taken) return;
  assert_int_equal(rep, self->reps[index]);
  assert_int_equal(handles_find(table, self->keys[index]), 0);
  self->keys[index] = 0;
  self->freed[self->freed_count++] = index;
  self->count--;
}

static void it_does_what_the_model_does(void **state)
{
  (void)state;
  HandleTable table = {0};
  Model model = {0};
  Rng rng = rng_from_seed(11);
  for (uint32_t step = 0; step < STEPS; step++) {
    uint32_t index = 1 + (uint32_t)rng_below(&rng, MODEL_PLACES);
    bool has_room = model.freed_count || model.length < MODEL_PLACES;
    if (has_room && rng_below(&rng, 2))
      model_add(&model, &table, step);
    else
      model_take(&model, &table, index);
    assert_int_equal(table.count, model.count);
    if (model.keys[index]) assert_int_equal(handles_find(&table, model.keys[index]), index);
  }
  handles_release(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(places_are_those_of_the_standard),
      TEST(what_is_not_there_is_a_fault),
      TEST(a_handle_is_of_one_resource),
      TEST(what_is_lent_stays_until_the_call_has_ended),
      TEST(what_is_borrowed_can_be_lent_and_dropped_but_not_given_away),
      TEST(the_table_ends_somewhere),
      TEST(a_copy_goes_on_as_its_original_does),
      TEST(it_does_what_the_model_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
