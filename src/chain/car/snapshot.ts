/**
 * Where the head is in a chain snapshot: format 1, whose roots are the head tipset's blocks, and format 2, whose one
 * root names it (FRC-0108; lotus chain/store/snapshot.go; docs/protocol.md 4.8).
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import {
  finish,
  MAJOR_MAP,
  MAJOR_UINT,
  peekMajor,
  peekNull,
  type Reader,
  readerOf,
  readHead,
  readLink,
  readMapHead,
  readNull,
  readText,
} from '../encoding/cbor.ts';
import type { CID } from '../encoding/cid.ts';
import { link, list } from '../encoding/codec.ts';
import { type GetBlock, requireBlock } from '../ipld/block-store.ts';
import type { TipsetKey } from '../tipset.ts';

export interface Snapshot {
  readonly format: 1 | 2;
  readonly headKey: TipsetKey;
  /** Fast finality's certificates, one raw block of any length; null without. */
  readonly f3Data: CID | null;
}

/**
 * The head that the roots of a CAR file lead to. A single root is a block of a tipset of one (an array) or the metadata
 * of format 2 (a map). Throws `SNAPSHOT_HEAD` when there is none, `SNAPSHOT_METADATA` for a map of another shape,
 * `SNAPSHOT_FORMAT` for another format, `BLOCK_MISSING`.
 */
export function readSnapshot(roots: readonly CID[], get: GetBlock): Snapshot {
  const root = roots[0];
  if (root === undefined) throw new DecodeError('SNAPSHOT_HEAD', 'the CAR file names no roots, so no head to begin at');
  if (roots.length > 1) return { format: 1, headKey: roots, f3Data: null };
  const bytes = requireBlock(get, root, 'root');
  if (bytes.length === 0 || peekMajor(readerOf(bytes)) !== MAJOR_MAP) return { format: 1, headKey: roots, f3Data: null };
  try {
    return readMetadata(readerOf(bytes));
  } catch (error) {
    if (!(error instanceof DecodeError) || error.code.startsWith('SNAPSHOT_')) throw error;
    throw new DecodeError('SNAPSHOT_METADATA', `expected the root to be a block or {Version, HeadTipsetKey, F3Data}: ${error.message}`);
  }
}

/** Keys in any order: cbor-gen and Rust's serde sort them in their own ways. */
function readMetadata(r: Reader): Snapshot {
  const values: { Version?: number | bigint; HeadTipsetKey?: TipsetKey; F3Data?: CID | null } = {};
  const pairs = readMapHead(r, 3);
  for (let i = 0; i < pairs; i++) {
    const key = readText(r, 32);
    if (key in values) throw new DecodeError('CBOR_FIELDS', `the key "${key}" twice`);
    if (key === 'Version') values.Version = readHead(r, MAJOR_UINT);
    else if (key === 'HeadTipsetKey') values.HeadTipsetKey = list(link).read(r);
    else if (key === 'F3Data') values.F3Data = peekNull(r) ? readNull(r) : readLink(r);
    else throw new DecodeError('CBOR_FIELDS', `the key "${key}"`);
  }
  finish(r);
  const { Version, HeadTipsetKey, F3Data } = values;
  if (Version === undefined || HeadTipsetKey === undefined) throw new DecodeError('CBOR_FIELDS', 'no Version or no HeadTipsetKey');
  if (Version !== 2) throw new DecodeError('SNAPSHOT_FORMAT', `expected a snapshot of format 1 or 2, got ${Version}`);
  if (HeadTipsetKey.length === 0) throw new DecodeError('SNAPSHOT_HEAD', 'the snapshot names no head');
  return { format: 2, headKey: HeadTipsetKey, f3Data: F3Data ?? null };
}
