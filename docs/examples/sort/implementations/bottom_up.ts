// Merge sort from the bottom: runs of one, of two, of four and so on, merged into another list and back.
function merge(from: StaticArray<i64>, to: StaticArray<i64>, left: i32, middle: i32, end: i32): void {
  let right = middle;
  for (let at = left, i = left; at < end; at++) {
    const takesLeft = i < middle && (right >= end || unchecked(from[i]) <= unchecked(from[right]));
    unchecked((to[at] = takesLeft ? unchecked(from[i++]) : unchecked(from[right++])));
  }
}

export function sort(xs: Array<i64>): Array<i64> {
  const count = xs.length;
  let from = StaticArray.fromArray<i64>(xs);
  let to = new StaticArray<i64>(count);
  for (let width = 1; width < count; width *= 2) {
    for (let left = 0; left < count; left += 2 * width) {
      merge(from, to, left, min(left + width, count), min(left + 2 * width, count));
    }
    const sorted = to;
    to = from;
    from = sorted;
  }
  for (let i = 0; i < count; i++) unchecked((xs[i] = from[i]));
  return xs;
}
