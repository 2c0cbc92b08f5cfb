/**
 * The head of a snapshot: format 1 by its roots, format 2 by its metadata (written here as Lotus and Forest write it),
 * anything else refused.
 */

import { encode } from '@ipld/dag-cbor';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/chain/car/snapshot.ts';
import { ByteWriter } from '../../../src/chain/encoding/byte-writer.ts';
import { concatBytes, fromUtf8 } from '../../../src/chain/encoding/bytes.ts';
import { writeHead, writeLink } from '../../../src/chain/encoding/cbor.ts';
import { type CID, cidOf } from '../../../src/chain/encoding/cid.ts';
import type { GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { MineOneError } from '../../../src/errors/mineone-error.ts';

const a = cidOf(fromUtf8('a'));
const b = cidOf(fromUtf8('b'));
const f3 = cidOf(fromUtf8('f3'));

/** One root with these bytes. */
function rooted(bytes: Uint8Array): [readonly CID[], GetBlock] {
  const cid = cidOf(bytes);
  return [[cid], (asked) => (asked.equals(cid) ? bytes : undefined)];
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MineOneError) return error.code;
    throw error;
  }
  return 'none';
}

describe('snapshot', () => {
  it('of format 1 has the head in its roots', () => {
    const never: GetBlock = () => expect.unreachable();
    expect(readSnapshot([a, b], never)).toEqual({ format: 1, headKey: [a, b], f3Data: null });
    const [roots, get] = rooted(encode(['a header is an array']));
    expect(readSnapshot(roots, get)).toEqual({ format: 1, headKey: roots, f3Data: null });
  });

  it('of format 2 has it in the metadata, in whatever order the keys are', () => {
    expect(readSnapshot(...rooted(encode({ F3Data: f3, Version: 2, HeadTipsetKey: [a, b] })))).toEqual({ format: 2, headKey: [a, b], f3Data: f3 });
    expect(readSnapshot(...rooted(encode({ F3Data: null, Version: 2, HeadTipsetKey: [a] })))).toEqual({ format: 2, headKey: [a], f3Data: null });
    const w = new ByteWriter();
    w.byte(0xa3);
    const key = (name: string) => w.bytes(3, fromUtf8(name));
    key('Version');
    writeHead(w, 0, 2);
    key('HeadTipsetKey');
    writeHead(w, 4, 1);
    writeLink(w, a);
    key('F3Data');
    writeLink(w, f3);
    expect(readSnapshot(...rooted(w.written()))).toEqual({ format: 2, headKey: [a], f3Data: f3 });
  });

  it('without a head, of another format or of another shape is refused by its code', () => {
    expect(codeOf(() => readSnapshot([], () => undefined))).toBe('SNAPSHOT_HEAD');
    expect(codeOf(() => readSnapshot([a], () => undefined))).toBe('BLOCK_MISSING');
    const metadata = { F3Data: null, Version: 2, HeadTipsetKey: [a] };
    const code = (bytes: Uint8Array) => codeOf(() => readSnapshot(...rooted(bytes)));
    expect(code(encode({ ...metadata, HeadTipsetKey: [] }))).toBe('SNAPSHOT_HEAD');
    expect(code(encode({ ...metadata, Version: 3 }))).toBe('SNAPSHOT_FORMAT');
    expect(code(encode({ ...metadata, Version: '2' }))).toBe('SNAPSHOT_METADATA');
    expect(code(encode({ Version: 2 }))).toBe('SNAPSHOT_METADATA');
    expect(code(encode({ Version: 2, HeadTipsetKey: [a], Other: 1 }))).toBe('SNAPSHOT_METADATA');
    expect(code(concatBytes(encode(metadata), Uint8Array.of(0)))).toBe('SNAPSHOT_METADATA');
    expect(code(encode(metadata).slice(0, -1))).toBe('SNAPSHOT_METADATA');
    expect(code(concatBytes(Uint8Array.of(0xa2), encode('Version'), encode(2), encode('Version'), encode(2)))).toBe('SNAPSHOT_METADATA');
  });
});
