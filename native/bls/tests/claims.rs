//! Many claims in one check: yes to true ones of every shape, no to each alteration, also to those that cancel each other. Valgrind runs it, for the unsafe code in hash.rs.

#![forbid(unsafe_code)]

use mineone_bls::claims::{claims, hold};
use mineone_bls::domain::{DST_G1, DST_G2};
use mineone_bls::packed::pack;
use mineone_bls::point::{INFINITY, INFINITY_G1};
use mineone_bls::scheme::{Long, Scheme, Short};
use mineone_bls::{aggregate, keys, sign};

const SALT: [u8; 32] = [5; 32];

/// Sum, then keys and messages.
type Strings = Vec<Vec<u8>>;

/// A claim of what these seeds' keys signed.
fn claim(signers: &[(u8, &[u8])]) -> Strings {
    let signatures: Vec<_> = signers.iter().map(|(seed, message)| sign::sign(keys::keygen(&[*seed; 32]).unwrap().as_slice(), message, DST_G2).unwrap()).collect();
    let sum = aggregate::aggregate(&signatures.iter().map(|signature| &signature[..]).collect::<Vec<_>>()).unwrap();
    let terms = signers.iter().flat_map(|(seed, message)| [keys::public_key(keys::keygen(&[*seed; 32]).unwrap().as_slice()).unwrap().to_vec(), message.to_vec()]);
    [sum.to_vec()].into_iter().chain(terms).collect()
}

fn claim_g1(seed: u8, message: &[u8]) -> Strings {
    let key = keys::keygen(&[seed; 32]).unwrap();
    vec![sign::sign_g1(key.as_slice(), message, DST_G1).unwrap().to_vec(), keys::public_key_g2(key.as_slice()).unwrap().to_vec(), message.to_vec()]
}

fn packed(claims: &[Strings]) -> Vec<u8> {
    let each: Vec<_> = claims.iter().map(|strings| pack(strings.iter().map(|string| &string[..]))).collect();
    pack(each.iter().map(|claim| &claim[..]))
}

fn holds(claims: &[Strings]) -> bool {
    hold::<Long>(&packed(claims), &SALT, DST_G2.as_bytes()).unwrap()
}

fn holds_g1(claims: &[Strings]) -> bool {
    hold::<Short>(&packed(claims), &SALT, DST_G1.as_bytes()).unwrap()
}

/// Single ones, sums, a key with one, two and more messages, a message of several claims and of several keys.
fn all() -> Vec<Strings> {
    vec![
        claim(&[(1, b"a")]),
        claim(&[(1, b"b"), (2, b"c")]),
        claim(&[(1, b"d"), (2, b"e"), (3, b"f"), (3, b"")]),
        claim(&[(2, b"a")]),
        claim(&[(1, b"a")]),
        claim(&[(4, b"g")]),
    ]
}

#[test]
fn true_claims_hold_together_in_any_number() {
    for count in 0..=all().len() {
        assert!(holds(&all()[..count]), "{count}");
    }
    for count in [0, 1, 2, 9] {
        assert!(holds_g1(&(0..count).map(|seed| claim_g1(seed % 3, &[seed])).collect::<Vec<_>>()), "{count}");
    }
}

#[test]
fn one_altered_string_of_any_claim_is_seen() {
    let good = all()[..3].to_vec();
    for (at, strings) in good.iter().enumerate() {
        for place in 0..strings.len() {
            let mut altered = good.clone();
            altered[at][place] = match place {
                0 => claim(&[(9, b"another")])[0].clone(),
                _ if place % 2 == 1 => claim(&[(9, b"another")])[1].clone(),
                _ => b"another".to_vec(),
            };
            assert!(!holds(&altered), "claim {at}, string {place}");
        }
    }
    for place in 0..3 {
        let mut altered = [claim_g1(1, b"a"), claim_g1(2, b"b")];
        altered[1][place] = claim_g1(3, b"c")[place].clone();
        assert!(!holds_g1(&altered), "string {place}");
    }
}

#[test]
fn sums_that_are_right_only_together_are_seen() {
    let mut swapped = all();
    let (first, last) = (swapped[0][0].clone(), swapped[5][0].clone());
    swapped[0][0] = last;
    swapped[5][0] = first;
    assert!(!holds(&swapped));
    let (a, b) = (claim_g1(1, b"a"), claim_g1(2, b"b"));
    assert!(!holds_g1(&[vec![b[0].clone(), a[1].clone(), a[2].clone()], vec![a[0].clone(), b[1].clone(), b[2].clone()]]));
}

#[test]
fn points_that_no_claim_may_have_are_seen() {
    let good = claim(&[(1, b"a")]);
    for length in [0, 47, 48, 49, 95, 96, 97] {
        for fill in [0x00, 0x80, 0xc0, 0xff] {
            let bytes = vec![fill; length];
            assert!(!holds(&[vec![bytes.clone(), good[1].clone(), good[2].clone()], good.clone()]));
            assert!(!holds(&[vec![good[0].clone(), bytes, good[2].clone()], good.clone()]));
        }
    }
    let mut no_key = vec![0; 48];
    no_key[0] = 0xc0;
    assert!(!holds(&[vec![INFINITY.to_vec(), no_key, b"a".to_vec()]]));
    let good = claim_g1(1, b"a");
    assert!(!holds_g1(&[vec![INFINITY_G1.to_vec(), good[1].clone(), good[2].clone()]]));
}

#[test]
fn a_message_twice_in_a_claim_is_not_of_the_basic_scheme() {
    assert!(!holds(&[claim(&[(1, b"a"), (2, b"a")])]));
    assert!(holds(&[claim(&[(1, b"a")]), claim(&[(2, b"a")])]));
}

#[test]
fn another_domain_is_another_claim() {
    assert!(!hold::<Long>(&packed(&all()), &SALT, b"another tag").unwrap());
}

#[test]
fn refusals_have_their_codes() {
    assert_eq!(hold::<Long>(&packed(&all()), &SALT[1..], DST_G2.as_bytes()).unwrap_err().code, "BLS_SALT");
    let sum = claim(&[(1, b"a")]);
    for strings in [&sum[..0], &sum[..1], &sum[..2]] {
        let bytes = packed(&[strings.to_vec()]);
        assert_eq!(claims(&bytes).err().unwrap().code, "BLS_PACKED");
        assert_eq!(hold::<Long>(&bytes, &SALT, DST_G2.as_bytes()).unwrap_err().code, "BLS_PACKED");
    }
    assert_eq!(claims(&[1]).err().unwrap().code, "BLS_PACKED");
}

/// As many weights as points, little-endian in 8 bytes each.
fn weights(of: &[u64]) -> Vec<u8> {
    of.iter().flat_map(|weight| weight.to_le_bytes()).collect()
}

#[test]
fn a_weighted_sum_is_each_point_so_many_times() {
    let (a, b) = (claim(&[(1, b"a")])[0].clone(), claim(&[(2, b"b")])[0].clone());
    let repeated = aggregate::aggregate(&[&a[..], &a, &b, &b, &b]).unwrap();
    let points = [Long::signature(&a).unwrap(), Long::signature(&b).unwrap()];
    assert_eq!(Long::sum(&points, &weights(&[2, 3]), 8), Long::signature(&repeated));
}

#[test]
fn points_that_cancel_each_other_have_no_sum() {
    let a = claim(&[(1, b"a")])[0].clone();
    let mut negative = a.clone();
    negative[0] ^= 0x20;
    let points = [Long::signature(&a).unwrap(), Long::signature(&negative).unwrap()];
    assert!(Long::sum(&points, &weights(&[7, 7]), 8).is_none());
    assert!(Long::sum(&points, &weights(&[7, 8]), 8).is_some());
    let a = claim_g1(1, b"a")[0].clone();
    let mut negative = a.clone();
    negative[0] ^= 0x20;
    assert!(Short::sum(&[Short::signature(&a).unwrap(), Short::signature(&negative).unwrap()], &weights(&[1, 1]), 8).is_none());
}

#[test]
fn a_key_with_many_messages_takes_one_pairing() {
    let key = Long::key(&claim(&[(1, b"a")])[1]).unwrap();
    for (messages, pairs) in [(1, 1), (2, 2), (3, 1), (9, 1)] {
        let hashed: Vec<_> = (0..messages).map(|i| Long::hash(&[i], DST_G2.as_bytes())).collect();
        let weights = weights(&vec![3; hashed.len()]);
        assert_eq!(Long::pairs(key, &Long::affine(&hashed), &weights, 8).unwrap().len(), pairs, "{messages}");
    }
    let key = Short::key(&claim_g1(1, b"a")[1]).unwrap();
    let hashed = [Short::hash(b"a", DST_G1.as_bytes()), Short::hash(b"b", DST_G1.as_bytes())];
    assert_eq!(Short::pairs(key, &Short::affine(&hashed), &weights(&[1, 2]), 8).unwrap().len(), 1);
}
