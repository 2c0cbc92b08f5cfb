/**
 * CAR files, headers and writing: CARv1 and the CARv2 around it (ipld.io/specs/transport/car; docs/protocol.md 4.8).
 * Sections are read by car-section.ts, whole files by car-parser.ts.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { concatBytes, equalBytes, fromHex } from '../encoding/bytes.ts';
import {
  finish,
  MAJOR_ARRAY,
  MAJOR_MAP,
  MAJOR_TEXT,
  MAJOR_UINT,
  type Reader,
  readArrayHead,
  readerOf,
  readHead,
  readLink,
  readMapHead,
  readText,
  writeHead,
  writeLink,
} from '../encoding/cbor.ts';
import type { CID } from '../encoding/cid.ts';
import { encodeVarint } from '../encoding/leb128.ts';
import type { Block } from '../ipld/block-store.ts';

/** Room for some 24,000 roots; a chain has one for each block of its head. */
export const CAR_HEADER_LENGTH_MAX = 1024 * 1024;

/** What a CARv2 begins with, after the length: the header of a CAR of version 2, which has no roots. */
const PRAGMA = fromHex('a16776657273696f6e02');
export const CAR_V2_HEADER_LENGTH = 40;
const PRAGMA_LENGTH = PRAGMA.length + 1;
const FULLY_INDEXED = 0x80;

/** Where a CARv2 keeps its CARv1, in bytes from the beginning of the file; `indexOffset` is 0 without an index. */
export interface CarV2Header {
  readonly dataOffset: number;
  readonly dataSize: number;
  readonly indexOffset: number;
}

/**
 * The roots of a CARv1 header `{roots: [CID], version: 1}` in canonical dag-cbor; throws `CAR_HEADER`, `CAR_VERSION`.
 */
export function decodeCarHeader(bytes: Uint8Array): readonly CID[] {
  try {
    return readHeader(readerOf(bytes));
  } catch (error) {
    if (!(error instanceof DecodeError) || error.code === 'CAR_VERSION') throw error;
    throw new DecodeError('CAR_HEADER', `expected the header of a CAR file, {roots, version}: ${error.message}`);
  }
}

function readHeader(r: Reader): readonly CID[] {
  const pairs = readMapHead(r, 2);
  if (pairs !== 2) throw new DecodeError('CBOR_FIELDS', `expected 2 keys, got ${pairs}`);
  expectKey(r, 'roots');
  const roots = Array.from({ length: readArrayHead(r, CAR_HEADER_LENGTH_MAX) }, () => readLink(r));
  expectKey(r, 'version');
  const version = readHead(r, MAJOR_UINT);
  if (version !== 1) throw new DecodeError('CAR_VERSION', `expected a CAR file of version 1 or 2, got version ${version}`);
  finish(r);
  return roots;
}

function expectKey(r: Reader, key: string): void {
  const got = readText(r, 16);
  if (got !== key) throw new DecodeError('CBOR_FIELDS', `expected the key "${key}", got "${got}"`);
}

/** Whether a header (without its length) says that a CARv2 begins here. */
export function isCarV2Pragma(bytes: Uint8Array): boolean {
  return equalBytes(bytes, PRAGMA);
}

/**
 * The 40 bytes after the pragma; throws `CAR_V2_HEADER` for offsets that cannot be and for characteristics that are not
 * known.
 */
export function decodeCarV2Header(bytes: Uint8Array): CarV2Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [dataOffset, dataSize, indexOffset] = [16, 24, 32].map((at) => Number(view.getBigUint64(at, true))) as [number, number, number];
  const characteristics = bytes.subarray(0, 16);
  if (((characteristics[0] as number) & ~FULLY_INDEXED) !== 0 || characteristics.subarray(1).some((byte) => byte !== 0)) {
    throw v2('characteristics that are not known');
  }
  if (dataOffset < PRAGMA_LENGTH + CAR_V2_HEADER_LENGTH) throw v2(`data at ${dataOffset}, inside the header`);
  if (dataSize === 0) throw v2('no data');
  if (dataOffset + dataSize > Number.MAX_SAFE_INTEGER) throw v2('data beyond 2^53 bytes');
  if (indexOffset !== 0 && indexOffset < dataOffset + dataSize) throw v2(`an index at ${indexOffset}, inside the data`);
  return { dataOffset, dataSize, indexOffset };
}

function v2(what: string): DecodeError {
  return new DecodeError('CAR_V2_HEADER', `the header of a CARv2 names ${what}`);
}

/** A CARv1, piece by piece: the header, then each block as it is asked for. */
export function* writeCar(roots: readonly CID[], blocks: Iterable<Block>): Generator<Uint8Array> {
  yield framed(encodeCarHeader(roots));
  for (const { cid, bytes } of blocks) yield framed(cid.bytes, bytes);
}

function encodeCarHeader(roots: readonly CID[]): Uint8Array {
  const w = new ByteWriter();
  writeHead(w, MAJOR_MAP, 2);
  writeKey(w, 'roots');
  writeHead(w, MAJOR_ARRAY, roots.length);
  for (const root of roots) writeLink(w, root);
  writeKey(w, 'version');
  writeHead(w, MAJOR_UINT, 1);
  return w.written();
}

function writeKey(w: ByteWriter, key: string): void {
  w.text(MAJOR_TEXT, key);
}

function framed(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(encodeVarint(length), ...parts);
}
