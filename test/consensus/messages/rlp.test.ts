/**
 * RLP: the Yellow Paper's and go-ethereum's examples (rlptest.json), and a reader of its own to take everything apart
 * again.
 */

import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { encodeRlp, type RlpItem, rlpInteger } from '../../../src/consensus/messages/rlp.ts';
import { decodeRlp } from '../../ethereum-vectors.ts';

const text = fromUtf8;
const LOREM = text('Lorem ipsum dolor sit amet, consectetur adipisicing elit');

const { item } = fc.letrec<{ item: RlpItem; list: readonly RlpItem[]; string: Uint8Array }>((tie) => ({
  item: fc.oneof({ maxDepth: 4 }, tie('string'), tie('list')),
  list: fc.array(tie('item'), { maxLength: 8 }),
  string: fc.uint8Array({ maxLength: 70 }),
})) as { item: Arbitrary<RlpItem> };

describe('RLP', () => {
  it.each<[string, RlpItem, string]>([
    ['nothing', text(''), '80'],
    ['zero as a byte', Uint8Array.of(0), '00'],
    ['0x7f', Uint8Array.of(0x7f), '7f'],
    ['0x80', Uint8Array.of(0x80), '8180'],
    ['dog', text('dog'), '83646f67'],
    ['55 bytes', LOREM.subarray(0, 55), `b7${toHex(LOREM.subarray(0, 55))}`],
    ['56 bytes', LOREM, `b838${toHex(LOREM)}`],
    ['1024 bytes', new Uint8Array(1024).fill(0x61), `b90400${'61'.repeat(1024)}`],
    ['no items', [], 'c0'],
    ['cat and dog', [text('cat'), text('dog')], 'c88363617483646f67'],
    ['the set-theoretical three', [[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
    ['a list of 56 bytes', Array<Uint8Array>(56).fill(Uint8Array.of(1)), `f838${'01'.repeat(56)}`],
    ['zero', rlpInteger(0n), '80'],
    ['15', rlpInteger(15n), '0f'],
    ['1024', rlpInteger(1024n), '820400'],
    ['2^256 - 1', rlpInteger((1n << 256n) - 1n), `a0${'ff'.repeat(32)}`],
    ['2^256', rlpInteger(1n << 256n), `a101${'00'.repeat(32)}`],
  ])('%s', (_, item, hex) => {
    expect(toHex(encodeRlp(item))).toBe(hex);
  });

  it('is read back as what it was', () => {
    fc.assert(
      fc.property(item, (value) => {
        expect(decodeRlp(encodeRlp(value))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
