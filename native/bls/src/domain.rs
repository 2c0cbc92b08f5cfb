//! Domain tags of RFC 9380: what keeps a signature of one scheme from being one of another.

#![forbid(unsafe_code)]

use crate::refusal::Refusal;

/// Filecoin, and drand's chained scheme: the NUL tag, not Ethereum's POP.
pub const DST_G2: &str = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";

/// drand's unchained scheme in G1 (quicknet).
pub const DST_G1: &str = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// The tag's bytes; `BLS_DST` unless it is 1 to 255 printable ASCII characters.
pub fn checked(dst: &str) -> Result<&[u8], Refusal> {
    let printable = dst.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    if printable && (1..=255).contains(&dst.len()) {
        Ok(dst.as_bytes())
    } else {
        let length = dst.encode_utf16().count();
        Err(Refusal::new("BLS_DST", format!("domain tag: expected 1 to 255 printable ASCII characters, got {length} characters")))
    }
}
