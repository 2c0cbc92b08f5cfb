//! One signature by one key.

#![forbid(unsafe_code)]

use blst::BLST_ERROR::BLST_SUCCESS;

use crate::point;

/// Public key in G1, signature in G2. The points are checked while they are read, hence no second check in blst.
pub fn verify(public_key: &[u8], message: &[u8], signature: &[u8], dst: &[u8]) -> bool {
    let Some(key) = point::key(public_key) else { return false };
    let Some(signature) = point::signature(signature) else { return false };
    signature.verify(false, message, dst, &[], &key, false) == BLST_SUCCESS
}

/// Public key in G2, signature in G1.
pub fn verify_g1(public_key: &[u8], message: &[u8], signature: &[u8], dst: &[u8]) -> bool {
    let Some(key) = point::key_g2(public_key) else { return false };
    let Some(signature) = point::signature_g1(signature) else { return false };
    signature.verify(false, message, dst, &[], &key, false) == BLST_SUCCESS
}
