//! BLAKE2b (RFC 7693) of 32 bytes without a key: the hash in Filecoin's CIDs.

#![forbid(unsafe_code)]

use blake2b_simd::Params;

pub fn blake2b256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(Params::new().hash_length(32).hash(bytes).as_bytes());
    hash
}
