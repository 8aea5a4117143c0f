;; Right, by a recursion that is 20,000 calls deep.
(module
  (memory (export "memory") 1)
  (func $larger (param $n i64) (param $root i64) (param $bit i64) (result i64)
    (local $more i64)
    (local.set $more (i64.add (local.get $root) (local.get $bit)))
    (select (local.get $more) (local.get $root)
      (i64.le_u (i64.mul (local.get $more) (local.get $more)) (local.get $n))))
  (func $digits (param $n i64) (param $root i64) (param $bit i64) (param $depth i32) (result i64)
    (if (result i64) (i32.eqz (local.get $depth))
      (then (local.get $root))
      (else
        (i64.or (local.get $root)
          (call $digits (local.get $n)
            (call $larger (local.get $n) (local.get $root) (local.get $bit))
            (i64.shr_u (local.get $bit) (i64.const 1))
            (i32.sub (local.get $depth) (i32.const 1)))))))
  (func (export "cheats:root/root#isqrt") (param $n i64) (result i32)
    (i32.wrap_i64
      (call $digits (local.get $n) (i64.const 0) (i64.const 0x80000000) (i32.const 20000)))))
