//! Signing: hash to the curve under a domain tag, times the key.

#![forbid(unsafe_code)]

use blst::{min_pk, min_sig};

use crate::domain;
use crate::keys;
use crate::refusal::Refusal;

/// Compressed signature in G2.
pub fn sign(private_key: &[u8], message: &[u8], dst: &str) -> Result<[u8; 96], Refusal> {
    let key = keys::secret(private_key)?;
    Ok(sign_with(&key, message, domain::checked(dst)?))
}

/// Compressed signature in G1.
pub fn sign_g1(private_key: &[u8], message: &[u8], dst: &str) -> Result<[u8; 48], Refusal> {
    let key: min_sig::SecretKey = keys::secret_g1(private_key)?;
    Ok(key.sign(message, domain::checked(dst)?, &[]).compress())
}

/// With a key that was read before: what another thread does.
pub fn sign_with(key: &min_pk::SecretKey, message: &[u8], dst: &[u8]) -> [u8; 96] {
    key.sign(message, dst, &[]).compress()
}
