/** Plain values written as the reader of generic values has them, and as the reference codec writes them. */

import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { encodePlain, type Plain } from '../../../src/chain/encoding/cbor-encode.ts';
import { cidOf } from '../../../src/chain/encoding/cid.ts';
import { decodeCborValue } from '../../../src/chain/ipld/cbor-value.ts';

const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string(),
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array().map(cidOf),
    fc.array(tie('plain')),
  ),
}));

test('what is written is read again', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(decodeCborValue(encodePlain(value))).toEqual(value);
    }),
  );
});

test('the reference codec writes the same bytes', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(toHex(encodePlain(value))).toBe(toHex(dagCbor.encode(value)));
    }),
  );
});

test('small integers may be numbers', () => {
  expect(toHex(encodePlain([0, 23, 24, -1, 1000]))).toBe('850017181820' + '1903e8');
});
