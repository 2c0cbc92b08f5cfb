//! Sums of signatures over distinct messages: the basic scheme of a block's BLS messages (docs/protocol.md 2.8).

#![forbid(unsafe_code)]

use std::collections::HashSet;

use blst::min_pk::{AggregateSignature};
use blst::BLST_ERROR::BLST_SUCCESS;
use blst::{blst_p1_affine, Pairing};

use crate::batch::equals;
use crate::point;
use crate::refusal::Refusal;
use crate::spread::spread;

/// Sum of signatures, of none the point at infinity; `BLS_SIGNATURE` names the first that is not one.
pub fn aggregate(signatures: &[&[u8]]) -> Result<[u8; 96], Refusal> {
    let mut sum: Option<AggregateSignature> = None;
    for (index, bytes) in signatures.iter().enumerate() {
        let signature = point::signature(bytes).ok_or_else(|| refused(index, bytes.len()))?;
        match &mut sum {
            None => sum = Some(AggregateSignature::from_signature(&signature)),
            Some(sum) => sum.add_signature(&signature, false).map_err(|_| refused(index, bytes.len()))?,
        }
    }
    Ok(sum.map_or(point::INFINITY, |sum| sum.to_signature().compress()))
}

/// Did these keys sign these messages, each its own? Messages must be distinct; with none the sum must be the point at infinity.
pub fn aggregate_verify(public_keys: &[&[u8]], messages: &[&[u8]], sum: &[u8], dst: &[u8]) -> bool {
    let Some(signature) = point::signature(sum) else { return false };
    if public_keys.len() != messages.len() || messages.iter().collect::<HashSet<_>>().len() != messages.len() {
        return false;
    }
    if messages.is_empty() {
        return sum == point::INFINITY;
    }
    product(public_keys, messages, dst).is_some_and(|product| equals(&product, &signature))
}

/// Product of the pairings of keys and messages; `None` if a key is not one.
fn product<'d>(public_keys: &[&[u8]], messages: &[&[u8]], dst: &'d [u8]) -> Option<Pairing<'d>> {
    let parts = spread(messages.len(), |range| part(&public_keys[range.clone()], &messages[range], dst));
    let mut parts = parts.into_iter();
    let mut product = parts.next()??;
    for part in parts {
        if product.merge(&part?) != BLST_SUCCESS {
            return None;
        }
    }
    Some(product)
}

fn part<'d>(public_keys: &[&[u8]], messages: &[&[u8]], dst: &'d [u8]) -> Option<Pairing<'d>> {
    let mut product = Pairing::new(true, dst);
    for (bytes, message) in public_keys.iter().zip(messages) {
        let key = point::key(bytes)?;
        let point: &blst_p1_affine = (&key).into();
        // `()` is no signature: blst then pairs key and message only.
        if product.aggregate(point, false, &(), false, message, &[]) != BLST_SUCCESS {
            return None;
        }
    }
    product.commit();
    Some(product)
}

fn refused(index: usize, length: usize) -> Refusal {
    Refusal::new("BLS_SIGNATURE", format!("signature {index}: expected a compressed point of G2 in 96 bytes, got {length} bytes that are not one"))
}
