# Modules in C that pass resources to each other, and which of them is to blame when something goes wrong.
. tests/e2e/lib.inc
cat >bank.wit <<'END'
package t:bank;

interface bank {
  resource account {
    constructor(start: u32);
    balance: func() -> u32;
    move-to: func(to: borrow<account>, amount: u32) -> bool;
  }
  richest: func(all: list<borrow<account>>) -> option<u32>;
  open: func() -> u32;
}

interface teller {
  use bank.{account};
  transfer: func(a: u32, b: u32, amount: u32) -> option<tuple<u32, u32>>;
  opened: func(start: u32) -> account;
  worth: func(x: borrow<account>) -> u32;
  open: func() -> u32;
}
END
cat >bank.c <<'END'
#include "bank.h"
struct exports_t_bank_bank_account_t { uint32_t balance; };
typedef exports_t_bank_bank_account_t account;
static uint32_t open_accounts;
exports_t_bank_bank_own_account_t exports_t_bank_bank_constructor_account(uint32_t start)
{
  account *made = malloc(sizeof *made);
#ifdef HANGS
  for (volatile int on = 1; on;) {}
#endif
#ifdef TRAPS
  if (start > 1000) abort();
#endif
  made->balance = start;
  open_accounts++;
  return exports_t_bank_bank_account_new(made);
}
void exports_t_bank_bank_account_destructor(account *it) { open_accounts--; free(it); }
uint32_t exports_t_bank_bank_method_account_balance(account *it) { return it->balance; }
bool exports_t_bank_bank_method_account_move_to(account *it, account *to, uint32_t amount)
{
  if (amount > it->balance || to->balance + amount < amount) return false;
  it->balance -= amount;
  to->balance += amount;
  return true;
}
bool exports_t_bank_bank_richest(exports_t_bank_bank_list_borrow_account_t *all, uint32_t *ret)
{
  for (size_t i = *ret = 0; i < all->len; i++)
    if (all->ptr[i]->balance > *ret) *ret = all->ptr[i]->balance;
  bool any = all->len > 0;
  exports_t_bank_bank_list_borrow_account_free(all);
  return any;
}
uint32_t exports_t_bank_bank_open(void) { return open_accounts; }
END
cat >teller.c <<'END'
#include "teller.h"
#ifndef WORTH
#define WORTH 0
#endif
bool exports_t_bank_teller_transfer(uint32_t a, uint32_t b, uint32_t amount, teller_tuple2_u32_u32_t *ret)
{
  t_bank_bank_own_account_t from = t_bank_bank_constructor_account(a), to = t_bank_bank_constructor_account(b);
  t_bank_bank_borrow_account_t both[] = {t_bank_bank_borrow_account(from), t_bank_bank_borrow_account(to)};
  t_bank_bank_list_borrow_account_t list = {both, 2};
  uint32_t before = 0, after = 0;
  t_bank_bank_richest(&list, &before);
  bool moved = t_bank_bank_method_account_move_to(both[0], both[1], amount);
  t_bank_bank_richest(&list, &after);
  ret->f0 = t_bank_bank_method_account_balance(both[0]);
  ret->f1 = t_bank_bank_method_account_balance(both[1]);
  t_bank_bank_account_drop_own(from);
  t_bank_bank_account_drop_own(to);
  return moved && after >= before / 2;
}
exports_t_bank_teller_own_account_t exports_t_bank_teller_opened(uint32_t start)
{
  return t_bank_bank_constructor_account(start);
}
uint32_t exports_t_bank_teller_worth(exports_t_bank_teller_borrow_account_t x)
{
  uint32_t worth = t_bank_bank_method_account_balance(x) + WORTH;
  t_bank_bank_account_drop_borrow(x);
  return worth;
}
uint32_t exports_t_bank_teller_open(void) { return t_bank_bank_open(); }
END
cat >teller.spec <<'END'
spec t:bank/teller;

describe "a teller" {
  it "moves money, and closes what it opened" {
    expect transfer(10, 5, 3) == some((7, 8));
    expect transfer(10, 5, 11) == none;
    expect open() == 0;
  }
  it "gives accounts of the bank" {
    let mine = opened(12);
    expect worth(mine) == 12;
    expect open() == 1;
    drop(mine);
    expect open() == 0;
  }
  law "keeps the sum" (a: u32, b: u32, amount: u32) {
    expect match transfer(a, b, amount) { some(x) => u64(x.0) + u64(x.1) == u64(a) + u64(b), none => true };
  }
}
END
for name in HANGS TRAPS; do { echo "#define $name 1"; cat bank.c; } >bank_$name.c; done
{ echo '#define WORTH 1'; cat teller.c; } >wrong.c
for name in bank bank_HANGS bank_TRAPS; do
  build $name.c --for bank.wit#bank -o $name.wasm >/dev/null 2>err || fail "cannot build $name: $(cat err)"
done
build teller.c --for bank.wit#teller --with bank.wasm -o teller.wasm >/dev/null 2>err || fail "cannot build teller: $(cat err)"
build wrong.c --for bank.wit#teller -o wrong.wasm >/dev/null 2>err || fail "cannot build wrong: $(cat err)"

expect_exit 0 assay call teller.wasm --with bank.wasm 'let mine = opened(3); worth(mine); open(); drop(mine); open()'
expect_text out "$(printf '3\n1\n0')"
expect_exit 1 verify teller.wasm wrong.wasm --with bank.wasm --spec teller.spec --for bank.wit#teller --budget 2000
expect_text out '✓ teller'
expect_text out '✗ wrong'

# What a bank does wrong is not the teller's fault: nothing is decided, and the report says whose it is.
expect_exit 3 verify teller.wasm --with bank_TRAPS.wasm --spec teller.spec --for bank.wit#teller --budget 2000
expect_text out '? teller'
expect_text out 'bank_TRAPS, [constructor]account'
printf 'spec t:bank/teller; describe "a teller" { it "opens" { drop(opened(3)); } }' >opens.spec
expect_exit 3 verify teller.wasm --with bank_HANGS.wasm --spec opens.spec --for bank.wit#teller --budget 10
expect_text out 'did not return in time: in bank_HANGS, [constructor]account'

# An example that fails by itself stays a failure beside a bank that traps now and then.
expect_exit 1 verify wrong.wasm --with bank_TRAPS.wasm --spec teller.spec --for bank.wit#teller --budget 2000
expect_text out '✗ wrong'

# One that cannot even be started.
cat >dead.wat <<'END'
(module (func $die unreachable) (start $die) (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "t:bank/bank#[constructor]account") (param i32) (result i32) (i32.const 0))
  (func (export "t:bank/bank#[method]account.balance") (param i32) (result i32) (i32.const 0))
  (func (export "t:bank/bank#[method]account.move-to") (param i32 i32 i32) (result i32) (i32.const 0))
  (func (export "t:bank/bank#richest") (param i32 i32) (result i32) (i32.const 0))
  (func (export "t:bank/bank#open") (result i32) (i32.const 0)))
END
build dead.wat --for bank.wit#bank -o dead.wasm >/dev/null 2>err || fail "cannot build dead: $(cat err)"
expect_exit 3 verify teller.wasm --with dead.wasm --spec teller.spec --for bank.wit#teller --budget 2000
expect_text out 'in dead'
finish
