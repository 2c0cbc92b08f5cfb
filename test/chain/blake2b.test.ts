/** BLAKE2b against the RFC's example and another implementation of it. */

import { blake2b as other } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake2b } from '../../src/chain/blake2b.ts';
import { fromUtf8, toHex } from '../../src/chain/bytes.ts';

describe('blake2b', () => {
  it('is that of RFC 7693, appendix A', () => {
    expect(toHex(blake2b(fromUtf8('abc'), 64))).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
  });

  it('is what another says of every length around its blocks', () => {
    for (let length = 0; length <= 400; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
      expect(toHex(blake2b(bytes, 32))).toBe(toHex(other(bytes, { dkLen: 32 })));
    }
  });

  it('is what another says, whatever the bytes and the length of the digest', () => {
    const message = fc.uint8Array({ maxLength: 3000 });
    fc.assert(fc.property(message, fc.integer({ min: 1, max: 64 }), (bytes, dkLen) => toHex(blake2b(bytes, dkLen)) === toHex(other(bytes, { dkLen }))));
  });
});
