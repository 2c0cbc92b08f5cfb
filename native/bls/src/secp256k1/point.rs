//! Points of secp256k1, y^2 = x^3 + 7, in Jacobian coordinates (x / z^2, y / z^3).

#![forbid(unsafe_code)]

use super::residue::{Field, Order, Residue};

type Fe = Residue<Field>;

#[derive(Clone, Copy, Debug)]
pub struct Point {
    x: Fe,
    y: Fe,
    /// Zero at infinity.
    z: Fe,
}

/// The quarter of the field's prime plus one: the power that is a square root, where there is one.
const ROOT: [u64; 4] = [0xffff_ffff_bfff_ff0c, u64::MAX, u64::MAX, 0x3fff_ffff_ffff_ffff];

const GENERATOR: Point = Point {
    x: Fe::of([0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac]),
    y: Fe::of([0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465]),
    z: Fe::ONE,
};

impl Point {
    pub const INFINITY: Self = Self { x: Fe::ONE, y: Fe::ONE, z: Fe::ZERO };

    pub fn generator() -> Self {
        GENERATOR
    }

    /// The point over this x with an odd or an even y; `None` where there is none.
    pub fn over(x: Fe, is_odd: bool) -> Option<Self> {
        let square = x.square() * x + Fe::small(7);
        let y = square.power(ROOT);
        if y.square() != square {
            return None;
        }
        Some(Self { x, y: if y.is_odd() == is_odd { y } else { -y }, z: Fe::ONE })
    }

    /// Its coordinates; `None` at infinity.
    pub fn affine(&self) -> Option<(Fe, Fe)> {
        if self.z == Fe::ZERO {
            return None;
        }
        let inverse = self.z.inverse();
        let square = inverse.square();
        Some((self.x * square, self.y * square * inverse))
    }

    /// dbl-2009-l of the Explicit-Formulas Database; no point of this curve has y = 0, as its order is odd.
    pub fn double(&self) -> Self {
        let (a, b) = (self.x.square(), self.y.square());
        let c = b.square();
        let d = twice((self.x + b).square() - a - c);
        let e = twice(a) + a;
        let x = e.square() - twice(d);
        let y = e * (d - x) - twice(twice(twice(c)));
        Self { x, y, z: twice(self.y * self.z) }
    }

    /// add-1998-cmo-2.
    pub fn plus(&self, other: &Self) -> Self {
        if self.z == Fe::ZERO {
            return *other;
        }
        if other.z == Fe::ZERO {
            return *self;
        }
        let (zz, other_zz) = (self.z.square(), other.z.square());
        let (u, other_u) = (self.x * other_zz, other.x * zz);
        let (s, other_s) = (self.y * other_zz * other.z, other.y * zz * self.z);
        let (h, r) = (other_u - u, other_s - s);
        if h == Fe::ZERO {
            return if r == Fe::ZERO { self.double() } else { Self::INFINITY };
        }
        let hh = h.square();
        let (hhh, v) = (h * hh, u * hh);
        let x = r.square() - hhh - twice(v);
        Self { x, y: r * (v - x) - s * hhh, z: self.z * other.z * h }
    }
}

/// `a * p + b * q`, four bits of both at a time.
pub fn sum_of_products(a: &Residue<Order>, p: &Point, b: &Residue<Order>, q: &Point) -> Point {
    let (of_p, of_q) = (multiples(p), multiples(q));
    let mut sum = Point::INFINITY;
    for index in 0..64 {
        sum = sum.double().double().double().double();
        sum = sum.plus(&of_p[a.nibble(index)]).plus(&of_q[b.nibble(index)]);
    }
    sum
}

/// 0 to 15 times the point.
fn multiples(point: &Point) -> [Point; 16] {
    let mut multiples = [Point::INFINITY; 16];
    for i in 1..16 {
        multiples[i] = multiples[i - 1].plus(point);
    }
    multiples
}

fn twice(value: Fe) -> Fe {
    value + value
}
