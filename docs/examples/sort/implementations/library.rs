// Rust's own sort, which leaves equal elements in any order: with numbers nobody can tell.
mod bindings;
use bindings::exports::algorithms::sorting::sort::Guest;

struct Component;

impl Guest for Component {
    fn sort(mut xs: Vec<i64>) -> Vec<i64> {
        xs.sort_unstable();
        xs
    }
}

bindings::export!(Component with_types_in bindings);
