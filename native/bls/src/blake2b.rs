//! BLAKE2b (RFC 7693) of 32 bytes without a key: the hash in Filecoin's CIDs.

#![forbid(unsafe_code)]

const LENGTH: usize = 32;
const BLOCK: usize = 128;

/// Of SHA-512 (RFC 7693, 2.6).
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Which words of the block go where, round by round; the last two are the first two again (RFC 7693, 2.7).
const SIGMA: [[usize; 16]; 12] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
];

pub fn blake2b256(bytes: &[u8]) -> [u8; LENGTH] {
    let mut state = IV;
    state[0] ^= 0x0101_0000 ^ LENGTH as u64;
    // The last block may be a full one, and is an empty one of no bytes at all.
    let last = bytes.len().saturating_sub(1) / BLOCK * BLOCK;
    for (i, block) in bytes[..last].chunks_exact(BLOCK).enumerate() {
        compress(&mut state, block, (i + 1) * BLOCK, false);
    }
    let mut padded = [0; BLOCK];
    padded[..bytes.len() - last].copy_from_slice(&bytes[last..]);
    compress(&mut state, &padded, bytes.len(), true);
    let mut digest = [0; LENGTH];
    for (chunk, word) in digest.chunks_exact_mut(8).zip(state) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

/// `total`: bytes up to the end of this block; no input is of 2^64 of them.
fn compress(state: &mut [u64; 8], block: &[u8], total: usize, is_last: bool) {
    let mut words = [0; 16];
    for (word, chunk) in words.iter_mut().zip(block.chunks_exact(8)) {
        *word = chunk.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
    let mut v = [0; 16];
    v[..8].copy_from_slice(state);
    v[8..].copy_from_slice(&IV);
    v[12] ^= total as u64;
    if is_last {
        v[14] = !v[14];
    }
    for sigma in &SIGMA {
        let word = |i: usize| words[sigma[i]];
        for i in 0..4 {
            mix(&mut v, [i, 4 + i, 8 + i, 12 + i], word(2 * i), word(2 * i + 1));
        }
        for i in 0..4 {
            mix(&mut v, [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4], word(8 + 2 * i), word(9 + 2 * i));
        }
    }
    for i in 0..8 {
        state[i] ^= v[i] ^ v[8 + i];
    }
}

/// G of RFC 7693, 3.1.
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}
