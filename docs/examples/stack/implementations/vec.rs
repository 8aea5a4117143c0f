//! A `Vec` behind each handle.
mod bindings;

use bindings::exports::collections::basic::stack::{
    Guest, GuestStack, Stack, StackBorrow, TwoParts,
};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

const ITEMS_MAX: usize = 1000;

static LIVING: AtomicU32 = AtomicU32::new(0);

struct Numbers {
    items: RefCell<Vec<u32>>,
}

impl Numbers {
    fn of(items: Vec<u32>) -> Self {
        LIVING.fetch_add(1, Relaxed);
        Numbers { items: RefCell::new(items) }
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        LIVING.fetch_sub(1, Relaxed);
    }
}

impl GuestStack for Numbers {
    fn new() -> Self {
        Numbers::of(Vec::new())
    }

    fn push(&self, x: u32) {
        self.items.borrow_mut().push(x)
    }

    fn pop(&self) -> Option<u32> {
        self.items.borrow_mut().pop()
    }

    fn len(&self) -> u32 {
        self.items.borrow().len() as u32
    }

    fn of(xs: Vec<u32>) -> Result<Stack, String> {
        if xs.len() > ITEMS_MAX {
            return Err("too many".to_string());
        }
        Ok(Stack::new(Numbers::of(xs)))
    }

    fn merged(lower: Stack, upper: Stack) -> Stack {
        let above: Numbers = upper.into_inner();
        lower.get::<Numbers>().items.borrow_mut().append(&mut above.items.borrow_mut());
        lower
    }

    fn items(&self) -> Vec<u32> {
        self.items.borrow().clone()
    }
}

struct Component;

impl Guest for Component {
    type Stack = Numbers;

    fn split(mut it: Stack, at: u32) -> TwoParts {
        let items = it.get_mut::<Numbers>().items.get_mut();
        let high = items.split_off(items.len().min(at as usize));
        TwoParts {
            low: it,
            high: high.into_iter().map(|x| Stack::new(Numbers::of(vec![x]))).collect(),
        }
    }

    fn total(all: Vec<StackBorrow<'_>>) -> u64 {
        all.iter().flat_map(|it| it.get::<Numbers>().items()).map(u64::from).sum()
    }

    fn living() -> u32 {
        LIVING.load(Relaxed)
    }
}

bindings::export!(Component with_types_in bindings);
