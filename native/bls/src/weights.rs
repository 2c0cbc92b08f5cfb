//! Weights of a batch check: from a hash over the whole batch, so that nobody can choose signatures after them.
//! `src/consensus/noble.ts` derives the same ones.

#![forbid(unsafe_code)]

use sha2::{Digest, Sha256};

use crate::packed::Signed;

pub const WEIGHT_BYTES: usize = 16;

const TAG: &[u8] = b"MINEONE-BLS-BATCH-1";

/// 128 bits for each, little-endian, one after the other. A weight of zero counts as one.
pub fn weights(batch: &[Signed<'_>], dst: &[u8]) -> Vec<u8> {
    let mut transcript = Sha256::new();
    transcript.update(TAG);
    string(&mut transcript, dst);
    transcript.update((batch.len() as u32).to_be_bytes());
    for signed in batch {
        string(&mut transcript, signed.public_key);
        string(&mut transcript, signed.message);
        string(&mut transcript, signed.signature);
    }
    let digest = transcript.finalize();
    (0..batch.len() as u32).flat_map(|index| weight(&digest, index)).collect()
}

fn weight(digest: &[u8], index: u32) -> [u8; WEIGHT_BYTES] {
    let hash: [u8; 32] = Sha256::new().chain_update(digest).chain_update(index.to_be_bytes()).finalize().into();
    let mut weight = [0; WEIGHT_BYTES];
    weight.copy_from_slice(&hash[..WEIGHT_BYTES]);
    if weight == [0; WEIGHT_BYTES] {
        weight[0] = 1;
    }
    weight
}

fn string(transcript: &mut Sha256, bytes: &[u8]) {
    transcript.update((bytes.len() as u32).to_be_bytes());
    transcript.update(bytes);
}
