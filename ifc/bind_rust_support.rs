
/// How values cross the boundary: the component model's Canonical ABI, for each type of an interface.
#[doc(hidden)]
#[cfg(target_arch = "wasm32")]
pub mod _rt {
    use std::alloc::{self, Layout};
    use std::collections::BTreeMap;

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
        unsafe fn next<T: Value>(&mut self) -> *mut u8 {
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

    /// A type whose values cross.
    pub unsafe trait Value: Sized {
        const SIZE: usize;
        const ALIGN: usize;
        /// How many core values it is when it is passed flat.
        const FLAT: usize;
        /// Whether it lies in memory here as it does at the boundary, so that lists of it need no copying.
        const SAME: bool = false;

        unsafe fn lift(slots: &mut Slots) -> Self;
        /// Takes over what the value points to.
        unsafe fn load(at: *const u8) -> Self;
        /// Hands over what the value points to.
        unsafe fn store(self, at: *mut u8);
        /// The bits of a type with one core value.
        #[inline(always)]
        fn lower(self) -> u64 {
            trap()
        }
    }

    /// Where a result stays until it was read.
    #[repr(C, align(8))]
    pub struct Area<const N: usize>(pub [u8; N]);

    pub fn trap() -> ! {
        core::arch::wasm32::unreachable()
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
            unsafe impl Value for $type {
                const SIZE: usize = $size;
                const ALIGN: usize = $size;
                const FLAT: usize = 1;
                const SAME: bool = true;
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
                #[inline(always)]
                fn lower(self) -> u64 {
                    let $value = self;
                    $lower
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
    unsafe impl Value for () {
        const SIZE: usize = 0;
        const ALIGN: usize = 1;
        const FLAT: usize = 0;
        unsafe fn lift(_: &mut Slots) -> Self {}
        unsafe fn load(_: *const u8) -> Self {}
        unsafe fn store(self, _: *mut u8) {}
    }

    /// A pointer and a length.
    macro_rules! blocks {
        ($([$($generics:tt)*] $type:ty, $element:ty, $list:ident => $take:expr, $value:ident => $give:expr;)*) => {$(
            unsafe impl<$($generics)*> Value for $type {
                const SIZE: usize = 8;
                const ALIGN: usize = 4;
                const FLAT: usize = 2;
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

    unsafe impl<T: Value, const N: usize> Value for [T; N] {
        const SIZE: usize = T::SIZE * N;
        const ALIGN: usize = T::ALIGN;
        const FLAT: usize = T::FLAT * N;
        const SAME: bool = T::SAME;
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
        #[inline(always)]
        fn lower(self) -> u64 {
            match self.into_iter().next() {
                Some(value) => value.lower(),
                None => trap(),
            }
        }
    }

    unsafe impl<T: Value> Value for Option<T> {
        const ALIGN: usize = T::ALIGN;
        const SIZE: usize = align_to(1, T::ALIGN) + align_to(T::SIZE, T::ALIGN);
        const FLAT: usize = 1 + T::FLAT;
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

    unsafe impl<T: Value, E: Value> Value for Result<T, E> {
        const ALIGN: usize = max(T::ALIGN, E::ALIGN);
        const SIZE: usize = align_to(1, Self::ALIGN) + align_to(max(T::SIZE, E::SIZE), Self::ALIGN);
        const FLAT: usize = 1 + max(T::FLAT, E::FLAT);
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
        #[inline(always)]
        fn lower(self) -> u64 {
            self.is_err() as u64
        }
    }
}

/// A record: its fields in order; or a tuple, whose layout is not promised to be the same.
#[cfg(target_arch = "wasm32")]
macro_rules! fields_value {
    ([$($generics:tt)*] $type:ty, $same:tt, $($field:tt: $part:ty,)*) => {
        unsafe impl<$($generics)*> _rt::Value for $type {
            const ALIGN: usize = {
                let mut align = 1;
                $(align = _rt::max(align, <$part as _rt::Value>::ALIGN);)*
                align
            };
            const SIZE: usize = {
                let mut at = 0;
                $(at = _rt::align_to(at, <$part as _rt::Value>::ALIGN) + <$part as _rt::Value>::SIZE;)*
                _rt::align_to(at, Self::ALIGN)
            };
            const FLAT: usize = 0 $(+ <$part as _rt::Value>::FLAT)*;
            const SAME: bool = $same $(&& <$part as _rt::Value>::SAME)*;
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
            #[inline(always)]
            fn lower(self) -> u64 {
                $(if <$part as _rt::Value>::FLAT == 1 {
                    return _rt::Value::lower(self.$field);
                })*
                _rt::trap()
            }
        }
    };
    (@made false, $($field:tt: $value:expr,)*) => { ($($value,)*) };
    (@made true, $($field:tt: $value:expr,)*) => { Self { $($field: $value),* } };
}

/// A variant or an enum: a number, and for some cases a payload.
#[cfg(target_arch = "wasm32")]
macro_rules! cases_value {
    ($type:ty, $number:ty, $same:literal, $($tag:literal => $case:ident $(($payload:ident: $part:ty))?,)*) => {
        unsafe impl _rt::Value for $type {
            const ALIGN: usize = {
                let mut align = <$number as _rt::Value>::ALIGN;
                $($(align = _rt::max(align, <$part as _rt::Value>::ALIGN);)?)*
                align
            };
            const SIZE: usize = {
                let mut size = 0;
                $($(size = _rt::max(size, <$part as _rt::Value>::SIZE);)?)*
                _rt::align_to(Self::OFFSET + size, Self::ALIGN)
            };
            const FLAT: usize = {
                let mut flat = 0;
                $($(flat = _rt::max(flat, <$part as _rt::Value>::FLAT);)?)*
                1 + flat
            };
            const SAME: bool = $same;
            #[inline(always)]
            unsafe fn lift(slots: &mut _rt::Slots) -> Self {
                slots.cases(Self::FLAT - 1, |tag, slots| match tag {
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
            #[inline(always)]
            fn lower(self) -> u64 {
                match self {
                    $(Self::$case $(($payload))? => {
                        $(drop($payload);)?
                        $tag
                    })*
                }
            }
        }
        impl $type {
            /// Where payloads begin.
            const OFFSET: usize = {
                let mut align = 1;
                $($(align = _rt::max(align, <$part as _rt::Value>::ALIGN);)?)*
                _rt::align_to(<$number as _rt::Value>::SIZE, align)
            };
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

        #[cfg(target_arch = "wasm32")]
        unsafe impl _rt::Value for $type {
            const SIZE: usize = <$number as _rt::Value>::SIZE;
            const ALIGN: usize = Self::SIZE;
            const FLAT: usize = 1;
            const SAME: bool = true;
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
            #[inline(always)]
            fn lower(self) -> u64 {
                self.bits as u64
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
