//! Work of one call over the machine's threads, and what they found brought together.

#![forbid(unsafe_code)]

use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

/// Below this many pairings for each, another thread costs more than it gives.
const LEAST: usize = 4;

/// No block of Filecoin keeps more threads than this busy.
const MOST: usize = 8;

/// `work` over consecutive ranges that cover `0..count`; the results in order. A panic in a thread goes on in the caller.
pub fn spread<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MOST).min(count / LEAST).max(1);
    let bound = |i: usize| count * i / threads;
    if threads == 1 {
        return vec![work(0..count)];
    }
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|i| scope.spawn(move || work(bound(i)..bound(i + 1)))).collect();
        let mut found = vec![work(0..bound(1))];
        found.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        found
    })
}
