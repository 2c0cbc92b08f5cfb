//! Who signed: the public key of an ECDSA signature over secp256k1 (SEC 1, 4.1.6), as `recoverSecp256k1` of `src/consensus/noble.ts` finds it, with which it is compared in the tests.
//! For public data alone: nothing here is in constant time.

#![forbid(unsafe_code)]

mod point;
mod residue;

use point::{sum_of_products, Point};
use residue::{Field, Order, Prime, Residue};

/// The key, uncompressed, that made a signature (r, s, recovery id 0 to 3) over a digest; `None` where there is none. A high s is taken.
pub fn recover(digest: &[u8], signature: &[u8]) -> Option<[u8; 65]> {
    let digest = Residue::<Order>::wrapped(digest.try_into().ok()?);
    let [rest @ .., id]: &[u8; 65] = signature.try_into().ok()?;
    let (r, s) = (scalar(&rest[..32])?, scalar(&rest[32..])?);
    let point = Point::over(x_of(r, *id)?, id & 1 == 1)?;
    let inverse = r.inverse();
    let (x, y) = sum_of_products(&(-digest * inverse), &Point::generator(), &(s * inverse), &point).affine()?;
    let mut key = [4; 65];
    key[1..33].copy_from_slice(&x.bytes());
    key[33..].copy_from_slice(&y.bytes());
    Some(key)
}

/// From 1 to the order less 1.
fn scalar(bytes: &[u8]) -> Option<Residue<Order>> {
    Residue::exact(bytes.try_into().ok()?).filter(|value| *value != Residue::ZERO)
}

/// r is the x of a point modulo the order: below the field's prime there may be two of them, and the recovery id says which.
fn x_of(r: Residue<Order>, id: u8) -> Option<Residue<Field>> {
    let bytes = r.bytes();
    match id {
        0 | 1 => Residue::exact(&bytes),
        2 | 3 => {
            let order = Residue::<Field>::of(Order::PRIME);
            let x = Residue::<Field>::exact(&bytes)? + order;
            // Not beyond the prime: then the sum has not come round to below the order.
            Residue::<Order>::exact(&x.bytes()).is_none().then_some(x)
        }
        _ => None,
    }
}
