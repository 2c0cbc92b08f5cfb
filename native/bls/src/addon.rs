//! The door to Node: every function of the scheme once as a call and, where it takes long, once as a promise.
//! Refusals and panics become JavaScript exceptions; no call ends the process.

use napi::bindgen_prelude::{AsyncTask, Result, Uint8ArraySlice};
use napi::{Env, Error};
use napi_derive::napi;

use crate::refusal::Refusal;
use crate::task::{SignatureTask, VerdictTask};
use crate::scheme::{Long, Short};
use crate::{aggregate, batch, blake2b, claims, domain, keys, packed, secp256k1, sign, verify};

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::from_reason(refusal.to_string())
    }
}

#[napi(catch_unwind)]
pub fn keygen<'e>(env: &'e Env, seed: &[u8]) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, *keys::keygen(seed)?)
}

#[napi(catch_unwind)]
pub fn public_key<'e>(env: &'e Env, private_key: &[u8]) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, keys::public_key(private_key)?)
}

#[napi(catch_unwind)]
pub fn public_key_g2<'e>(env: &'e Env, private_key: &[u8]) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, keys::public_key_g2(private_key)?)
}

#[napi(catch_unwind)]
pub fn sign<'e>(env: &'e Env, private_key: &[u8], message: &[u8], dst: String) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, sign::sign(private_key, message, &dst)?)
}

#[napi(catch_unwind)]
pub fn sign_g1<'e>(env: &'e Env, private_key: &[u8], message: &[u8], dst: String) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, sign::sign_g1(private_key, message, &dst)?)
}

#[napi(catch_unwind, ts_return_type = "Promise<Uint8Array>")]
pub fn sign_async(private_key: &[u8], message: &[u8], dst: String) -> Result<AsyncTask<SignatureTask>> {
    let key = keys::secret(private_key)?;
    domain::checked(&dst)?;
    let message = message.to_vec();
    Ok(SignatureTask::of(move || sign::sign_with(&key, &message, dst.as_bytes())))
}

#[napi(catch_unwind)]
pub fn verify(public_key: &[u8], message: &[u8], signature: &[u8], dst: String) -> Result<bool> {
    Ok(verify::verify(public_key, message, signature, domain::checked(&dst)?))
}

#[napi(catch_unwind)]
pub fn verify_g1(public_key: &[u8], message: &[u8], signature: &[u8], dst: String) -> Result<bool> {
    Ok(verify::verify_g1(public_key, message, signature, domain::checked(&dst)?))
}

#[napi(catch_unwind, ts_return_type = "Promise<boolean>")]
pub fn verify_async(public_key: &[u8], message: &[u8], signature: &[u8], dst: String) -> Result<AsyncTask<VerdictTask>> {
    domain::checked(&dst)?;
    let (public_key, message, signature) = (public_key.to_vec(), message.to_vec(), signature.to_vec());
    Ok(VerdictTask::of(move || verify::verify(&public_key, &message, &signature, dst.as_bytes())))
}

#[napi(catch_unwind, ts_return_type = "Promise<boolean>")]
pub fn verify_g1_async(public_key: &[u8], message: &[u8], signature: &[u8], dst: String) -> Result<AsyncTask<VerdictTask>> {
    domain::checked(&dst)?;
    let (public_key, message, signature) = (public_key.to_vec(), message.to_vec(), signature.to_vec());
    Ok(VerdictTask::of(move || verify::verify_g1(&public_key, &message, &signature, dst.as_bytes())))
}

/// `batch`: public key, message, signature and so on, packed.
#[napi(catch_unwind)]
pub fn verify_batch(batch: &[u8], dst: String) -> Result<bool> {
    Ok(batch::verify_batch(&packed::signed(batch)?, domain::checked(&dst)?))
}

#[napi(catch_unwind, ts_return_type = "Promise<boolean>")]
pub fn verify_batch_async(batch: &[u8], dst: String) -> Result<AsyncTask<VerdictTask>> {
    domain::checked(&dst)?;
    packed::signed(batch)?;
    let batch = batch.to_vec();
    Ok(VerdictTask::of(move || packed::signed(&batch).is_ok_and(|batch| batch::verify_batch(&batch, dst.as_bytes()))))
}

/// `claims`: packed one by one, then together. True: each holds.
#[napi(catch_unwind)]
pub fn claims_hold(claims: &[u8], salt: &[u8], dst: String) -> Result<bool> {
    Ok(claims::hold::<Long>(claims, salt, domain::checked(&dst)?)?)
}

#[napi(catch_unwind)]
pub fn claims_hold_g1(claims: &[u8], salt: &[u8], dst: String) -> Result<bool> {
    Ok(claims::hold::<Short>(claims, salt, domain::checked(&dst)?)?)
}

/// `signatures`: packed.
#[napi(catch_unwind)]
pub fn aggregate<'e>(env: &'e Env, signatures: &[u8]) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, aggregate::aggregate(&packed::strings(signatures)?)?)
}

/// `public_keys` and `messages`: packed.
#[napi(catch_unwind)]
pub fn aggregate_verify(public_keys: &[u8], messages: &[u8], sum: &[u8], dst: String) -> Result<bool> {
    let dst = domain::checked(&dst)?;
    Ok(aggregate::aggregate_verify(&packed::strings(public_keys)?, &packed::strings(messages)?, sum, dst))
}

#[napi(catch_unwind, ts_return_type = "Promise<boolean>")]
pub fn aggregate_verify_async(public_keys: &[u8], messages: &[u8], sum: &[u8], dst: String) -> Result<AsyncTask<VerdictTask>> {
    domain::checked(&dst)?;
    packed::strings(public_keys)?;
    packed::strings(messages)?;
    let (keys, messages, sum) = (public_keys.to_vec(), messages.to_vec(), sum.to_vec());
    Ok(VerdictTask::of(move || match (packed::strings(&keys), packed::strings(&messages)) {
        (Ok(keys), Ok(messages)) => aggregate::aggregate_verify(&keys, &messages, &sum, dst.as_bytes()),
        _ => false,
    }))
}

/// The 65-byte key behind a 65-byte signature over a 32-byte digest, of secp256k1; null where there is none.
#[napi(catch_unwind, js_name = "recoverSecp256k1")]
pub fn recover_secp256k1<'e>(env: &'e Env, digest: &[u8], signature: &[u8]) -> Result<Option<Uint8ArraySlice<'e>>> {
    secp256k1::recover(digest, signature).map(|key| Uint8ArraySlice::copy_from(env, key)).transpose()
}

#[napi(catch_unwind, js_name = "blake2b256")]
pub fn blake2b256<'e>(env: &'e Env, bytes: &[u8]) -> Result<Uint8ArraySlice<'e>> {
    Uint8ArraySlice::copy_from(env, blake2b::blake2b256(bytes))
}

/// Panics: lets a test see that a panic comes out as an exception.
#[napi(catch_unwind)]
pub fn panic_now() -> Result<bool> {
    panic!("as asked");
}

/// Panics in another thread of a task.
#[napi(catch_unwind, ts_return_type = "Promise<boolean>")]
pub fn panic_async() -> AsyncTask<VerdictTask> {
    VerdictTask::of(|| crate::spread::spread(64, |_| -> bool { panic!("as asked") }).is_empty())
}
