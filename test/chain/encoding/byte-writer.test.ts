/** Bytes in the making: whatever is written in whatever order, through every growth of the buffer. */

import { encode } from '@ipld/dag-cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/chain/encoding/byte-writer.ts';
import { fromUtf8, joinBytes, toHex } from '../../../src/chain/encoding/bytes.ts';
import { MAJOR_BYTES, MAJOR_TEXT, MAJOR_UINT } from '../../../src/chain/encoding/cbor.ts';

interface Piece {
  readonly write: (w: ByteWriter) => void;
  readonly bytes: Uint8Array;
}

const piece = fc.oneof(
  fc.nat(255).map((byte): Piece => ({ write: (w) => w.byte(byte), bytes: Uint8Array.of(byte) })),
  fc.uint8Array({ maxLength: 90 }).map((bytes): Piece => ({ write: (w) => w.raw(bytes), bytes })),
  fc.uint8Array({ maxLength: 90 }).map((bytes): Piece => ({ write: (w) => w.bytes(MAJOR_BYTES, bytes), bytes: encode(bytes) })),
  fc.maxSafeNat().map((n): Piece => ({ write: (w) => w.head(MAJOR_UINT, n), bytes: encode(n) })),
  fc.bigInt(0n, 2n ** 64n - 1n).map((n): Piece => ({ write: (w) => w.uint64(n), bytes: Buffer.from(n.toString(16).padStart(16, '0'), 'hex') })),
  fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: 'grapheme', maxLength: 60 })).map((text): Piece => {
    const bytes = fromUtf8(text);
    const head = encode(bytes).subarray(0, -bytes.length || undefined);
    return { write: (w) => w.text(MAJOR_TEXT, text), bytes: joinBytes([Uint8Array.of((head[0] as number) + 0x20), head.subarray(1), bytes]) };
  }),
);

describe('a byte writer', () => {
  it('has all pieces one behind the other, whatever it began with', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(40), (pieces, capacity) => {
        const w = new ByteWriter(capacity);
        for (const { write } of pieces) write(w);
        const expected = toHex(joinBytes(pieces.map(({ bytes }) => bytes)));
        expect([toHex(w.written()), toHex(w.view())]).toEqual([expected, expected]);
        expect(w.length).toBe(expected.length / 2);
      }),
    );
  });

  it('gives a part as a copy of its own, and takes it back', () => {
    const w = new ByteWriter(4);
    w.raw(Uint8Array.of(1, 2, 3));
    w.text(MAJOR_TEXT, 'é');
    const part = w.written(3);
    w.cut(3);
    w.raw(Uint8Array.of(9, 9, 9));
    expect([toHex(part), toHex(w.written())]).toEqual(['62c3a9', '010203090909']);
  });
});
