/** CIDs: the chain's own, the spellings that are refused, and what their hashes say of bytes. */

import fc from 'fast-check';
import { create as createDigest } from 'multiformats/hashes/digest';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/chain/encoding/byte-writer.ts';
import { concatBytes, fromHex, fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { CID, cidOf, cidOfDigest, decodeCid, HASH_BLAKE2B_256, HASH_IDENTITY, HASH_SHA2_256, matchesCid, parseCid } from '../../../src/chain/encoding/cid.ts';
import { decode, link } from '../../../src/chain/encoding/codec.ts';
import { blake2b256, sha256 } from '../../../src/chain/encoding/hash.ts';
import { bytes, cid } from '../../arbitraries.ts';
import { obeysCodecLaws } from '../../codec-laws.ts';

const KNOWN = 'bafy2bzaceaxyj7xq27gc2747adjcirpxx52tt7owqx6z6kckun7tqivvoym4y';
const KNOWN_BYTES = '0171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619cc';

describe('CID', () => {
  obeysCodecLaws(link, cid);

  it('reads text and bytes of one CID (lotus TestInteropBH)', () => {
    expect(toHex(parseCid(KNOWN).bytes)).toBe(KNOWN_BYTES);
    expect(decodeCid(fromHex(KNOWN_BYTES)).toString()).toBe(KNOWN);
    expect(decode(link, fromHex(`d82a582700${KNOWN_BYTES}`)).toString()).toBe(KNOWN);
  });

  it('names bytes by dag-cbor and blake2b-256', () => {
    // The empty AMT v2, docs/protocol.md 2.7.
    expect(cidOf(fromHex('8300008341008080')).toString()).toBe('bafy2bzacedswlcz5ddgqnyo3sak3jmhmkxashisnlpq6ujgyhe4mlobzpnhs6');
  });

  it.each([
    ['no bytes', ''],
    ['version 2', `02${KNOWN_BYTES.slice(2)}`],
    ['a version spelled in two bytes', `8100${KNOWN_BYTES.slice(2)}`],
    ['a codec spelled in two bytes', `01f100${KNOWN_BYTES.slice(4)}`],
    ['a digest cut short', KNOWN_BYTES.slice(0, -2)],
    ['a rest', `${KNOWN_BYTES}00`],
    ['a digest length that runs away', '0171a0e402ffffffffffffffff7f'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeCid(fromHex(hex))).toThrow(expect.objectContaining({ code: 'CID_INVALID' }));
  });

  it('refuses text that is none', () => {
    for (const text of ['', 'bafy', 'hello', `${KNOWN}a`, KNOWN.toUpperCase(), 'f'.repeat(500)]) {
      expect(() => parseCid(text)).toThrow(expect.objectContaining({ code: 'CID_INVALID' }));
    }
  });

  it('takes links of at most 100 bytes, in bytes and for writing', () => {
    const long = CID.createV1(0x55, createDigest(HASH_IDENTITY, new Uint8Array(120)));
    expect(() => decode(link, concatBytes(fromHex(`d82a5879`), Uint8Array.of(0), long.bytes))).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
    expect(() => link.write(new ByteWriter(), long)).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
  });

  it('reads the usual form as the library does, and keeps no view of the input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
        const input = cidOfDigest(digest).bytes.slice();
        const [read, expected] = [decodeCid(input), CID.decode(input.slice())];
        input.fill(0);
        expect(read.equals(expected)).toBe(true);
        expect([read.toString(), toHex(read.bytes), toHex(read.multihash.bytes), read.code, read.version]).toEqual([
          ...[expected.toString(), toHex(expected.bytes), toHex(expected.multihash.bytes), expected.code, expected.version],
        ]);
      }),
    );
  });

  it('knows whether bytes are those it names, for the hashes of the chain', () => {
    fc.assert(
      fc.property(bytes, bytes, (content, other) => {
        const same = toHex(content) === toHex(other);
        for (const digest of [
          createDigest(HASH_BLAKE2B_256, blake2b256(content)),
          createDigest(HASH_SHA2_256, sha256(content)),
          createDigest(HASH_IDENTITY, content),
        ]) {
          expect(matchesCid(CID.createV1(0x71, digest), content)).toBe(true);
          expect(matchesCid(CID.createV1(0x71, digest), other)).toBe(same);
        }
      }),
      { numRuns: 30 },
    );
    expect(matchesCid(CID.createV1(0x55, createDigest(0x1012, sha256(fromUtf8('x')))), fromUtf8('x'))).toBeNull();
  });
});
