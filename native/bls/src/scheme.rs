//! What weighted checks ask of a scheme, for both: signatures in G2 with keys in G1 (Filecoin's), and the other way round (quicknet's).

#![forbid(unsafe_code)]

use blst::{blst_fp12, blst_p1, blst_p1_affine, blst_p2, blst_p2_affine, p1_affines, p2_affines, MultiPoint, Pairing};

use crate::{hash, point};

/// Keys with fewer messages than this are multiplied themselves: two products in G1 cost less than two in G2 and a pairing saved.
const SUMMED_FROM: usize = 3;

pub trait Scheme {
    type Key: Copy;
    /// Of signatures and of hashed messages.
    type Point: Copy;
    type Hashed;

    /// Of the group, never the point at infinity; `None` for everything else.
    fn key(bytes: &[u8]) -> Option<Self::Key>;
    fn signature(bytes: &[u8]) -> Option<Self::Point>;
    fn hash(message: &[u8], dst: &[u8]) -> Self::Hashed;
    fn affine(hashed: &[Self::Hashed]) -> Vec<Self::Point>;
    /// Sum of the points times their weights, little-endian in `bytes` each; `None` for the point at infinity, which no pairing is asked of.
    fn sum(points: &[Self::Point], weights: &[u8], bytes: usize) -> Option<Self::Point>;
    /// Pairs for e(key, sum of weighted messages): as few as are cheap.
    fn pairs(key: Self::Key, messages: &[Self::Point], weights: &[u8], bytes: usize) -> Option<Vec<(Self::Key, Self::Point)>>;
    fn pair(product: &mut Pairing<'_>, key: &Self::Key, point: &Self::Point);
    /// The pairing of the generator of keys and a sum of signatures.
    fn expected(sum: &Self::Point) -> blst_fp12;
}

/// Keys in G1 (48 bytes), signatures in G2 (96 bytes).
pub struct Long;

impl Scheme for Long {
    type Key = blst_p1_affine;
    type Point = blst_p2_affine;
    type Hashed = blst_p2;

    fn key(bytes: &[u8]) -> Option<blst_p1_affine> {
        point::key(bytes).map(Into::into)
    }

    fn signature(bytes: &[u8]) -> Option<blst_p2_affine> {
        point::signature(bytes).filter(|_| bytes != point::INFINITY).map(Into::into)
    }

    fn hash(message: &[u8], dst: &[u8]) -> blst_p2 {
        hash::to_g2(message, dst)
    }

    fn affine(hashed: &[blst_p2]) -> Vec<blst_p2_affine> {
        p2_affines::from(hashed).as_slice().to_vec()
    }

    fn sum(points: &[blst_p2_affine], weights: &[u8], bytes: usize) -> Option<blst_p2_affine> {
        let sum = p2_affines::from(&[points.mult(weights, 8 * bytes)])[0];
        (sum != blst_p2_affine::default()).then_some(sum)
    }

    fn pairs(key: blst_p1_affine, messages: &[blst_p2_affine], weights: &[u8], bytes: usize) -> Option<Vec<(blst_p1_affine, blst_p2_affine)>> {
        if messages.len() >= SUMMED_FROM {
            return Some(vec![(key, Self::sum(messages, weights, bytes)?)]);
        }
        let product = |weight| Short::sum(&[key], weight, bytes);
        weights.chunks_exact(bytes).zip(messages).map(|(weight, message)| Some((product(weight)?, *message))).collect()
    }

    fn pair(product: &mut Pairing<'_>, key: &blst_p1_affine, point: &blst_p2_affine) {
        product.raw_aggregate(point, key);
    }

    fn expected(sum: &blst_p2_affine) -> blst_fp12 {
        aggregated(sum)
    }
}

/// Keys in G2 (96 bytes), signatures in G1 (48 bytes).
pub struct Short;

impl Scheme for Short {
    type Key = blst_p2_affine;
    type Point = blst_p1_affine;
    type Hashed = blst_p1;

    fn key(bytes: &[u8]) -> Option<blst_p2_affine> {
        point::key_g2(bytes).map(Into::into)
    }

    fn signature(bytes: &[u8]) -> Option<blst_p1_affine> {
        point::signature_g1(bytes).filter(|_| bytes != point::INFINITY_G1).map(Into::into)
    }

    fn hash(message: &[u8], dst: &[u8]) -> blst_p1 {
        hash::to_g1(message, dst)
    }

    fn affine(hashed: &[blst_p1]) -> Vec<blst_p1_affine> {
        p1_affines::from(hashed).as_slice().to_vec()
    }

    fn sum(points: &[blst_p1_affine], weights: &[u8], bytes: usize) -> Option<blst_p1_affine> {
        let sum = p1_affines::from(&[points.mult(weights, 8 * bytes)])[0];
        (sum != blst_p1_affine::default()).then_some(sum)
    }

    fn pairs(key: blst_p2_affine, messages: &[blst_p1_affine], weights: &[u8], bytes: usize) -> Option<Vec<(blst_p2_affine, blst_p1_affine)>> {
        Some(vec![(key, Self::sum(messages, weights, bytes)?)])
    }

    fn pair(product: &mut Pairing<'_>, key: &blst_p2_affine, point: &blst_p1_affine) {
        product.raw_aggregate(key, point);
    }

    fn expected(sum: &blst_p1_affine) -> blst_fp12 {
        aggregated(sum)
    }
}

/// blst takes a point of either group, and tells them apart by their types.
fn aggregated<P: 'static>(sum: &P) -> blst_fp12 {
    let mut expected = blst_fp12::default();
    Pairing::aggregated(&mut expected, sum);
    expected
}
