//! Work for Node's thread pool; a panic in it rejects the promise.

#![forbid(unsafe_code)]

use std::panic::{catch_unwind, AssertUnwindSafe};

use napi::bindgen_prelude::{AsyncTask, Result, Uint8Array};
use napi::{Env, Error, Task};

/// What is to be done once, and what comes of it.
type Work<T> = Box<dyn FnMut() -> T + Send>;

/// A promise of true or false.
pub struct VerdictTask(Work<bool>);

/// A promise of a signature in G2.
pub struct SignatureTask(Work<[u8; 96]>);

impl VerdictTask {
    pub fn of(work: impl FnMut() -> bool + Send + 'static) -> AsyncTask<Self> {
        AsyncTask::new(Self(Box::new(work)))
    }
}

impl SignatureTask {
    pub fn of(work: impl FnMut() -> [u8; 96] + Send + 'static) -> AsyncTask<Self> {
        AsyncTask::new(Self(Box::new(work)))
    }
}

impl Task for VerdictTask {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> Result<bool> {
        guarded(&mut self.0)
    }

    fn resolve(&mut self, _env: Env, verdict: bool) -> Result<bool> {
        Ok(verdict)
    }
}

impl Task for SignatureTask {
    type Output = [u8; 96];
    type JsValue = Uint8Array;

    fn compute(&mut self) -> Result<[u8; 96]> {
        guarded(&mut self.0)
    }

    fn resolve(&mut self, _env: Env, signature: [u8; 96]) -> Result<Uint8Array> {
        Ok(signature.to_vec().into())
    }
}

/// Unguarded, a panic in Node's thread pool ends the process.
fn guarded<T>(work: &mut Work<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Error::from_reason(format!("BLS_PANIC: {}", said.unwrap_or("no message")))
    })
}
