//! Private keys, 32 bytes little-endian as in Filecoin's key files, and the public keys they give.

#![forbid(unsafe_code)]

use blst::{min_pk, min_sig};
use zeroize::Zeroizing;

use crate::refusal::Refusal;

/// KeyGen of draft-irtf-cfrg-bls-signature-05 with the salt of draft 4 and EIP-2333; `BLS_SEED` below 32 bytes.
pub fn keygen(seed: &[u8]) -> Result<Zeroizing<[u8; 32]>, Refusal> {
    let key = min_pk::SecretKey::key_gen(seed, &[])
        .map_err(|_| Refusal::new("BLS_SEED", format!("seed: expected at least 32 bytes, got {}", seed.len())))?;
    let mut bytes = Zeroizing::new(key.to_bytes());
    bytes.reverse();
    Ok(bytes)
}

/// Compressed public key in G1.
pub fn public_key(private_key: &[u8]) -> Result<[u8; 48], Refusal> {
    Ok(secret(private_key)?.sk_to_pk().compress())
}

/// Compressed public key in G2.
pub fn public_key_g2(private_key: &[u8]) -> Result<[u8; 96], Refusal> {
    Ok(secret_g1(private_key)?.sk_to_pk().compress())
}

/// The key for signatures in G2; blst wipes it when it is dropped. `BLS_PRIVATE_KEY` unless 32 bytes and in `1..r`.
pub fn secret(private_key: &[u8]) -> Result<min_pk::SecretKey, Refusal> {
    min_pk::SecretKey::from_bytes(big_endian(private_key)?.as_slice()).map_err(|_| refused())
}

/// The same key for signatures in G1.
pub fn secret_g1(private_key: &[u8]) -> Result<min_sig::SecretKey, Refusal> {
    min_sig::SecretKey::from_bytes(big_endian(private_key)?.as_slice()).map_err(|_| refused())
}

fn big_endian(private_key: &[u8]) -> Result<Zeroizing<[u8; 32]>, Refusal> {
    let mut bytes = Zeroizing::new([0; 32]);
    if private_key.len() != bytes.len() {
        return Err(refused());
    }
    bytes.copy_from_slice(private_key);
    bytes.reverse();
    Ok(bytes)
}

fn refused() -> Refusal {
    Refusal::new("BLS_PRIVATE_KEY", "private key: expected 32 bytes, little-endian, above zero and below the group order")
}
