
// Core values that come in, as bits, eight bytes each.
const slots = memory.data(128, 8);

function room(size: u64, align: usize): usize {
  if (size == 0) return align;
  if (size > <u64>i32.MAX_VALUE) unreachable();
  return heap.alloc(<usize>size);
}

function release(block: usize, len: usize): void {
  if (len) heap.free(block);
}

function takeString(block: usize, len: usize): string {
  const text = String.UTF8.decodeUnsafe(block, len);
  release(block, len);
  return text;
}

function giveString(text: string, at: usize): void {
  const len = String.UTF8.byteLength(text);
  const block = room(len, 1);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, block, false, String.UTF8.ErrorMode.REPLACE);
  store<usize>(at, block);
  store<usize>(at + 4, len);
}

// Numbers lie in an array as they do at the boundary.
function takeNumbers<T>(block: usize, len: usize): Array<T> {
  const list = new Array<T>(<i32>len);
  memory.copy(list.dataStart, block, len * sizeof<T>());
  release(block, len);
  return list;
}

function giveNumbers<T>(list: Array<T>, at: usize): void {
  const size = <usize>list.length * sizeof<T>();
  const block = room(size, sizeof<T>());
  memory.copy(block, list.dataStart, size);
  store<usize>(at, block);
  store<usize>(at + 4, list.length);
}

// What handles of a resource stand for: each by its place, counted from 1.
class Held<T> {
  /** Whether a handle ends because its object is taken over. */
  isTaking: bool = false;
  private values: Array<T | null> = [null];
  private free: Array<i32> = [];

  put(value: T): i32 {
    if (!this.free.length) return this.values.push(value) - 1;
    const at = this.free.pop();
    this.values[at] = value;
    return at;
  }

  get(at: i32): T {
    const value = this.values[at];
    if (value === null) unreachable();
    return value!;
  }

  remove(at: i32): T {
    const value = this.get(at);
    this.values[at] = null;
    this.free.push(at);
    return value;
  }
}
