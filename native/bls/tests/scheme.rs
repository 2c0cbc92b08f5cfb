//! The scheme without Node: its known answers, and no to everything malformed. What valgrind runs, so it is short.

#![forbid(unsafe_code)]

use mineone_bls::domain::{checked, DST_G1, DST_G2};
use mineone_bls::packed::{pack, signed, strings, Signed};
use mineone_bls::point::INFINITY;
use mineone_bls::spread::spread;
use mineone_bls::{aggregate, batch, keys, sign, verify};

const TAG: &[u8] = DST_G2.as_bytes();

/// Public key, message and signature of the key made from a seed of 32 equal bytes.
fn triple(seed: u8) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let key = keys::keygen(&[seed; 32]).unwrap();
    let message = vec![seed; usize::from(seed)];
    let signature = sign::sign(key.as_slice(), &message, DST_G2).unwrap();
    (keys::public_key(key.as_slice()).unwrap().to_vec(), message, signature.to_vec())
}

#[test]
fn known_answer() {
    let mut key = [0; 32];
    key[0] = 7;
    let signature = sign::sign(&key, b"MineOne", DST_G2).unwrap();
    assert_eq!(signature[..8], KNOWN);
    assert!(verify::verify(&keys::public_key(&key).unwrap(), b"MineOne", &signature, TAG));
}

const KNOWN: [u8; 8] = [0xab, 0x16, 0xbd, 0x9c, 0x07, 0x44, 0xe1, 0xdd];

#[test]
fn signs_and_verifies_in_both_groups() {
    for seed in 0..4 {
        let (key, message, signature) = triple(seed);
        assert!(verify::verify(&key, &message, &signature, TAG));
        assert!(!verify::verify(&key, b"another", &signature, TAG));
        let secret = keys::keygen(&[seed; 32]).unwrap();
        let (key, signature) = (keys::public_key_g2(secret.as_slice()).unwrap(), sign::sign_g1(secret.as_slice(), &message, DST_G1).unwrap());
        assert!(verify::verify_g1(&key, &message, &signature, DST_G1.as_bytes()));
        assert!(!verify::verify_g1(&key, b"another", &signature, DST_G1.as_bytes()));
    }
}

#[test]
fn malformed_is_false_and_never_a_panic() {
    let (key, message, signature) = triple(3);
    for length in 0..200 {
        for fill in [0x00, 0x40, 0x80, 0xa0, 0xc0, 0xff] {
            let bytes = vec![fill; length];
            assert!(!verify::verify(&bytes, &message, &signature, TAG));
            assert!(!verify::verify(&key, &message, &bytes, TAG));
            assert!(!verify::verify_g1(&bytes, &message, &bytes, TAG));
            assert!(!batch::verify_batch(&[Signed { public_key: &bytes, message: &message, signature: &signature }], TAG));
            assert!(!aggregate::aggregate_verify(&[&bytes], &[&message], &signature, TAG));
            assert!(aggregate::aggregate(&[&bytes]).is_err());
            let _ = (strings(&bytes), signed(&bytes), keys::public_key(&bytes));
        }
    }
}

#[test]
fn refusals_have_their_codes() {
    assert_eq!(keys::keygen(&[0; 31]).unwrap_err().code, "BLS_SEED");
    assert_eq!(keys::public_key(&[0; 32]).unwrap_err().code, "BLS_PRIVATE_KEY");
    assert_eq!(sign::sign(&[0xff; 32], b"", DST_G2).unwrap_err().code, "BLS_PRIVATE_KEY");
    assert_eq!(checked("").unwrap_err().code, "BLS_DST");
    assert_eq!(aggregate::aggregate(&[&[1; 96]]).unwrap_err().code, "BLS_SIGNATURE");
    assert_eq!(strings(&[0, 0, 0, 9, 1]).unwrap_err().code, "BLS_PACKED");
    assert_eq!(signed(&pack([&[1_u8][..]])).unwrap_err().code, "BLS_PACKED");
}

#[test]
fn batches_and_aggregates_of_every_size() {
    let triples: Vec<_> = (0..19).map(triple).collect();
    let batch: Vec<_> = triples.iter().map(|(key, message, signature)| Signed { public_key: key, message, signature }).collect();
    for count in [0, 1, 2, 7, 8, 9, 19] {
        let batch = &batch[..count];
        assert!(batch::verify_batch(batch, TAG), "{count}");
        let keys: Vec<_> = batch.iter().map(|signed| signed.public_key).collect();
        let messages: Vec<_> = batch.iter().map(|signed| signed.message).collect();
        let sum = aggregate::aggregate(&batch.iter().map(|signed| signed.signature).collect::<Vec<_>>()).unwrap();
        assert!(aggregate::aggregate_verify(&keys, &messages, &sum, TAG), "{count}");
        assert_eq!(count == 0, sum == INFINITY);
        assert_eq!(count == 0, aggregate::aggregate_verify(&keys, &messages, &INFINITY, TAG));
        for bad in 0..count.min(3) {
            let mut changed = batch.to_vec();
            changed[bad].message = b"unsigned";
            assert!(!batch::verify_batch(&changed, TAG), "{count}, {bad}");
        }
    }
}

#[test]
fn lists_are_read_as_they_were_written() {
    let parts: [&[u8]; 4] = [b"", b"a", &[7; 300], b""];
    assert_eq!(strings(&pack(parts)).unwrap(), parts);
    assert_eq!(strings(&[]).unwrap(), Vec::<&[u8]>::new());
}

#[test]
fn work_is_spread_without_gap_and_in_order() {
    for count in 0..70 {
        let covered: Vec<usize> = spread(count, |range| range.collect::<Vec<_>>()).concat();
        assert_eq!(covered, (0..count).collect::<Vec<_>>());
    }
}

#[test]
#[should_panic(expected = "in a thread")]
fn a_panic_in_a_thread_goes_on_in_the_caller() {
    spread(64, |range| assert!(range.start == 0, "in a thread"));
}
