;; Compares squares, written by hand: no memory, no bindings.
(module
  (func (export "geometry:shapes/circle#intersects")
    (param $ra f64) (param $xa f64) (param $ya f64)
    (param $rb f64) (param $xb f64) (param $yb f64)
    (result i32)
    (local $dx f64) (local $dy f64) (local $reach f64)
    (local.set $dx (f64.sub (local.get $xa) (local.get $xb)))
    (local.set $dy (f64.sub (local.get $ya) (local.get $yb)))
    (local.set $reach (f64.add (local.get $ra) (local.get $rb)))
    (f64.le
      (f64.add
        (f64.mul (local.get $dx) (local.get $dx))
        (f64.mul (local.get $dy) (local.get $dy)))
      (f64.mul (local.get $reach) (local.get $reach)))))
