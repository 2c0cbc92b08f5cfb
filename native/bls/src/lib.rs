//! BLS12-381 as Filecoin and drand use it (docs/protocol.md 2.2, 2.8, 2.15), over blst's safe interface (hash.rs alone goes round it).
//!
//! Filecoin and drand's chained scheme: keys in G1 (48 bytes), signatures in G2 (96 bytes), module suffix none.
//! drand's quicknet: keys in G2, signatures in G1, suffix `_g1`. Private keys are 32 bytes **little-endian**.
//! Beside them what an audit asks of other curves and hashes most: BLAKE2b and the keys behind secp256k1 signatures.
//! Verification answers `false` for every malformed input; the rest answers a [`refusal::Refusal`].

#![deny(unsafe_code)]

pub mod aggregate;
pub mod batch;
pub mod blake2b;
pub mod claims;
pub mod domain;
mod hash;
pub mod keys;
pub mod packed;
pub mod point;
pub mod refusal;
pub mod scheme;
pub mod secp256k1;
pub mod sign;
pub mod spread;
pub mod verify;
pub mod weights;

#[cfg(feature = "addon")]
mod addon;
#[cfg(feature = "addon")]
mod task;
