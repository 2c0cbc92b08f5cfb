//! Integers modulo the two primes of secp256k1. Not in constant time: nothing secret is computed here.

#![forbid(unsafe_code)]

use std::marker::PhantomData;
use std::ops::{Add, Mul, Neg, Sub};

/// Limbs of 64 bits, the least first.
type Limbs = [u64; 4];

/// A prime just below 2^256.
pub trait Prime: Copy {
    const PRIME: Limbs;
    /// 2^256 less the prime: what 2^256 is worth modulo it.
    const REST: [u64; 3];
}

/// Of the coordinates of points (SEC 2, 2.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field;

/// Of the number of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order;

impl Prime for Field {
    const PRIME: Limbs = [0xffff_fffe_ffff_fc2f, u64::MAX, u64::MAX, u64::MAX];
    const REST: [u64; 3] = [0x1_0000_03d1, 0, 0];
}

impl Prime for Order {
    const PRIME: Limbs = [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, u64::MAX];
    const REST: [u64; 3] = [0x402d_a173_2fc9_bebf, 0x4551_2319_50b7_5fc4, 1];
}

/// Always below the prime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residue<P>(Limbs, PhantomData<P>);

impl<P: Prime> Residue<P> {
    pub const ZERO: Self = Self::small(0);
    pub const ONE: Self = Self::small(1);

    pub const fn small(value: u64) -> Self {
        Self([value, 0, 0, 0], PhantomData)
    }

    /// Of limbs that are below the prime.
    pub const fn of(limbs: Limbs) -> Self {
        Self(limbs, PhantomData)
    }

    /// The integer of 32 bytes, big-endian; `None` unless it is below the prime.
    pub fn exact(bytes: &[u8; 32]) -> Option<Self> {
        let limbs = limbs(bytes);
        (!is_at_least(&limbs, &P::PRIME)).then_some(Self(limbs, PhantomData))
    }

    /// The same, whatever it is.
    pub fn wrapped(bytes: &[u8; 32]) -> Self {
        reduced(widened(limbs(bytes), 0))
    }

    /// 32 bytes, big-endian.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, limb) in bytes.rchunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&limb.to_be_bytes());
        }
        bytes
    }

    pub fn is_odd(&self) -> bool {
        self.0[0] & 1 == 1
    }

    pub fn square(self) -> Self {
        self * self
    }

    /// By Fermat's theorem; of zero it is zero.
    pub fn inverse(self) -> Self {
        // The least limb of neither prime is below 2.
        let [least, rest @ ..] = P::PRIME;
        self.power([least - 2, rest[0], rest[1], rest[2]])
    }

    pub fn power(self, exponent: Limbs) -> Self {
        let mut power = Self::ONE;
        for bit in (0..256).rev() {
            power = power.square();
            if exponent[bit / 64] >> (bit % 64) & 1 == 1 {
                power = power * self;
            }
        }
        power
    }
}

impl Residue<Order> {
    /// Four bits of it, the most significant first; `index` from 0 to 63.
    pub fn nibble(&self, index: usize) -> usize {
        (self.0[3 - index / 16] >> (60 - 4 * (index % 16)) & 15) as usize
    }
}

impl<P: Prime> Add for Residue<P> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (mut sum, mut carry) = ([0; 4], 0);
        for i in 0..4 {
            let limb = u128::from(self.0[i]) + u128::from(other.0[i]) + carry;
            sum[i] = limb as u64;
            carry = limb >> 64;
        }
        reduced(widened(sum, carry as u64))
    }
}

impl<P: Prime> Neg for Residue<P> {
    type Output = Self;

    fn neg(self) -> Self {
        reduced(widened(less(&P::PRIME, &self.0), 0))
    }
}

impl<P: Prime> Sub for Residue<P> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<P: Prime> Mul for Residue<P> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let mut product = [0; 8];
        for (i, limb) in self.0.into_iter().enumerate() {
            add_product(&mut product, i, limb, &other.0);
        }
        reduced(product)
    }
}

/// Adds `limb * factor` at a limb; there must be room for what is carried.
fn add_product<const N: usize>(sum: &mut [u64; 8], at: usize, limb: u64, factor: &[u64; N]) {
    let mut carry = 0_u128;
    for (j, other) in factor.iter().enumerate() {
        let added = u128::from(sum[at + j]) + u128::from(limb) * u128::from(*other) + carry;
        sum[at + j] = added as u64;
        carry = added >> 64;
    }
    let mut place = at + N;
    while carry > 0 {
        let added = u128::from(sum[place]) + carry;
        sum[place] = added as u64;
        carry = added >> 64;
        place += 1;
    }
}

/// Folds what lies above 256 bits onto what lies below until nothing does: each time it loses at least 120 bits.
fn reduced<P: Prime>(mut wide: [u64; 8]) -> Residue<P> {
    while wide[4..] != [0; 4] {
        let [a, b, c, d, high @ ..] = wide;
        wide = [a, b, c, d, 0, 0, 0, 0];
        for (i, limb) in high.into_iter().enumerate() {
            add_product(&mut wide, i, limb, &P::REST);
        }
    }
    let low = [wide[0], wide[1], wide[2], wide[3]];
    Residue(if is_at_least(&low, &P::PRIME) { less(&low, &P::PRIME) } else { low }, PhantomData)
}

fn widened([a, b, c, d]: Limbs, carry: u64) -> [u64; 8] {
    [a, b, c, d, carry, 0, 0, 0]
}

fn limbs(bytes: &[u8; 32]) -> Limbs {
    let mut limbs = [0; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.rchunks_exact(8)) {
        *limb = chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
    limbs
}

fn is_at_least(a: &Limbs, b: &Limbs) -> bool {
    a.iter().rev().ge(b.iter().rev())
}

/// `a - b`, which is not below zero.
fn less(a: &Limbs, b: &Limbs) -> Limbs {
    let (mut difference, mut borrow) = ([0; 4], false);
    for i in 0..4 {
        let (limb, first) = a[i].overflowing_sub(b[i]);
        let (limb, second) = limb.overflowing_sub(u64::from(borrow));
        difference[i] = limb;
        borrow = first || second;
    }
    difference
}
