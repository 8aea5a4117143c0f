;; g is wrong after f was given a number above 4000000000.
(module
  (memory (export "memory") 1)
  (global $seen (mut i32) (i32.const 0))
  (func (export "test:replay/mixed#f") (param $x i32) (result i32)
    (if (i32.gt_u (local.get $x) (i32.const 4000000000)) (then (global.set $seen (i32.const 1))))
    (local.get $x))
  (func (export "test:replay/mixed#g") (param $x i32) (result i32)
    (i32.add (local.get $x) (global.get $seen))))
