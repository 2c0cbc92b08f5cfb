//! The same calls as from Node, in Rust alone. test/bench/bls.bench.ts starts it and asks for one round at a time, in turn with its own:
//! a line `sign 100` or `verify 100` on stdin, the nanoseconds it took on stdout.

#![forbid(unsafe_code)]

use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Instant;

use mineone_bls::domain::DST_G2;
use mineone_bls::{keys, sign, verify};

fn main() -> io::Result<()> {
    let key = [&[1; 31][..], &[7]].concat();
    let message = [2; 32];
    let public_key = keys::public_key(&key).expect("a good key");
    let signature = sign::sign(&key, &message, DST_G2).expect("a good key");
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (what, count) = line.split_once(' ').unwrap_or((&line, "1"));
        let start = Instant::now();
        for _ in 0..count.parse().unwrap_or(1) {
            match what {
                "sign" => drop(black_box(sign::sign(black_box(&key), black_box(&message), DST_G2))),
                _ => assert!(verify::verify(black_box(&public_key), black_box(&message), &signature, DST_G2.as_bytes())),
            }
        }
        println!("{}", start.elapsed().as_nanos());
        io::stdout().flush()?;
    }
    Ok(())
}
