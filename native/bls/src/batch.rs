//! Many signatures at once: e(g, sum of w_i S_i) = product of e(w_i P_i, H(m_i)) with weights nobody could choose.

#![forbid(unsafe_code)]

use std::ops::Range;

use blst::min_pk::{AggregateSignature, PublicKey, Signature};
use blst::BLST_ERROR::BLST_SUCCESS;
use blst::{blst_fp12, blst_p1_affine, blst_p2_affine, Pairing};

use crate::packed::Signed;
use crate::point;
use crate::spread::spread;
use crate::weights::{weights, WEIGHT_BYTES};

/// Are all of them good? None is good too.
pub fn verify_batch(batch: &[Signed<'_>], dst: &[u8]) -> bool {
    if batch.is_empty() {
        return true;
    }
    let weights = weights(batch, dst);
    let parts = spread(batch.len(), |range| part(batch, &weights, dst, range));
    let mut all: Option<(Pairing<'_>, AggregateSignature)> = None;
    for part in parts {
        let Some((pairing, sum)) = part else { return false };
        match &mut all {
            None => all = Some((pairing, sum)),
            Some((product, signatures)) => {
                if product.merge(&pairing) != BLST_SUCCESS {
                    return false;
                }
                signatures.add_aggregate(&sum);
            }
        }
    }
    all.is_some_and(|(product, sum)| equals(&product, &sum.to_signature()))
}

/// Does the product of pairings equal e(g, signature)?
pub fn equals(product: &Pairing<'_>, signature: &Signature) -> bool {
    let mut expected = blst_fp12::default();
    let point: &blst_p2_affine = signature.into();
    Pairing::aggregated(&mut expected, point);
    product.finalverify(Some(&expected))
}

/// Weighted pairings and the weighted sum of signatures of a range; `None` if a point is not one.
/// A signature at infinity is never good here, for no key and no hash is.
fn part<'d>(batch: &[Signed<'_>], weights: &[u8], dst: &'d [u8], range: Range<usize>) -> Option<(Pairing<'d>, AggregateSignature)> {
    let weights = &weights[range.start * WEIGHT_BYTES..range.end * WEIGHT_BYTES];
    let mut product = Pairing::new(true, dst);
    let mut signatures = Vec::with_capacity(range.len());
    for (signed, weight) in batch[range].iter().zip(weights.chunks_exact(WEIGHT_BYTES)) {
        let key: PublicKey = point::key(signed.public_key)?;
        let signature = point::signature(signed.signature)?;
        if signed.signature == point::INFINITY {
            return None;
        }
        let point: &blst_p1_affine = (&key).into();
        // `()` is no signature: blst then pairs key and message only.
        let paired = product.mul_n_aggregate(point, false, &(), false, weight, 8 * WEIGHT_BYTES, signed.message, &[]);
        if paired != BLST_SUCCESS {
            return None;
        }
        signatures.push(signature);
    }
    product.commit();
    let sum = AggregateSignature::aggregate_with_randomness(&signatures, weights, 8 * WEIGHT_BYTES, false).ok()?;
    Some((product, sum))
}
