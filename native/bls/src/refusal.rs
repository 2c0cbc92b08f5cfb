//! Why a call was refused: the input's fault, with a stable code that becomes the code of a `MineOneError`.

#![forbid(unsafe_code)]

use std::fmt;

/// Code and sentence, e.g. `BLS_SEED` and `seed: expected at least 32 bytes, got 7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// `CODE: sentence`, the form in which it crosses into JavaScript.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}
