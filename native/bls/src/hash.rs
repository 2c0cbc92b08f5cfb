//! Messages hashed onto a curve (RFC 9380) as points to compute with: blst has that without a safe door. The only unsafe code of this crate.

#![allow(unsafe_code)]

use std::ptr::null;

use blst::{blst_hash_to_g1, blst_hash_to_g2, blst_p1, blst_p2};

/// A point of G2.
pub fn to_g2(message: &[u8], dst: &[u8]) -> blst_p2 {
    let mut point = blst_p2::default();
    // SAFETY: each pointer goes with the length of the slice it is of, `point` is written and not kept, and no augmentation is read at length 0.
    unsafe { blst_hash_to_g2(&mut point, message.as_ptr(), message.len(), dst.as_ptr(), dst.len(), null(), 0) };
    point
}

/// A point of G1.
pub fn to_g1(message: &[u8], dst: &[u8]) -> blst_p1 {
    let mut point = blst_p1::default();
    // SAFETY: as above.
    unsafe { blst_hash_to_g1(&mut point, message.as_ptr(), message.len(), dst.as_ptr(), dst.len(), null(), 0) };
    point
}
