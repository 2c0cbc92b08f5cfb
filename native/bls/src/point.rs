//! Points from bytes: compressed, canonical, on the curve, in the subgroup; `None` for everything else.

#![forbid(unsafe_code)]

use blst::{min_pk, min_sig};

/// The point at infinity of G2, compressed: its only form.
pub const INFINITY: [u8; 96] = {
    let mut bytes = [0; 96];
    bytes[0] = 0xc0;
    bytes
};

/// The same of G1.
pub const INFINITY_G1: [u8; 48] = {
    let mut bytes = [0; 48];
    bytes[0] = 0xc0;
    bytes
};

/// Public key in G1; never the point at infinity.
pub fn key(bytes: &[u8]) -> Option<min_pk::PublicKey> {
    let key = min_pk::PublicKey::uncompress(bytes).ok()?;
    key.validate().ok()?;
    Some(key)
}

/// Signature in G2; the point at infinity is one.
pub fn signature(bytes: &[u8]) -> Option<min_pk::Signature> {
    let signature = min_pk::Signature::uncompress(bytes).ok()?;
    signature.validate(false).ok()?;
    Some(signature)
}

/// Public key in G2; never the point at infinity.
pub fn key_g2(bytes: &[u8]) -> Option<min_sig::PublicKey> {
    let key = min_sig::PublicKey::uncompress(bytes).ok()?;
    key.validate().ok()?;
    Some(key)
}

/// Signature in G1; the point at infinity is one.
pub fn signature_g1(bytes: &[u8]) -> Option<min_sig::Signature> {
    let signature = min_sig::Signature::uncompress(bytes).ok()?;
    signature.validate(false).ok()?;
    Some(signature)
}
