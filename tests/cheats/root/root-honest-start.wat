;; Right: it has no data and no memory to begin with; its start function takes some, a piece at a time, and each call
;; insists on what it has left there.
(module
  (memory (export "memory") 0)
  (global $ready (mut i32) (i32.const 0))
  (func $start
    (drop (memory.grow (i32.const 3)))
    (drop (memory.grow (i32.const 60)))
    (i32.store (i32.const 196604) (i32.const 7))
    (global.set $ready (memory.size)))
  (start $start)
  (func (export "cheats:root/root#isqrt") (param $n i64) (result i32)
    (local $root i64) (local $bit i64) (local $more i64)
    (if (i32.ne (global.get $ready) (i32.const 63)) (then unreachable))
    (if (i32.ne (i32.load (i32.const 196604)) (i32.const 7)) (then unreachable))
    (local.set $bit (i64.const 0x80000000))
    (loop $next
      (local.set $more (i64.add (local.get $root) (local.get $bit)))
      (if (i64.le_u (i64.mul (local.get $more) (local.get $more)) (local.get $n))
        (then (local.set $root (local.get $more))))
      (local.set $bit (i64.shr_u (local.get $bit) (i64.const 1)))
      (br_if $next (i64.ne (local.get $bit) (i64.const 0))))
    (i32.wrap_i64 (local.get $root))))
