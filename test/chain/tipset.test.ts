/** Tipsets: order by ticket, keys, what is no tipset. A real node's: tipset.slow.test.ts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockHeader, blockCid } from '../../src/chain/block-header.ts';
import { compareBytes, concatBytes, toHex } from '../../src/chain/encoding/bytes.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { compareTickets, equalKeys, firstBlock, minTicket, tipsetJson, tipsetKeyBytes, tipsetKeyText, tipsetOf } from '../../src/chain/tipset.ts';
import * as arb from '../arbitraries.ts';
import { plain } from '../codec-laws.ts';

const invalid = expect.objectContaining({ name: 'DecodeError', code: 'TIPSET_INVALID' });

describe('tipset', () => {
  it('is the same whatever order its blocks come in', () => {
    fc.assert(
      fc.property(
        arb.tipset.chain((tipset) => fc.tuple(fc.constant(tipset), fc.shuffledSubarray([...tipset.blocks], { minLength: tipset.blocks.length }))),
        ([tipset, shuffled]) => {
          expect(equalKeys(tipsetOf(shuffled).key, tipset.key)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('puts the least digest of a ticket first', () => {
    fc.assert(
      fc.property(arb.tipset, (tipset) => {
        const digests = tipset.blocks.map(({ ticket }) => toHex(blake2b256((ticket as NonNullable<typeof ticket>).vrfProof)));
        expect(digests).toEqual([...digests].sort());
        expect(firstBlock(tipset)).toBe(tipset.blocks[0]);
        expect(toHex(blake2b256(minTicket(tipset).vrfProof))).toBe(digests[0]);
        for (const { ticket } of tipset.blocks) expect(compareTickets(minTicket(tipset), ticket as NonNullable<typeof ticket>)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  it('puts blocks of one ticket in the order of their CIDs', () => {
    fc.assert(
      fc.property(arb.blockHeader, arb.ticket, fc.uniqueArray(fc.bigInt({ min: 0n, max: 99n }), { minLength: 2, maxLength: 6 }), (header, ticket, marks) => {
        const blocks = marks.map((forkSignaling): BlockHeader => ({ ...header, ticket, forkSignaling }));
        const { key } = tipsetOf(blocks);
        expect(key.map(String)).toEqual([...blocks.map(blockCid)].sort((a, b) => compareBytes(a.bytes, b.bytes)).map(String));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses none, strangers, twins and blocks without a ticket', () => {
    fc.assert(
      fc.property(arb.tipset, arb.ticket, ({ blocks }, ticket) => {
        const first = blocks[0] as BlockHeader;
        expect(() => tipsetOf([])).toThrow(invalid);
        expect(() => tipsetOf([...blocks, { ...first, ticket, height: first.height === 0 ? 1 : first.height - 1 }])).toThrow(invalid);
        expect(() => tipsetOf([...blocks, { ...first, ticket, parents: [...first.parents, blockCid(first)] }])).toThrow(invalid);
        expect(() => tipsetOf([...blocks, first])).toThrow(invalid);
        expect(() => tipsetOf([...blocks, { ...first, ticket: null }])).toThrow(invalid);
      }),
      { numRuns: 30 },
    );
  });

  it('gives back its JSON, and refuses JSON that contradicts itself', () => {
    fc.assert(
      fc.property(arb.tipset, (tipset) => {
        const json = tipsetJson.toJson(tipset) as { readonly Cids: readonly object[]; readonly Blocks: readonly object[]; readonly Height: number };
        expect(plain(tipsetJson.fromJson(json))).toBe(plain(tipset));
        expect(() => tipsetJson.fromJson({ ...json, Height: json.Height === 0 ? 1 : json.Height - 1 })).toThrow(invalid);
        expect(() => tipsetJson.fromJson({ ...json, Cids: [...json.Cids, json.Cids[0]] })).toThrow(invalid);
        expect(() => tipsetJson.fromJson({ ...json, Blocks: [] })).toThrow(invalid);
        expect(() => tipsetJson.fromJson({ ...json, Blocks: 7 })).toThrow(expect.objectContaining({ code: 'JSON_TYPE', place: 'TipSet.Blocks' }));
      }),
      { numRuns: 30 },
    );
  });

  it('has a key in bytes and in text', () => {
    fc.assert(
      fc.property(arb.tipset, arb.tipset, (a, b) => {
        expect(toHex(tipsetKeyBytes(a.key))).toBe(toHex(concatBytes(...a.key.map(({ bytes }) => bytes))));
        expect(tipsetKeyText(a.key)).toBe(`{${a.key.map(String).join(',')}}`);
        expect(equalKeys(a.key, b.key)).toBe(tipsetKeyText(a.key) === tipsetKeyText(b.key));
        expect(equalKeys(a.key, a.key.slice(1))).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});
