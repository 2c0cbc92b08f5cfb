/** Hashes, each by a published digest. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { blake2b32, blake2b160, blake2b256, keccak256, sha256 } from '../../../src/chain/encoding/hash.ts';
import { bytes } from '../../arbitraries.ts';

describe('hashes', () => {
  it('blake2b-256 (b2sum -l 256, as in every CID of the chain)', () => {
    expect(toHex(blake2b256(EMPTY))).toBe('0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8');
    expect(toHex(blake2b256(fromUtf8('abc')))).toBe('bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319');
  });

  it('blake2b-160: payload of the address of "address0" (lotus TestInteropBH)', () => {
    expect(toHex(blake2b160(fromUtf8('address0')))).toBe('d04cb15021bf6bd003073d79e2238d4e61f1ad22');
  });

  it('blake2b-32: 4 bytes, no prefix of a longer digest', () => {
    expect(blake2b32(EMPTY)).toHaveLength(4);
    expect(toHex(blake2b256(EMPTY))).not.toContain(toHex(blake2b32(EMPTY)));
  });

  it('Keccak-256, which is not SHA3-256 (Ethereum Yellow Paper: hash of nothing, of "abc")', () => {
    expect(toHex(keccak256(EMPTY))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(toHex(keccak256(fromUtf8('abc')))).toBe('4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45');
  });

  it('SHA-256 as OpenSSL has it', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toHex(sha256(value))).toBe(createHash('sha256').update(value).digest('hex'));
      }),
    );
  });
});
