# Maps and lists of fixed length go from WIT through C, specifications and benchmarks; what cannot be called yet is said.
. tests/e2e/lib.inc
cat >prices.wit <<'W'
package shop:till;

interface prices {
  type key = list<u8, 4>;
  total: func(prices: map<string, u32>, basket: list<string>) -> u32;
  cheapest: func(prices: map<string, u32>) -> option<string>;
  swap: func(k: key) -> key;
  watch: func() -> stream<u32>;
}
W
cat >good.c <<'C'
#include "prices.h"

static bool same(prices_string_t a, prices_string_t b)
{
  return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The last entry of a name counts. */
static uint32_t price(prices_map_string_u32_t *prices, prices_string_t name)
{
  for (size_t i = prices->len; i > 0; i--)
    if (same(prices->ptr[i - 1].key, name)) return prices->ptr[i - 1].value;
  return 0;
}

uint32_t exports_shop_till_prices_total(prices_map_string_u32_t *prices, prices_list_string_t *basket)
{
  uint32_t total = 0;
  for (size_t i = 0; i < basket->len; i++) total += price(prices, basket->ptr[i]);
  prices_map_string_u32_free(prices);
  prices_list_string_free(basket);
  return total;
}

bool exports_shop_till_prices_cheapest(prices_map_string_u32_t *prices, prices_string_t *ret)
{
  size_t best = SIZE_MAX;
  uint32_t least = UINT32_MAX;
  for (size_t i = 0; i < prices->len; i++) {
    uint32_t value = price(prices, prices->ptr[i].key);
    if (best != SIZE_MAX && value >= least) continue;
    best = i;
    least = value;
  }
  if (best == SIZE_MAX) return false;
  *ret = prices->ptr[best].key;
  prices->ptr[best].key.len = 0;
  prices_map_string_u32_free(prices);
  return true;
}

void exports_shop_till_prices_swap(exports_shop_till_prices_key_t *k, exports_shop_till_prices_key_t *ret)
{
  for (int i = 0; i < 4; i++) ret->items[i] = k->items[3 - i];
}
C
cat >prices.spec <<'S'
spec shop:till/prices;

describe "total" {
  it "adds up" {
    expect total([("tea", 3), ("bun", 2)], ["tea", "tea", "bun"]) == 8;
  }
  law "what is in the basket once costs its price" (m: map<string, u32>, k: string) where k in m {
    expect total(m, [k]) == m[k];
  }
}
describe "cheapest" {
  law "nothing costs less" (m: map<string, u32>) {
    expect match cheapest(m) { some(k) => for all p in m: m[k] <= p.1, none => len(m) == 0 };
  }
}
law "swapping twice changes nothing" (k: list<u8, 4>) {
  expect swap(swap(k)) == k && swap(k)[0] == k[3];
}
S
# An implementation by which the first pair of a key counts, and not the last.
sed 's/for (size_t i = prices->len; i > 0; i--)/for (size_t i = 1; i <= prices->len; i++)/' good.c >first.c
for one in good first; do expect_exit 0 build $one.c --for prices.wit -o $one.wasm; done
expect_exit 0 verify good.wasm --spec prices.spec --budget 5000 --seed 1
expect_exit 1 verify first.wasm --spec prices.spec --budget 5000 --seed 1
# Two entries of one name, of which the later one has a price: no smaller map tells the first from the last.
grep -qE 'm = \[\(("[^"]?"), 0\), \(\1, 1\)\]' out || { fail "no map of two equal names in out:"; cat out; }

printf 'spec shop:till/prices; it "cannot" { expect len(watch()) == 0; }' >watch.spec
expect_exit 2 verify good.wasm --spec watch.spec
expect_text err '`watch` cannot be called: its result is stream<u32>, and streams cannot be passed yet'
cat >prices.bench <<'B'
bench shop:till/prices;
workload "lookups" {
  let prices = generate(map<string, u32>, size: 20, seed: 3);
  for pair in prices { measure total(prices, [pair.0]); }
}
B
expect_exit 0 evaluate good.wasm --bench prices.bench --budget 200ms
finish
