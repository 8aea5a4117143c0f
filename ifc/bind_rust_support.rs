
/// How values cross the boundary: the component model's Canonical ABI, for each type of an interface.
#[doc(hidden)]
pub mod _rt {
    use std::alloc::{self, Layout};
    use std::any::Any;
    use std::collections::BTreeMap;
    use std::marker::PhantomData;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    /// Core values, as bits, in the order in which flat values take them.
    pub struct Slots<'a> {
        all: &'a [u64],
        at: usize,
    }

    impl<'a> Slots<'a> {
        #[inline(always)]
        pub fn new(all: &'a [u64]) -> Self {
            Slots { all, at: 0 }
        }

        /// Each type takes as many as it has, and the caller has given as many.
        #[inline(always)]
        pub unsafe fn next(&mut self) -> u64 {
            let slot = *self.all.get_unchecked(self.at);
            self.at += 1;
            slot
        }

        /// Cases share slots: those that this one does not need are passed over.
        #[inline(always)]
        pub unsafe fn cases<T>(&mut self, count: usize, lift: impl FnOnce(u32, &mut Self) -> T) -> T {
            let tag = self.next() as u32;
            let end = self.at + count;
            let value = lift(tag, self);
            self.at = end;
            value
        }
    }

    /// Fields in memory, one after the other.
    pub struct Fields {
        base: *mut u8,
        at: usize,
        align: usize,
    }

    impl Fields {
        #[inline(always)]
        pub fn new(base: *mut u8) -> Self {
            Fields { base, at: 0, align: 1 }
        }

        #[inline(always)]
        pub unsafe fn next<T: Lend>(&mut self) -> *mut u8 {
            let start = align_to(self.at, T::ALIGN);
            self.at = start + T::SIZE;
            self.align = max(self.align, T::ALIGN);
            self.base.add(start)
        }

        #[inline(always)]
        pub unsafe fn load<T: Value>(&mut self) -> T {
            T::load(self.next::<T>())
        }

        #[inline(always)]
        pub unsafe fn store<T: Value>(&mut self, value: T) {
            value.store(self.next::<T>())
        }

        /// Gives the whole block back; its fields must have been loaded.
        #[inline(always)]
        pub unsafe fn free(self) {
            release(self.base, align_to(self.at, self.align), self.align);
        }
    }

    /// The core values of a call's arguments, and the blocks that these point to until it returns.
    pub struct Arguments<'a> {
        slots: &'a mut [u64],
        at: usize,
        blocks: Vec<(*mut u8, usize, usize)>,
    }

    impl<'a> Arguments<'a> {
        /// All slots are zero.
        #[inline(always)]
        pub fn new(slots: &'a mut [u64]) -> Self {
            Arguments { slots, at: 0, blocks: Vec::new() }
        }

        /// Each type gives as many as it has, and there is room for as many.
        #[inline(always)]
        pub unsafe fn push(&mut self, bits: u64) {
            *self.slots.get_unchecked_mut(self.at) = bits;
            self.at += 1;
        }

        #[inline(always)]
        pub unsafe fn slot(&self, i: usize) -> u64 {
            *self.slots.get_unchecked(i)
        }

        /// Cases share slots: those that this one does not need stay zero.
        #[inline(always)]
        pub unsafe fn cases(&mut self, count: usize, tag: u64, lend: impl FnOnce(&mut Self)) {
            self.push(tag);
            let end = self.at + count;
            lend(self);
            self.at = end;
        }

        /// A block that is there until the call has returned.
        pub unsafe fn room(&mut self, size: usize, align: usize) -> *mut u8 {
            if size == 0 {
                return align as *mut u8;
            }
            let block = reallocate(std::ptr::null_mut(), 0, align, size);
            self.blocks.push((block, size, align));
            block
        }

        unsafe fn list<T: Lend>(&mut self, list: &[T]) -> usize {
            if list.is_empty() {
                return T::ALIGN;
            }
            if T::SAME {
                return list.as_ptr() as usize;
            }
            let size = list.len().checked_mul(T::SIZE).unwrap_or_else(|| trap());
            let block = self.room(size, T::ALIGN);
            for (i, value) in list.iter().enumerate() {
                value.lend_to(block.add(i * T::SIZE), self);
            }
            block as usize
        }
    }

    impl Drop for Arguments<'_> {
        #[inline(always)]
        fn drop(&mut self) {
            for &(block, size, align) in &self.blocks {
                unsafe { release(block, size, align) }
            }
        }
    }

    /// A type whose values are passed to a call: what they point to stays the caller's, but handles that are
    /// owned are given away.
    pub unsafe trait Lend {
        const SIZE: usize;
        const ALIGN: usize;
        /// How many core values it is when it is passed flat.
        const FLAT: usize;
        /// Whether it lies in memory here as it does at the boundary, so that lists of it need no copying.
        const SAME: bool = false;

        /// As core values, and in memory.
        unsafe fn lend(&self, to: &mut Arguments);
        unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments);
        /// The same of a reference: a handle is lent.
        #[inline(always)]
        unsafe fn share(&self, to: &mut Arguments) {
            self.lend(to)
        }
        #[inline(always)]
        unsafe fn share_to(&self, at: *mut u8, to: &mut Arguments) {
            self.lend_to(at, to)
        }
    }

    /// A type whose values come and are handed over for good.
    pub unsafe trait Value: Lend + Sized {
        unsafe fn lift(slots: &mut Slots) -> Self;
        /// Takes over what the value points to.
        unsafe fn load(at: *const u8) -> Self;
        /// Hands over what the value points to.
        unsafe fn store(self, at: *mut u8);
    }

    unsafe impl<T: Lend> Lend for &T {
        const SIZE: usize = T::SIZE;
        const ALIGN: usize = T::ALIGN;
        const FLAT: usize = T::FLAT;
        #[inline(always)]
        unsafe fn lend(&self, to: &mut Arguments) {
            T::share(self, to)
        }
        #[inline(always)]
        unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments) {
            T::share_to(self, at, to)
        }
    }

    /// The bits of a value with one core value, which is handed over.
    #[inline(always)]
    pub unsafe fn lower<T: Lend>(value: T) -> u64 {
        let mut slots = [0];
        let mut to = Arguments::new(&mut slots);
        value.lend(&mut to);
        to.slot(0)
    }

    /// Gives back the memory of a value that was handed over, but not its handles, which are the receiver's.
    pub unsafe fn forget_handles<T: Value>(at: *mut u8) {
        let value = T::load(at);
        value.lend_to(at, &mut Arguments::new(&mut []));
    }

    /// A kind of resource.
    pub unsafe trait Kind {
        unsafe fn drop(handle: u32);
    }

    /// A handle, whose resource ends with it unless it was given away.
    #[repr(transparent)]
    pub struct Resource<T: Kind> {
        handle: AtomicU32,
        kind: PhantomData<T>,
    }

    /// No handle has this number.
    const GIVEN_AWAY: u32 = u32::MAX;

    impl<T: Kind> Resource<T> {
        #[inline(always)]
        pub unsafe fn from_handle(handle: u32) -> Self {
            Resource { handle: AtomicU32::new(handle), kind: PhantomData }
        }
        #[inline(always)]
        pub fn handle(&self) -> u32 {
            self.handle.load(Relaxed)
        }
        #[inline(always)]
        pub fn take_handle(&self) -> u32 {
            self.handle.swap(GIVEN_AWAY, Relaxed)
        }
    }

    impl<T: Kind> Drop for Resource<T> {
        fn drop(&mut self) {
            let handle = self.take_handle();
            if handle != GIVEN_AWAY {
                unsafe { T::drop(handle) }
            }
        }
    }

    impl<T: Kind> std::fmt::Debug for Resource<T> {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.debug_struct("Resource").field("handle", &self.handle()).finish()
        }
    }

    static mut BORROWED: Vec<Box<dyn Any>> = Vec::new();

    /// Keeps a handle that was lent to the call that goes on.
    pub unsafe fn borrowed<'a, T: 'static>(handle: T) -> &'a T {
        let kept = Box::new(handle);
        let at: *const T = &*kept;
        (*std::ptr::addr_of_mut!(BORROWED)).push(kept);
        &*at
    }

    /// What was lent must be dropped before the call returns.
    pub unsafe fn end_borrows() {
        (*std::ptr::addr_of_mut!(BORROWED)).clear()
    }

    /// Where a result stays until it was read.
    #[repr(C, align(8))]
    pub struct Area<const N: usize>(pub [u8; N]);

    pub fn trap() -> ! {
        #[cfg(target_arch = "wasm32")]
        core::arch::wasm32::unreachable();
        #[cfg(not(target_arch = "wasm32"))]
        std::process::abort()
    }

    pub const fn max(a: usize, b: usize) -> usize {
        if a > b {
            a
        } else {
            b
        }
    }

    pub const fn align_to(at: usize, align: usize) -> usize {
        (at + align - 1) / align * align
    }

    unsafe fn release(block: *mut u8, size: usize, align: usize) {
        if size != 0 {
            alloc::dealloc(block, Layout::from_size_align_unchecked(size, align));
        }
    }

    /// What the host gets memory for arguments from.
    pub unsafe fn reallocate(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
        if size == 0 {
            return align as *mut u8;
        }
        let block = if old_size == 0 {
            alloc::alloc(Layout::from_size_align_unchecked(size, align))
        } else {
            alloc::realloc(old, Layout::from_size_align_unchecked(old_size, align), size)
        };
        if block.is_null() {
            trap()
        }
        block
    }

    unsafe fn take<T: Value>(block: *mut u8, len: usize) -> Vec<T> {
        if len == 0 {
            return Vec::new();
        }
        if T::SAME {
            return Vec::from_raw_parts(block as *mut T, len, len);
        }
        let mut list = Vec::with_capacity(len);
        for i in 0..len {
            list.push(T::load(block.add(i * T::SIZE)));
        }
        release(block, len * T::SIZE, T::ALIGN);
        list
    }

    unsafe fn give<T: Value>(list: Vec<T>) -> (*mut u8, usize) {
        let len = list.len();
        if len == 0 {
            return (T::ALIGN as *mut u8, 0);
        }
        if T::SAME {
            return (Box::into_raw(list.into_boxed_slice()) as *mut T as *mut u8, len);
        }
        let size = len.checked_mul(T::SIZE).unwrap_or_else(|| trap());
        let block = reallocate(std::ptr::null_mut(), 0, T::ALIGN, size);
        for (i, value) in list.into_iter().enumerate() {
            value.store(block.add(i * T::SIZE));
        }
        (block, len)
    }

    macro_rules! numbers {
        ($($type:ty, $size:literal, $bits:ident => $lift:expr, $value:ident => $lower:expr;)*) => {$(
            unsafe impl Lend for $type {
                const SIZE: usize = $size;
                const ALIGN: usize = $size;
                const FLAT: usize = 1;
                const SAME: bool = true;
                #[inline(always)]
                unsafe fn lend(&self, to: &mut Arguments) {
                    let $value = *self;
                    to.push($lower)
                }
                #[inline(always)]
                unsafe fn lend_to(&self, at: *mut u8, _: &mut Arguments) {
                    (at as *mut $type).write(*self)
                }
            }
            unsafe impl Value for $type {
                #[inline(always)]
                unsafe fn lift(slots: &mut Slots) -> Self {
                    let $bits = slots.next();
                    $lift
                }
                #[inline(always)]
                unsafe fn load(at: *const u8) -> Self {
                    (at as *const $type).read()
                }
                #[inline(always)]
                unsafe fn store(self, at: *mut u8) {
                    (at as *mut $type).write(self)
                }
            }
        )*};
    }
    numbers! {
        bool, 1, bits => bits as u32 != 0, value => value as u64;
        i8, 1, bits => bits as i8, value => value as u64;
        u8, 1, bits => bits as u8, value => value as u64;
        i16, 2, bits => bits as i16, value => value as u64;
        u16, 2, bits => bits as u16, value => value as u64;
        i32, 4, bits => bits as i32, value => value as u64;
        u32, 4, bits => bits as u32, value => value as u64;
        i64, 8, bits => bits as i64, value => value as u64;
        u64, 8, bits => bits, value => value;
        f32, 4, bits => f32::from_bits(bits as u32), value => value.to_bits() as u64;
        f64, 8, bits => f64::from_bits(bits), value => value.to_bits();
        char, 4, bits => char::from_u32_unchecked(bits as u32), value => value as u64;
    }

    /// What is absent of a result.
    unsafe impl Lend for () {
        const SIZE: usize = 0;
        const ALIGN: usize = 1;
        const FLAT: usize = 0;
        unsafe fn lend(&self, _: &mut Arguments) {}
        unsafe fn lend_to(&self, _: *mut u8, _: &mut Arguments) {}
    }
    unsafe impl Value for () {
        unsafe fn lift(_: &mut Slots) -> Self {}
        unsafe fn load(_: *const u8) -> Self {}
        unsafe fn store(self, _: *mut u8) {}
    }

    /// A pointer and a length, of a list that is only looked at.
    macro_rules! lent_blocks {
        ($([$($generics:tt)*] $type:ty, $value:ident => $list:expr;)*) => {$(
            unsafe impl<$($generics)*> Lend for $type {
                const SIZE: usize = 8;
                const ALIGN: usize = 4;
                const FLAT: usize = 2;
                #[inline(always)]
                unsafe fn lend(&self, to: &mut Arguments) {
                    let $value = self;
                    let kept = $list;
                    let list = &kept[..];
                    let block = to.list(list);
                    to.push(block as u64);
                    to.push(list.len() as u64);
                }
                unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments) {
                    let $value = self;
                    let kept = $list;
                    let list = &kept[..];
                    (at as *mut usize).write(to.list(list));
                    (at as *mut usize).add(1).write(list.len());
                }
            }
        )*};
    }
    lent_blocks! {
        ['a] &'a str, value => value.as_bytes();
        ['a, T: Lend] &'a [T], value => *value;
        [] String, value => value.as_bytes();
        [T: Lend] Vec<T>, value => value.as_slice();
        [K: Lend + Ord, V: Lend] BTreeMap<K, V>, value => value.iter().collect::<Vec<_>>();
    }

    /// A pointer and a length.
    macro_rules! blocks {
        ($([$($generics:tt)*] $type:ty, $element:ty, $list:ident => $take:expr, $value:ident => $give:expr;)*) => {$(
            unsafe impl<$($generics)*> Value for $type {
                unsafe fn lift(slots: &mut Slots) -> Self {
                    let block = slots.next() as usize as *mut u8;
                    let $list = take::<$element>(block, slots.next() as usize);
                    $take
                }
                unsafe fn load(at: *const u8) -> Self {
                    let block = (at as *const usize).read() as *mut u8;
                    let $list = take::<$element>(block, (at as *const usize).add(1).read());
                    $take
                }
                unsafe fn store(self, at: *mut u8) {
                    let $value = self;
                    let (block, len) = give::<$element>($give);
                    (at as *mut usize).write(block as usize);
                    (at as *mut usize).add(1).write(len);
                }
            }
        )*};
    }
    blocks! {
        [] String, u8, list => String::from_utf8_unchecked(list), value => value.into_bytes();
        [T: Value] Vec<T>, T, list => list, value => value;
        [K: Value + Ord, V: Value] BTreeMap<K, V>, (K, V),
            list => list.into_iter().collect(), value => value.into_iter().collect();
    }

    unsafe impl<T: Lend, const N: usize> Lend for [T; N] {
        const SIZE: usize = T::SIZE * N;
        const ALIGN: usize = T::ALIGN;
        const FLAT: usize = T::FLAT * N;
        const SAME: bool = T::SAME;
        #[inline(always)]
        unsafe fn lend(&self, to: &mut Arguments) {
            for value in self {
                value.lend(to);
            }
        }
        unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments) {
            for (i, value) in self.iter().enumerate() {
                value.lend_to(at.add(i * T::SIZE), to);
            }
        }
    }
    unsafe impl<T: Value, const N: usize> Value for [T; N] {
        unsafe fn lift(slots: &mut Slots) -> Self {
            std::array::from_fn(|_| T::lift(slots))
        }
        unsafe fn load(at: *const u8) -> Self {
            std::array::from_fn(|i| T::load(at.add(i * T::SIZE)))
        }
        unsafe fn store(self, at: *mut u8) {
            for (i, value) in self.into_iter().enumerate() {
                value.store(at.add(i * T::SIZE));
            }
        }
    }

    unsafe impl<T: Lend> Lend for Option<T> {
        const ALIGN: usize = T::ALIGN;
        const SIZE: usize = align_to(1, T::ALIGN) + align_to(T::SIZE, T::ALIGN);
        const FLAT: usize = 1 + T::FLAT;
        #[inline(always)]
        unsafe fn lend(&self, to: &mut Arguments) {
            to.cases(T::FLAT, self.is_some() as u64, |to| {
                if let Some(value) = self {
                    value.lend(to)
                }
            })
        }
        unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments) {
            at.write(self.is_some() as u8);
            if let Some(value) = self {
                value.lend_to(at.add(align_to(1, T::ALIGN)), to);
            }
        }
    }
    unsafe impl<T: Value> Value for Option<T> {
        #[inline(always)]
        unsafe fn lift(slots: &mut Slots) -> Self {
            slots.cases(T::FLAT, |tag, slots| if tag == 0 { None } else { Some(T::lift(slots)) })
        }
        unsafe fn load(at: *const u8) -> Self {
            match *at {
                0 => None,
                _ => Some(T::load(at.add(align_to(1, T::ALIGN)))),
            }
        }
        unsafe fn store(self, at: *mut u8) {
            at.write(self.is_some() as u8);
            if let Some(value) = self {
                value.store(at.add(align_to(1, T::ALIGN)));
            }
        }
    }

    unsafe impl<T: Lend, E: Lend> Lend for Result<T, E> {
        const ALIGN: usize = max(T::ALIGN, E::ALIGN);
        const SIZE: usize = align_to(1, Self::ALIGN) + align_to(max(T::SIZE, E::SIZE), Self::ALIGN);
        const FLAT: usize = 1 + max(T::FLAT, E::FLAT);
        #[inline(always)]
        unsafe fn lend(&self, to: &mut Arguments) {
            to.cases(Self::FLAT - 1, self.is_err() as u64, |to| match self {
                Ok(value) => value.lend(to),
                Err(error) => error.lend(to),
            })
        }
        unsafe fn lend_to(&self, at: *mut u8, to: &mut Arguments) {
            let payload = at.add(align_to(1, Self::ALIGN));
            at.write(self.is_err() as u8);
            match self {
                Ok(value) => value.lend_to(payload, to),
                Err(error) => error.lend_to(payload, to),
            }
        }
    }
    unsafe impl<T: Value, E: Value> Value for Result<T, E> {
        #[inline(always)]
        unsafe fn lift(slots: &mut Slots) -> Self {
            slots.cases(Self::FLAT - 1, |tag, slots| {
                if tag == 0 {
                    Ok(T::lift(slots))
                } else {
                    Err(E::lift(slots))
                }
            })
        }
        unsafe fn load(at: *const u8) -> Self {
            let payload = at.add(align_to(1, Self::ALIGN));
            match *at {
                0 => Ok(T::load(payload)),
                _ => Err(E::load(payload)),
            }
        }
        unsafe fn store(self, at: *mut u8) {
            let payload = at.add(align_to(1, Self::ALIGN));
            at.write(self.is_err() as u8);
            match self {
                Ok(value) => value.store(payload),
                Err(error) => error.store(payload),
            }
        }
    }
}

/// A record: its fields in order; or a tuple, whose layout is not promised to be the same. A type of which
/// there are only lent values is not lifted.
macro_rules! fields_value {
    ([$($generics:tt)*] $type:ty, $same:tt, $($field:tt: $part:ty,)*) => {
        fields_value! { @lend [$($generics)*] $type, $same, $($field: $part,)* }
        fields_value! { @value [$($generics)*] $type, $same, $($field: $part,)* }
    };
    (@tuple [$($lent:tt)*] [$($value:tt)*] $type:ty, $($field:tt: $part:ty,)*) => {
        fields_value! { @lend [$($lent)*] $type, false, $($field: $part,)* }
        fields_value! { @value [$($value)*] $type, false, $($field: $part,)* }
    };
    (@lend [$($generics:tt)*] $type:ty, $same:tt, $($field:tt: $part:ty,)*) => {
        unsafe impl<$($generics)*> _rt::Lend for $type {
            const ALIGN: usize = {
                let mut align = 1;
                $(align = _rt::max(align, <$part as _rt::Lend>::ALIGN);)*
                align
            };
            const SIZE: usize = {
                let mut at = 0;
                $(at = _rt::align_to(at, <$part as _rt::Lend>::ALIGN) + <$part as _rt::Lend>::SIZE;)*
                _rt::align_to(at, Self::ALIGN)
            };
            const FLAT: usize = 0 $(+ <$part as _rt::Lend>::FLAT)*;
            const SAME: bool = $same $(&& <$part as _rt::Lend>::SAME)*;
            #[inline(always)]
            unsafe fn lend(&self, to: &mut _rt::Arguments) {
                $(_rt::Lend::lend(&self.$field, to);)*
            }
            #[inline(always)]
            unsafe fn lend_to(&self, at: *mut u8, to: &mut _rt::Arguments) {
                let mut fields = _rt::Fields::new(at);
                $(_rt::Lend::lend_to(&self.$field, fields.next::<$part>(), to);)*
            }
        }
    };
    (@value [$($generics:tt)*] $type:ty, $same:tt, $($field:tt: $part:ty,)*) => {
        unsafe impl<$($generics)*> _rt::Value for $type {
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                fields_value!(@made $same, $($field: <$part as _rt::Value>::lift(slots),)*)
            }
            #[inline(always)]
            unsafe fn load(at: *const u8) -> Self {
                let mut fields = _rt::Fields::new(at as *mut u8);
                fields_value!(@made $same, $($field: fields.load::<$part>(),)*)
            }
            #[inline(always)]
            unsafe fn store(self, at: *mut u8) {
                let mut fields = _rt::Fields::new(at);
                $(fields.store::<$part>(self.$field);)*
            }
        }
    };
    (@made false, $($field:tt: $value:expr,)*) => { ($($value,)*) };
    (@made true, $($field:tt: $value:expr,)*) => { Self { $($field: $value),* } };
}

/// A variant or an enum: a number, and for some cases a payload.
macro_rules! cases_value {
    ([$($generics:tt)*] $type:ty, $number:ty, $same:literal, $($tag:literal => $case:ident $(($payload:ident: $part:ty))?,)*) => {
        unsafe impl<$($generics)*> _rt::Lend for $type {
            const ALIGN: usize = {
                let mut align = <$number as _rt::Lend>::ALIGN;
                $($(align = _rt::max(align, <$part as _rt::Lend>::ALIGN);)?)*
                align
            };
            const SIZE: usize = {
                let mut size = 0;
                $($(size = _rt::max(size, <$part as _rt::Lend>::SIZE);)?)*
                _rt::align_to(Self::OFFSET + size, Self::ALIGN)
            };
            const FLAT: usize = {
                let mut flat = 0;
                $($(flat = _rt::max(flat, <$part as _rt::Lend>::FLAT);)?)*
                1 + flat
            };
            const SAME: bool = $same;
            #[inline(always)]
            unsafe fn lend(&self, to: &mut _rt::Arguments) {
                match self {
                    $(Self::$case $(($payload))? => to.cases(Self::FLAT - 1, $tag, |_to| {
                        $(_rt::Lend::lend($payload, _to);)?
                    }),)*
                }
            }
            #[inline(always)]
            unsafe fn lend_to(&self, at: *mut u8, to: &mut _rt::Arguments) {
                match self {
                    $(Self::$case $(($payload))? => {
                        (at as *mut $number).write($tag);
                        $(<$part as _rt::Lend>::lend_to($payload, at.add(Self::OFFSET), to);)?
                    })*
                }
            }
        }
        unsafe impl<$($generics)*> _rt::Value for $type {
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                slots.cases(<Self as _rt::Lend>::FLAT - 1, |tag, slots| match tag {
                    $($tag => Self::$case $((<$part as _rt::Value>::lift(slots)))?,)*
                    _ => _rt::trap(),
                })
            }
            #[inline(always)]
            unsafe fn load(at: *const u8) -> Self {
                match (at as *const $number).read() {
                    $($tag => Self::$case $((<$part as _rt::Value>::load(at.add(Self::OFFSET))))?,)*
                    _ => _rt::trap(),
                }
            }
            #[inline(always)]
            unsafe fn store(self, at: *mut u8) {
                match self {
                    $(Self::$case $(($payload))? => {
                        (at as *mut $number).write($tag);
                        $(<$part as _rt::Value>::store($payload, at.add(Self::OFFSET));)?
                    })*
                }
            }
        }
        impl<$($generics)*> $type {
            /// Where payloads begin.
            const OFFSET: usize = {
                let mut align = 1;
                $($(align = _rt::max(align, <$part as _rt::Lend>::ALIGN);)?)*
                _rt::align_to(<$number as _rt::Lend>::SIZE, align)
            };
        }
    };
}

/// What a resource's handle does at the boundary; all functions of a resource are imports.
macro_rules! resource_import {
    ($module:tt, $name:tt, ($($param:ident: $type:ty)?) $(-> $result:ty)?) => {{
        #[cfg(not(target_arch = "wasm32"))]
        unsafe fn import($($param: $type)?) $(-> $result)? {
            ::std::unreachable!()
        }
        #[cfg(target_arch = "wasm32")]
        #[link(wasm_import_module = $module)]
        extern "C" {
            #[link_name = $name]
            fn import($($param: $type)?) $(-> $result)?;
        }
        import
    }};
}

macro_rules! handle_value {
    ($type:ident, $module:tt, $drop:tt) => {
        unsafe impl _rt::Kind for $type {
            unsafe fn drop(handle: u32) {
                resource_import!($module, $drop, (handle: u32))(handle)
            }
        }
        unsafe impl _rt::Lend for $type {
            const SIZE: usize = 4;
            const ALIGN: usize = 4;
            const FLAT: usize = 1;
            #[inline(always)]
            unsafe fn lend(&self, to: &mut _rt::Arguments) {
                to.push(self.handle.take_handle() as u64)
            }
            #[inline(always)]
            unsafe fn lend_to(&self, at: *mut u8, _: &mut _rt::Arguments) {
                (at as *mut u32).write(self.handle.take_handle())
            }
            #[inline(always)]
            unsafe fn share(&self, to: &mut _rt::Arguments) {
                to.push(self.handle.handle() as u64)
            }
            #[inline(always)]
            unsafe fn share_to(&self, at: *mut u8, _: &mut _rt::Arguments) {
                (at as *mut u32).write(self.handle.handle())
            }
        }
        unsafe impl _rt::Value for $type {
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                $type { handle: _rt::Resource::from_handle(slots.next() as u32) }
            }
            #[inline(always)]
            unsafe fn load(at: *const u8) -> Self {
                $type { handle: _rt::Resource::from_handle((at as *const u32).read()) }
            }
            #[inline(always)]
            unsafe fn store(self, at: *mut u8) {
                (at as *mut u32).write(self.handle.take_handle())
            }
        }
    };
}

/// A resource that others implement: a handle, which may also be lent to a function of ours.
macro_rules! imported_resource {
    ($(#[$docs:meta])* $type:ident, $module:tt, $drop:tt) => {
        $(#[$docs])*
        #[derive(Debug)]
        #[repr(transparent)]
        pub struct $type {
            handle: _rt::Resource<$type>,
        }
        handle_value! { $type, $module, $drop }
        unsafe impl<'a> _rt::Value for &'a $type {
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                _rt::borrowed(<$type as _rt::Value>::lift(slots))
            }
            unsafe fn load(at: *const u8) -> Self {
                _rt::borrowed(<$type as _rt::Value>::load(at))
            }
            unsafe fn store(self, _: *mut u8) {
                _rt::trap()
            }
        }
    };
}

/// A resource that is implemented here by a type with the trait `$guest`: a handle, and what stands for it
/// where it is lent.
macro_rules! exported_resource {
    ($(#[$docs:meta])* $type:ident, $borrow:ident, $guest:ident, $module:tt, $new:tt, $rep:tt, $drop:tt) => {
        $(#[$docs])*
        #[derive(Debug)]
        #[repr(transparent)]
        pub struct $type {
            handle: _rt::Resource<$type>,
        }
        handle_value! { $type, $module, $drop }

        impl $type {
            /// A resource that is represented by `value`.
            pub fn new<T: $guest>(value: T) -> Self {
                let rep = ::std::boxed::Box::into_raw(::std::boxed::Box::new(::std::option::Option::Some(value)));
                unsafe {
                    let handle = resource_import!($module, $new, (rep: *mut u8) -> u32)(rep as *mut u8);
                    $type { handle: _rt::Resource::from_handle(handle) }
                }
            }
            fn rep<T: $guest>(&self) -> *mut ::std::option::Option<T> {
                unsafe {
                    let rep = resource_import!($module, $rep, (handle: u32) -> *mut u8)(self.handle.handle());
                    rep as *mut ::std::option::Option<T>
                }
            }
            /// The value that represents it, which must be of the type that it was made with.
            pub fn get<T: $guest>(&self) -> &T {
                unsafe { (*self.rep::<T>()).as_ref().unwrap() }
            }
            pub fn get_mut<T: $guest>(&mut self) -> &mut T {
                unsafe { (*self.rep::<T>()).as_mut().unwrap() }
            }
            /// Ends the resource, but not the value.
            pub fn into_inner<T: $guest>(self) -> T {
                unsafe { (*self.rep::<T>()).take().unwrap() }
            }
        }

        /// The same, lent for a call.
        #[derive(Clone, Copy, Debug)]
        pub struct $borrow<'a> {
            rep: *mut u8,
            lent: ::std::marker::PhantomData<&'a $type>,
        }

        impl<'a> $borrow<'a> {
            /// The value that represents the resource, which must be of the type that it was made with.
            pub fn get<T: $guest>(&self) -> &'a T {
                unsafe { (*(self.rep as *mut ::std::option::Option<T>)).as_ref().unwrap() }
            }
        }

        unsafe impl<'a> _rt::Lend for $borrow<'a> {
            const SIZE: usize = 4;
            const ALIGN: usize = 4;
            const FLAT: usize = 1;
            unsafe fn lend(&self, _: &mut _rt::Arguments) {
                _rt::trap()
            }
            unsafe fn lend_to(&self, _: *mut u8, _: &mut _rt::Arguments) {
                _rt::trap()
            }
        }
        unsafe impl<'a> _rt::Value for $borrow<'a> {
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                $borrow { rep: slots.next() as usize as *mut u8, lent: ::std::marker::PhantomData }
            }
            #[inline(always)]
            unsafe fn load(at: *const u8) -> Self {
                $borrow { rep: (at as *const u32).read() as usize as *mut u8, lent: ::std::marker::PhantomData }
            }
            unsafe fn store(self, _: *mut u8) {
                _rt::trap()
            }
        }
    };
}

/// A set of flags, with what the crate bitflags gives it.
macro_rules! flags_type {
    ($(#[$docs:meta])* $type:ident: $number:ty, $all:literal, $($(#[$flag_docs:meta])* $flag:ident = $bit:literal,)*) => {
        $(#[$docs])*
        #[repr(transparent)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type {
            bits: $number,
        }

        impl $type {
            $($(#[$flag_docs])* pub const $flag: Self = Self { bits: 1 << $bit };)*

            pub const fn bits(&self) -> $number {
                self.bits
            }
            pub const fn empty() -> Self {
                Self { bits: 0 }
            }
            pub const fn all() -> Self {
                Self { bits: $all }
            }
            pub const fn from_bits_retain(bits: $number) -> Self {
                Self { bits }
            }
            pub const fn from_bits_truncate(bits: $number) -> Self {
                Self { bits: bits & $all }
            }
            pub const fn from_bits(bits: $number) -> ::std::option::Option<Self> {
                if bits & !$all == 0 {
                    ::std::option::Option::Some(Self { bits })
                } else {
                    ::std::option::Option::None
                }
            }
            pub const fn is_empty(&self) -> bool {
                self.bits == 0
            }
            pub const fn is_all(&self) -> bool {
                self.bits & $all == $all
            }
            pub const fn contains(&self, other: Self) -> bool {
                self.bits & other.bits == other.bits
            }
            pub const fn intersects(&self, other: Self) -> bool {
                self.bits & other.bits != 0
            }
            pub const fn union(self, other: Self) -> Self {
                Self { bits: self.bits | other.bits }
            }
            pub const fn intersection(self, other: Self) -> Self {
                Self { bits: self.bits & other.bits }
            }
            pub const fn difference(self, other: Self) -> Self {
                Self { bits: self.bits & !other.bits }
            }
            pub const fn symmetric_difference(self, other: Self) -> Self {
                Self { bits: self.bits ^ other.bits }
            }
            pub const fn complement(self) -> Self {
                Self { bits: !self.bits & $all }
            }
            pub fn insert(&mut self, other: Self) {
                self.bits |= other.bits;
            }
            pub fn remove(&mut self, other: Self) {
                self.bits &= !other.bits;
            }
            pub fn toggle(&mut self, other: Self) {
                self.bits ^= other.bits;
            }
            pub fn set(&mut self, other: Self, value: bool) {
                if value {
                    self.insert(other)
                } else {
                    self.remove(other)
                }
            }
        }

        flags_type!(@operators $type, BitOr bitor BitOrAssign bitor_assign union,
            BitAnd bitand BitAndAssign bitand_assign intersection,
            BitXor bitxor BitXorAssign bitxor_assign symmetric_difference,
            Sub sub SubAssign sub_assign difference,);
        impl ::std::ops::Not for $type {
            type Output = Self;
            fn not(self) -> Self {
                self.complement()
            }
        }

        unsafe impl _rt::Lend for $type {
            const SIZE: usize = <$number as _rt::Lend>::SIZE;
            const ALIGN: usize = Self::SIZE;
            const FLAT: usize = 1;
            const SAME: bool = true;
            #[inline(always)]
            unsafe fn lend(&self, to: &mut _rt::Arguments) {
                to.push(self.bits as u64)
            }
            #[inline(always)]
            unsafe fn lend_to(&self, at: *mut u8, _: &mut _rt::Arguments) {
                (at as *mut $number).write(self.bits)
            }
        }
        unsafe impl _rt::Value for $type {
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                Self { bits: slots.next() as $number }
            }
            #[inline(always)]
            unsafe fn load(at: *const u8) -> Self {
                Self { bits: (at as *const $number).read() }
            }
            #[inline(always)]
            unsafe fn store(self, at: *mut u8) {
                (at as *mut $number).write(self.bits)
            }
        }
    };
    (@operators $type:ident, $($trait:ident $method:ident $assign:ident $assign_method:ident $does:ident,)*) => {$(
        impl ::std::ops::$trait for $type {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.$does(other)
            }
        }
        impl ::std::ops::$assign for $type {
            fn $assign_method(&mut self, other: Self) {
                *self = self.$does(other);
            }
        }
    )*};
}
