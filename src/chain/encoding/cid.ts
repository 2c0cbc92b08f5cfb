/**
 * Content identifiers (CIDv1, multiformats.io/cid): the links between everything on a chain. Filecoin's own are
 * dag-cbor with blake2b-256 (docs/protocol.md 2.6, exceptions 4.2 and 4.5).
 */

import { CID } from 'multiformats/cid';
import { create as createDigest, Digest } from 'multiformats/hashes/digest';
import { DecodeError } from '../../errors/mineone-error.ts';
import { equalBytes } from './bytes.ts';
import { blake2b256, sha256 } from './hash.ts';

export { CID };

export const CODEC_RAW = 0x55;
export const CODEC_DAG_CBOR = 0x71;
export const HASH_IDENTITY = 0x00;
export const HASH_SHA2_256 = 0x12;
export const HASH_BLAKE2B_256 = 0xb220;

/** cbor-gen's limit for a CID in bytes. */
export const CID_LENGTH_MAX = 100;

/** CID of dag-cbor bytes, as every header, message and state object has it. */
export function cidOf(bytes: Uint8Array): CID {
  return cidOfDigest(blake2b256(bytes));
}

/** CID of dag-cbor bytes whose blake2b-256 (32 bytes) this is. */
export function cidOfDigest(digest: Uint8Array): CID {
  return CID.createV1(CODEC_DAG_CBOR, createDigest(HASH_BLAKE2B_256, digest));
}

/** How the CID of dag-cbor and blake2b-256 begins: version 1, 0x71, 0xb220 as a varint, 32 bytes. */
const USUAL_HEAD = [1, CODEC_DAG_CBOR, 0xa0, 0xe4, 2, 32] as const;
const USUAL_LENGTH = USUAL_HEAD.length + 32;
/** Where the version and the codec end. */
const MULTIHASH_AT = 2;

function isUsual(bytes: Uint8Array): boolean {
  for (let i = 0; i < USUAL_HEAD.length; i++) if (bytes[i] !== USUAL_HEAD[i]) return false;
  return true;
}

/** The one CID that these bytes spell, without rest; throws `CID_INVALID`. */
export function decodeCid(bytes: Uint8Array): CID {
  // Nearly all of the chain's are of one form, of which nothing needs to be decoded.
  if (bytes.length === USUAL_LENGTH && isUsual(bytes)) {
    const own = new Uint8Array(bytes);
    // Copies, which so short cost less than views.
    const digest = new Digest(HASH_BLAKE2B_256, 32, own.slice(USUAL_HEAD.length), own.slice(MULTIHASH_AT));
    return new CID(1, CODEC_DAG_CBOR, digest, own);
  }
  let cid: CID;
  try {
    // A copy, which `slice` is not of a Buffer: the CID keeps a view of what it is decoded from, and readers use their
    // buffers again.
    cid = CID.decode(new Uint8Array(bytes));
  } catch (cause) {
    throw new DecodeError('CID_INVALID', `expected a CID, got ${bytes.length} bytes that are none (${(cause as Error).message})`);
  }
  // multiformats takes varints longer than they need be; go-cid does not.
  if (!equalBytes(cid.bytes, bytes)) throw new DecodeError('CID_INVALID', `CID ${cid} is not spelled canonically`);
  return cid;
}

/** A CID in text (`bafy2bzac…`); throws `CID_INVALID`. */
export function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch {
    throw new DecodeError('CID_INVALID', `expected a CID, got "${text.slice(0, 100)}"`);
  }
}

/**
 * Whether the bytes are those the CID names; `null` for a hash function that is not known here. `hash` is blake2b-256,
 * by whatever computes it fastest.
 */
export function matchesCid(cid: CID, bytes: Uint8Array, hash: typeof blake2b256 = blake2b256): boolean | null {
  switch (cid.multihash.code) {
    case HASH_BLAKE2B_256:
      return equalBytes(cid.multihash.digest, hash(bytes));
    case HASH_SHA2_256:
      return equalBytes(cid.multihash.digest, sha256(bytes));
    case HASH_IDENTITY:
      return equalBytes(cid.multihash.digest, bytes);
    default:
      return null;
  }
}
