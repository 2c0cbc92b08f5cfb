/**
 * The head of a section of a CAR file, varint(length) ‖ CID, read from bytes that may not be there yet
 * (ipld.io/specs/transport/car/carv1; docs/protocol.md 4.8).
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import type { Reader } from '../encoding/cbor.ts';
import { CID_LENGTH_MAX, CODEC_DAG_CBOR, CODEC_RAW } from '../encoding/cid.ts';

/**
 * Blocks of a chain stay below 2 MiB (bitswap's limit); raw ones alone may be longer: a snapshot's F3 data is one
 * block.
 */
export const BLOCK_LENGTH_MAX = 8 * 1024 * 1024;

const CODEC_CBOR = 0x51;
const MORE = -1;

/** What stands before a block's bytes; lengths and places in bytes, counted from the section's first. */
export interface SectionHead {
  readonly cidStart: number;
  /** Where the CID ends and the block begins. */
  readonly cidEnd: number;
  readonly blockLength: number;
}

/**
 * The head of the section at `at`, or null when it goes on beyond the bytes that are there. `left` is how many bytes
 * the file has from `at`, if known. Throws `CAR_VARINT`, `CAR_SECTION_EMPTY`, `CAR_TRUNCATED`, `CAR_CID`,
 * `CAR_BLOCK_CODEC`, `CAR_BLOCK_TOO_LONG`.
 */
export function readSectionHead(bytes: Uint8Array, at: number, left = Number.POSITIVE_INFINITY): SectionHead | null {
  const r: Reader = { bytes, offset: at };
  const length = readCarVarint(r);
  if (length === MORE) return null;
  if (length === 0) throw new DecodeError('CAR_SECTION_EMPTY', 'a section of no bytes');
  const cidStart = r.offset - at;
  if (cidStart + length > left) throw new DecodeError('CAR_TRUNCATED', `a section of ${length} bytes where ${left - cidStart} are left`);
  const cid = readCid(r);
  if (cid === null) return null;
  const cidEnd = cid.end - at;
  const blockLength = length - (cidEnd - cidStart);
  if (blockLength < 0) throw new DecodeError('CAR_CID', `a CID of ${cidEnd - cidStart} bytes in a section of ${length}`);
  if (cid.end > bytes.length) return null;
  if (blockLength > BLOCK_LENGTH_MAX && cid.codec !== CODEC_RAW) {
    throw new DecodeError('CAR_BLOCK_TOO_LONG', `a block of ${blockLength} bytes that is not raw; ${BLOCK_LENGTH_MAX} are allowed`);
  }
  return { cidStart, cidEnd, blockLength };
}

/** Codec and end of the CID at the reader's place; null when its own head goes on beyond the bytes. */
function readCid(r: Reader): { readonly codec: number; readonly end: number } | null {
  const start = r.offset;
  const version = readCarVarint(r);
  if (version === MORE) return null;
  if (version !== 1) throw new DecodeError('CAR_CID', `expected a CID of version 1, got ${version}`);
  const codec = readCarVarint(r);
  if (codec === MORE) return null;
  // Lotus exports these three and no other (chain/store/snapshot.go, enqueueIfNew), as the FVM knows no other.
  if (codec !== CODEC_DAG_CBOR && codec !== CODEC_RAW && codec !== CODEC_CBOR) {
    throw new DecodeError('CAR_BLOCK_CODEC', `a block of codec 0x${codec.toString(16)}; a chain's are dag-cbor, cbor and raw`);
  }
  const hash = readCarVarint(r);
  if (hash === MORE) return null;
  const digestLength = readCarVarint(r);
  if (digestLength === MORE) return null;
  const end = r.offset + digestLength;
  if (end - start > CID_LENGTH_MAX) throw new DecodeError('CAR_CID', `a CID of ${end - start} bytes; ${CID_LENGTH_MAX} are allowed`);
  return { codec, end };
}

/**
 * A varint of up to 53 bits, -1 when the bytes end inside it; throws `CAR_VARINT`. Numbers, not bigints: it runs four
 * times for each of a file's many sections.
 */
export function readCarVarint(r: Reader): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = r.bytes[r.offset + i];
    if (byte === undefined) return MORE;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      if (byte === 0 && i > 0) throw new DecodeError('CAR_VARINT', 'a varint in more bytes than it needs');
      if (value > Number.MAX_SAFE_INTEGER) break;
      r.offset += i + 1;
      return value;
    }
  }
  throw new DecodeError('CAR_VARINT', 'a varint of more than 53 bits');
}
