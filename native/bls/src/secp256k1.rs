//! Who signed: the public key of an ECDSA signature over secp256k1 (SEC 1, 4.1.6), as `recoverSecp256k1` of `src/consensus/noble.ts` finds it, with which it is compared in the tests.
//! The curve is RustCrypto's. Its own recovery refuses a high s, which Filecoin takes, and verifies once more what it found.

#![forbid(unsafe_code)]

use k256::elliptic_curve::bigint::{CheckedAdd, Encoding, U256};
use k256::elliptic_curve::ops::{LinearCombination, Reduce};
use k256::elliptic_curve::point::DecompressPoint;
use k256::elliptic_curve::sec1::ToEncodedPoint;
use k256::elliptic_curve::{Curve, PrimeField};
use k256::{AffinePoint, ProjectivePoint, Scalar, Secp256k1};

/// The key, uncompressed, that made a signature (r, s, recovery id 0 to 3) over a digest; `None` where there is none. A high s is taken.
pub fn recover(digest: &[u8], signature: &[u8]) -> Option<[u8; 65]> {
    let digest: [u8; 32] = digest.try_into().ok()?;
    let [rest @ .., id]: &[u8; 65] = signature.try_into().ok()?;
    let (r, s) = (scalar(&rest[..32])?, scalar(&rest[32..])?);
    let x = x_of(&rest[..32], *id)?;
    let point: AffinePoint = Option::from(AffinePoint::decompress(&x.into(), (id & 1).into()))?;
    let digest = <Scalar as Reduce<U256>>::reduce(U256::from_be_bytes(digest));
    let inverse: Scalar = Option::from(r.invert())?;
    let key = ProjectivePoint::lincomb(&ProjectivePoint::GENERATOR, &-(digest * inverse), &point.into(), &(s * inverse)).to_affine();
    // One byte where it is the point at infinity.
    key.to_encoded_point(false).as_bytes().try_into().ok()
}

/// From 1 to the order less 1.
fn scalar(bytes: &[u8]) -> Option<Scalar> {
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    let value: Scalar = Option::from(Scalar::from_repr(bytes.into()))?;
    (value != Scalar::ZERO).then_some(value)
}

/// r is the x of a point modulo the order: below the field's prime there may be two of them, and the recovery id says which.
fn x_of(r: &[u8], id: u8) -> Option<[u8; 32]> {
    let r = U256::from_be_slice(r);
    match id {
        0 | 1 => Some(r.to_be_bytes()),
        // Beyond the field's prime no point is over it, and beyond 256 bits there is none.
        2 | 3 => Option::from(r.checked_add(&Secp256k1::ORDER)).map(|x: U256| x.to_be_bytes()),
        _ => None,
    }
}
