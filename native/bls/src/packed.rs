//! Many byte strings in one: each behind its length as 32 bits big-endian. How lists cross from JavaScript.

#![forbid(unsafe_code)]

use crate::refusal::Refusal;

/// One of a batch to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    pub public_key: &'a [u8],
    pub message: &'a [u8],
    pub signature: &'a [u8],
}

/// All the strings, borrowed; `BLS_PACKED` if one is longer than what is left.
pub fn strings(mut rest: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    let mut found = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        if length > tail.len() {
            return Err(Refusal::new("BLS_PACKED", format!("list: string {} of {length} bytes, {} left", found.len(), tail.len())));
        }
        let (string, tail) = tail.split_at(length);
        found.push(string);
        rest = tail;
    }
    if rest.is_empty() {
        Ok(found)
    } else {
        Err(Refusal::new("BLS_PACKED", format!("list: {} bytes left over", rest.len())))
    }
}

/// Public key, message, signature, and so on.
pub fn signed(packed: &[u8]) -> Result<Vec<Signed<'_>>, Refusal> {
    let strings = strings(packed)?;
    let triples = strings.chunks_exact(3);
    if !triples.remainder().is_empty() {
        return Err(Refusal::new("BLS_PACKED", format!("batch: expected threes of strings, got {}", strings.len())));
    }
    Ok(triples.map(|three| Signed { public_key: three[0], message: three[1], signature: three[2] }).collect())
}

/// A list as it is written, for tests and for the benchmark.
pub fn pack<'a>(strings: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut packed = Vec::new();
    for string in strings {
        packed.extend_from_slice(&(string.len() as u32).to_be_bytes());
        packed.extend_from_slice(string);
    }
    packed
}
