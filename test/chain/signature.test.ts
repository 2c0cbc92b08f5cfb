/** Signatures: type byte and data in one byte string. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { signature } from '../../src/chain/signature.ts';
import { signature as anySignature } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('signature', () => {
  obeysCodecLaws(signature, anySignature);

  it('is a byte string of the type and the data', () => {
    expect(toHex(encode(signature, { type: 2, data: Uint8Array.of(3) }))).toBe('420203');
    expect(signature.toJson({ type: 2, data: Uint8Array.of(3) })).toEqual({ Type: 2, Data: 'Aw==' });
  });

  it.each([
    ['no bytes', '40', 'SIGNATURE_TYPE'],
    ['type 0', '420003', 'SIGNATURE_TYPE'],
    ['type 4', '420403', 'SIGNATURE_TYPE'],
    ['a text', '626162', 'CBOR_TYPE'],
    ['201 bytes', `58c9${'02'.repeat(201)}`, 'CBOR_TOO_LONG'],
  ])('refuses %s', (_, hex, code) => {
    expect(() => decode(signature, fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });

  it('takes 200 bytes in all, go-state-types’ limit, and writes no more', () => {
    const longest = fromHex(`58c8${'02'.repeat(200)}`);
    expect(decode(signature, longest).data).toHaveLength(199);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 200, maxLength: 300 }), (data) => {
        expect(() => encode(signature, { type: 1, data })).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
      }),
      { numRuns: 5 },
    );
  });

  it('refuses JSON of another type', () => {
    expect(() => signature.fromJson({ Type: 7, Data: 'Aw==' })).toThrow(expect.objectContaining({ code: 'SIGNATURE_TYPE' }));
    expect(() => signature.fromJson({ Type: '2x', Data: 'Aw==' })).toThrow(expect.objectContaining({ code: 'JSON_TYPE' }));
  });
});
