//! What the addon computes beside BLS: published answers, and none for what has none. test/native/beside.test.ts holds it against JavaScript at length.

#![forbid(unsafe_code)]

use mineone_bls::blake2b::blake2b256;
use mineone_bls::secp256k1::recover;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn hashes_as_b2sum_does() {
    for (message, hash) in [
        (&b""[..], "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
        (b"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
    ] {
        assert_eq!(blake2b256(message)[..], bytes(hash));
    }
    // Lengths about the end of a block all differ.
    let all: std::collections::HashSet<_> = (0..400).map(|length| blake2b256(&vec![0; length])).collect();
    assert_eq!(all.len(), 400);
}

/// go-ethereum, crypto/signature_test.go.
const DIGEST: &str = "ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008";
const SIGNATURE: &str = "90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301";
const KEY: &str = "04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652";
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

#[test]
fn finds_the_signer() {
    assert_eq!(recover(&bytes(DIGEST), &bytes(SIGNATURE)).unwrap()[..], bytes(KEY));
}

#[test]
fn another_id_or_digest_is_another_key() {
    let mut signature = bytes(SIGNATURE);
    signature[64] ^= 1;
    assert_ne!(recover(&bytes(DIGEST), &signature).unwrap()[..], bytes(KEY));
    assert_ne!(recover(&[0; 32], &bytes(SIGNATURE)).unwrap()[..], bytes(KEY));
}

/// The signature with other bytes at a place.
fn with(at: usize, other: &[u8]) -> Vec<u8> {
    let mut signature = bytes(SIGNATURE);
    signature[at..at + other.len()].copy_from_slice(other);
    signature
}

#[test]
fn there_is_none_for_what_nobody_can_have_signed() {
    let digest = bytes(DIGEST);
    for (what, signature) in [
        ("r is 0", with(0, &[0; 32])),
        ("s is 0", with(32, &[0; 32])),
        ("r is the order", with(0, &bytes(ORDER))),
        ("s is the order", with(32, &bytes(ORDER))),
        ("r is beyond it", with(0, &[0xff; 32])),
        ("no point is over r", with(0, &[&[0; 31][..], &[5]].concat())),
        ("r and the order are beyond the field", with(64, &[2])),
        ("the id is 4", with(64, &[4])),
        ("the id is 27", with(64, &[27])),
        ("it is short", bytes(SIGNATURE)[..64].to_vec()),
        ("it is long", [bytes(SIGNATURE), vec![0]].concat()),
        ("it is empty", Vec::new()),
    ] {
        assert!(recover(&digest, &signature).is_none(), "{what}");
    }
    assert!(recover(&digest[1..], &bytes(SIGNATURE)).is_none());
}

#[test]
fn the_point_at_infinity_is_nobodys_key() {
    // r is the x of the generator, s the digest: s R - z G is zero when R is G (id 0, as its y is even).
    let generator = bytes("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    let mut seven = [0; 32];
    seven[31] = 7;
    assert!(recover(&seven, &[&generator[..], &seven, &[0]].concat()).is_none());
    assert!(recover(&seven, &[&generator[..], &seven, &[1]].concat()).is_some());
}
