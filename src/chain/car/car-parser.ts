/**
 * Reads a CAR file of version 1 or 2 from chunks of any size, as they come (ipld.io/specs/transport/car;
 * docs/protocol.md 4.8). Holds at most a header, never a block.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { concatBytes, EMPTY } from '../encoding/bytes.ts';
import { readerOf } from '../encoding/cbor.ts';
import type { CID } from '../encoding/cid.ts';
import { CAR_HEADER_LENGTH_MAX, CAR_V2_HEADER_LENGTH, decodeCarHeader, decodeCarV2Header, isCarV2Pragma } from './car.ts';
import { readCarVarint, readSectionHead } from './car-section.ts';

/**
 * The roots come once, then for each section its head and the block's bytes in one or more pieces. Bytes are views of
 * the chunk, good until the next one.
 */
export type CarEvent =
  | { readonly type: 'header'; readonly roots: readonly CID[] }
  | { readonly type: 'section'; readonly offset: number; readonly cid: Uint8Array; readonly blockLength: number }
  | { readonly type: 'piece'; readonly bytes: Uint8Array; readonly isLast: boolean };

type Stage = 'header' | 'CARv2 header' | 'gap' | 'inner header' | 'section' | 'block' | 'index' | 'end';

/** A place in a file; {@link parseCar} moves it on. Offsets and lengths in bytes. */
export interface CarParser {
  stage: Stage;
  /** Where in the file what comes next begins. */
  offset: number;
  /** Whole sections so far. */
  blocks: number;
  /** Bytes of the gap or block still to come. */
  left: number;
  /** Where the sections end: the size of the file, the end of a CARv2's data, Infinity when not known. */
  end: number;
  /** What follows the sections of a CARv2; null in a CARv1, where nothing does. */
  after: 'index' | 'end' | null;
  indexOffset: number;
  /** The beginning of something that is not whole, in as much room as it takes to go on; null when there is none. */
  held: Uint8Array | null;
  heldLength: number;
}

/** What one look at the bytes came to: bytes used, or with 0 the length that is wanted to go on. */
interface Step {
  readonly used: number;
  readonly wanted: number;
  readonly event: CarEvent | null;
}

/** A parser at the beginning of a file of `size` bytes, Infinity when that is not known. */
export function carParser(size = Number.POSITIVE_INFINITY): CarParser {
  return { stage: 'header', offset: 0, blocks: 0, left: 0, end: size, after: null, indexOffset: 0, held: null, heldLength: 0 };
}

/** A parser at a section's first byte, for sections up to `end`. */
export function sectionParser(from: number, end: number): CarParser {
  return { ...carParser(end), offset: from, stage: 'section' };
}

/**
 * What the next chunk of the file completes. Throws `DecodeError` with a `CAR_…` code that says where in the file;
 * nothing can be parsed after that.
 */
export function* parseCar(parser: CarParser, chunk: Uint8Array): Generator<CarEvent> {
  const bytes = join(parser, chunk);
  let at = 0;
  while (at < bytes.length || isEmptyBlock(parser)) {
    const { used, wanted, event } = look(parser, bytes.subarray(at));
    if (wanted > 0) return hold(parser, bytes.subarray(at), wanted);
    at += used;
    parser.offset += used;
    if (parser.stage === 'section' && parser.after !== null && parser.offset === parser.end) parser.stage = parser.after;
    if (event !== null) yield event;
  }
}

/** Throws `CAR_TRUNCATED` if the file may not end here. */
export function finishCar(parser: CarParser): void {
  const { offset, stage, heldLength, end, after, indexOffset, blocks } = parser;
  const isBetween = stage === 'section' && heldLength === 0;
  if (isBetween && after === null && (offset === end || end === Number.POSITIVE_INFINITY)) return;
  if (stage === 'end' || (stage === 'index' && offset > indexOffset)) return;
  const inside = isBetween ? 'before its announced end' : `inside its ${stage}`;
  throw new DecodeError('CAR_TRUNCATED', `the CAR file ends at byte ${offset + heldLength}, ${inside}, after ${blocks} whole blocks`);
}

/** The chunk after what was held of those before it; nothing while that is too little to go on. */
function join(parser: CarParser, chunk: Uint8Array): Uint8Array {
  if (parser.held === null) return chunk;
  const added = Math.min(chunk.length, parser.held.length - parser.heldLength);
  parser.held.set(chunk.subarray(0, added), parser.heldLength);
  parser.heldLength += added;
  if (parser.heldLength < parser.held.length) return EMPTY;
  const bytes = concatBytes(parser.held, chunk.subarray(added));
  parser.held = null;
  parser.heldLength = 0;
  return bytes;
}

/** Keeps a beginning until it is `wanted` bytes long: a header's length, which was checked, or one byte more. */
function hold(parser: CarParser, bytes: Uint8Array, wanted: number): void {
  parser.held = new Uint8Array(wanted);
  parser.held.set(bytes);
  parser.heldLength = bytes.length;
}

function isEmptyBlock(parser: CarParser): boolean {
  return parser.stage === 'block' && parser.left === 0;
}

function look(parser: CarParser, bytes: Uint8Array): Step {
  try {
    return lookAt[parser.stage](parser, bytes);
  } catch (error) {
    throw error instanceof DecodeError ? error.within(`CAR file, byte ${parser.offset} (its ${parser.stage})`) : error;
  }
}

const lookAt: Readonly<Record<Stage, (parser: CarParser, bytes: Uint8Array) => Step>> = {
  header(parser, bytes) {
    const header = headerBytes(parser, bytes);
    if (typeof header === 'number') return missing(header);
    if (!isCarV2Pragma(header.bytes)) return enterSections(parser, header);
    parser.stage = 'CARv2 header';
    return done(header.used);
  },

  'CARv2 header'(parser, bytes) {
    if (bytes.length < CAR_V2_HEADER_LENGTH) return missing(CAR_V2_HEADER_LENGTH);
    const { dataOffset, dataSize, indexOffset } = decodeCarV2Header(bytes.subarray(0, CAR_V2_HEADER_LENGTH));
    if (dataOffset + dataSize > parser.end) throw truncated(`data up to byte ${dataOffset + dataSize}`, parser.end);
    parser.end = dataOffset + dataSize;
    parser.after = indexOffset === 0 ? 'end' : 'index';
    parser.indexOffset = indexOffset;
    parser.left = dataOffset - parser.offset - CAR_V2_HEADER_LENGTH;
    parser.stage = parser.left === 0 ? 'inner header' : 'gap';
    return done(CAR_V2_HEADER_LENGTH);
  },

  gap(parser, bytes) {
    const used = Math.min(parser.left, bytes.length);
    parser.left -= used;
    if (parser.left === 0) parser.stage = 'inner header';
    return done(used);
  },

  'inner header'(parser, bytes) {
    const header = headerBytes(parser, bytes);
    return typeof header === 'number' ? missing(header) : enterSections(parser, header);
  },

  section(parser, bytes) {
    const head = readSectionHead(bytes, 0, parser.end - parser.offset);
    if (head === null) return missing(bytes.length + 1);
    parser.stage = 'block';
    parser.left = head.blockLength;
    return done(head.cidEnd, { type: 'section', offset: parser.offset, cid: bytes.subarray(head.cidStart, head.cidEnd), blockLength: head.blockLength });
  },

  block(parser, bytes) {
    const used = Math.min(parser.left, bytes.length);
    parser.left -= used;
    const isLast = parser.left === 0;
    if (isLast) parser.blocks++;
    if (isLast) parser.stage = 'section';
    return done(used, { type: 'piece', bytes: bytes.subarray(0, used), isLast });
  },

  index: (_parser, bytes) => done(bytes.length),

  end() {
    throw new DecodeError('CAR_TRAILING', 'bytes after the data of a CARv2 that has no index');
  },
};

/** A header without its length and how long it is with it, or the bytes that are wanted for it. */
function headerBytes(parser: CarParser, bytes: Uint8Array): { readonly bytes: Uint8Array; readonly used: number } | number {
  const r = readerOf(bytes);
  const length = readCarVarint(r);
  if (length < 0) return bytes.length + 1;
  if (length === 0) throw new DecodeError('CAR_HEADER', 'a header of no bytes');
  if (length > CAR_HEADER_LENGTH_MAX) throw new DecodeError('CAR_HEADER', `a header of ${length} bytes; ${CAR_HEADER_LENGTH_MAX} are allowed`);
  const used = r.offset + length;
  if (parser.offset + used > parser.end) throw truncated(`a header of ${length} bytes`, parser.end - parser.offset - r.offset);
  return used > bytes.length ? used : { bytes: bytes.subarray(r.offset, used), used };
}

function enterSections(parser: CarParser, header: { readonly bytes: Uint8Array; readonly used: number }): Step {
  const roots = decodeCarHeader(header.bytes);
  parser.stage = 'section';
  return done(header.used, { type: 'header', roots });
}

function done(used: number, event: CarEvent | null = null): Step {
  return { used, wanted: 0, event };
}

function missing(wanted: number): Step {
  return { used: 0, wanted, event: null };
}

function truncated(announced: string, left: number): DecodeError {
  return new DecodeError('CAR_TRUNCATED', `${announced} where ${left} are left`);
}
