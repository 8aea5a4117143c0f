
// Core values that come in, as bits, eight bytes each.
const slots = memory.data(128, 8);

// A failed assertion traps without words.
function trap(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

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
