// A class, whose objects are what handles stand for.
import { TwoParts, Result, ok, err, Option, some, none } from "./bindings";

const ITEMS_MAX = 1000;

let alive: u32 = 0;

export class Stack {
  numbers: Array<u32> = [];

  constructor() {
    alive++;
  }

  push(x: u32): void {
    this.numbers.push(x);
  }

  pop(): Option<u32> {
    return this.numbers.length ? some<u32>(this.numbers.pop()) : none<u32>();
  }

  len(): u32 {
    return this.numbers.length;
  }

  static of(xs: Array<u32>): Result<Stack, string> {
    if (xs.length > ITEMS_MAX) return err<Stack, string>("too many");
    const made = new Stack();
    made.numbers = xs;
    return ok<Stack, string>(made);
  }

  static merged(lower: Stack, upper: Stack): Stack {
    lower.numbers = lower.numbers.concat(upper.numbers);
    upper.drop();
    return lower;
  }

  items(): Array<u32> {
    return this.numbers;
  }

  drop(): void {
    alive--;
  }
}

export function split(it: Stack, at: u32): TwoParts {
  const high: Array<Stack> = [];
  while (at < <u32>it.numbers.length) {
    const one = new Stack();
    one.numbers.push(it.numbers.pop());
    high.unshift(one);
  }
  return new TwoParts(it, high);
}

export function total(all: Array<Stack>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < all.length; i++) {
    const numbers = all[i].numbers;
    for (let k = 0; k < numbers.length; k++) sum += numbers[k];
  }
  return sum;
}

export function living(): u32 {
  return alive;
}
