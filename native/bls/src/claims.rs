//! Many sums of signatures in one check: e(g, sum of w S) = product of e(P, sum of w H(m)) over the distinct keys, with weights that nobody could foresee.
//! «Yes» holds for each of them; «no» says only that they must be verified one by one.

#![forbid(unsafe_code)]

use std::collections::{HashMap, HashSet};

use blst::Pairing;
use sha2::{Digest, Sha256};

use crate::packed::strings;
use crate::refusal::Refusal;
use crate::scheme::Scheme;

/// A forger of sums that do not hold has one try for each audit, as the salt is drawn after the file was made, and passes with a chance of 2^-64.
/// (`verify_batch` has no salt: there weights can be tried out beforehand, hence its 128 bits.)
const WEIGHT_BYTES: usize = 8;

/// Bytes of random salt.
const SALT_MIN: usize = 32;

const TAG: &[u8] = b"MINEONE-BLS-CLAIMS-1";

/// A sum of signatures, and the keys and messages it is to be the sum of.
pub struct Claim<'a> {
    pub sum: &'a [u8],
    pub terms: Vec<(&'a [u8], &'a [u8])>,
}

/// From strings: sum, key, message, key, message and so on, each claim packed by itself.
pub fn claims(packed: &[u8]) -> Result<Vec<Claim<'_>>, Refusal> {
    strings(packed)?.into_iter().map(claim).collect()
}

fn claim(packed: &[u8]) -> Result<Claim<'_>, Refusal> {
    let strings = strings(packed)?;
    match strings.split_first() {
        Some((sum, rest)) if !rest.is_empty() && rest.len() % 2 == 0 => Ok(Claim { sum, terms: rest.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect() }),
        _ => Err(Refusal::new("BLS_PACKED", format!("claim: expected a sum, then keys and messages, got {} strings", strings.len()))),
    }
}

/// Do all of them hold? In one thread: who asks has as many as there are cores. `packed` is what `claims` came of; weights come from all of it and the salt.
pub fn hold<S: Scheme>(packed: &[u8], salt: &[u8], dst: &[u8]) -> Result<bool, Refusal> {
    if salt.len() < SALT_MIN {
        return Err(Refusal::new("BLS_SALT", format!("salt: expected at least {SALT_MIN} random bytes, got {}", salt.len())));
    }
    let claims = claims(packed)?;
    Ok(claims.is_empty() || product::<S>(&claims, &weights(claims.len(), packed, salt, dst), dst).is_some())
}

/// `Some` if it is one.
fn product<S: Scheme>(claims: &[Claim<'_>], weights: &[u64], dst: &[u8]) -> Option<()> {
    let sums: Vec<S::Point> = claims.iter().map(|claim| S::signature(claim.sum)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
    let expected = S::expected(&S::sum(&sums, &bytes, WEIGHT_BYTES)?);
    let mut product = Pairing::new(true, dst);
    // A message of several claims has the sum of their weights, which is longer by the bits of their number.
    let length = WEIGHT_BYTES + claims.len().to_le_bytes().iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    for (key, messages) in by_key(claims, weights)? {
        let key = S::key(key)?;
        let hashed: Vec<S::Hashed> = messages.keys().map(|message| S::hash(message, dst)).collect();
        let weights: Vec<u8> = messages.values().flat_map(|weight| weight.to_le_bytes()[..length].to_vec()).collect();
        for (key, point) in S::pairs(key, &S::affine(&hashed), &weights, length)? {
            S::pair(&mut product, &key, &point);
        }
    }
    product.commit();
    product.finalverify(Some(&expected)).then_some(())
}

type Weighted<'a> = HashMap<&'a [u8], u128>;

/// Messages of each key with their weights; `None` if a claim has a message twice, which the basic scheme forbids (docs/protocol.md 2.8).
fn by_key<'a>(claims: &[Claim<'a>], weights: &[u64]) -> Option<HashMap<&'a [u8], Weighted<'a>>> {
    let mut keys: HashMap<&[u8], Weighted<'_>> = HashMap::new();
    for (claim, weight) in claims.iter().zip(weights) {
        if claim.terms.len() > 1 && claim.terms.iter().map(|(_, message)| message).collect::<HashSet<_>>().len() != claim.terms.len() {
            return None;
        }
        for (key, message) in &claim.terms {
            *keys.entry(key).or_default().entry(message).or_default() += u128::from(*weight);
        }
    }
    Some(keys)
}

/// 64 bits for each, never zero, from a hash over everything and the salt.
fn weights(count: usize, packed: &[u8], salt: &[u8], dst: &[u8]) -> Vec<u64> {
    let mut transcript = Sha256::new_with_prefix(TAG);
    for string in [dst, salt, packed] {
        transcript.update((string.len() as u64).to_be_bytes());
        transcript.update(string);
    }
    let digest = transcript.finalize();
    (0..count as u64).map(|index| weight(&digest, index)).collect()
}

fn weight(digest: &[u8], index: u64) -> u64 {
    let hash: [u8; 32] = Sha256::new().chain_update(digest).chain_update(index.to_be_bytes()).finalize().into();
    hash.first_chunk().map_or(1, |bytes| u64::from_le_bytes(*bytes)).max(1)
}
