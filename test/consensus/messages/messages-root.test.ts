/** The messages root: vectors by an independent implementation, and every header of the recorded chains. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { type CID, cidOf, matchesCid, parseCid } from '../../../src/chain/encoding/cid.ts';
import { decode, encode, link, u64 } from '../../../src/chain/encoding/codec.ts';
import { AMT_V2, amtEntries } from '../../../src/chain/ipld/amt.ts';
import { messageMeta } from '../../../src/chain/message-meta.ts';
import { messagesRoot } from '../../../src/consensus/messages/messages-root.ts';
import { chainCid } from '../../arbitraries.ts';
import { devnet2k, mainnetEpochs0To39 } from '../../recorded-chains.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

interface Vector {
  readonly bls: number;
  readonly secp: number;
  readonly hex: string;
  readonly cid: string;
}

const vectors = JSON.parse(readFileSync(new URL('../../vectors/consensus-vectors.json', import.meta.url), 'utf8')) as { readonly msgMeta: readonly Vector[] };

/** The rule of the vectors: value i is the CID of the dag-cbor integer i, secp256k1 values start at 1000. */
const numbered = (count: number, first: number): CID[] => Array.from({ length: count }, (_, i) => cidOf(encode(u64, BigInt(first + i))));

describe('messages root', () => {
  it.each(vectors.msgMeta)('of $bls BLS and $secp signed messages', ({ bls, secp, hex, cid }) => {
    const root = messagesRoot(numbered(bls, 0), numbered(secp, 1000));
    expect(root.cid.toString()).toBe(cid);
    expect(toHex(encode(messageMeta, root.meta))).toBe(hex);
  });

  it('of no messages (docs/protocol.md 2.7)', () => {
    expect(messagesRoot([], []).cid.toString()).toBe('bafy2bzacecmda75ovposbdateg7eyhwij65zklgyijgcjwynlklmqazpwlhba');
  });

  it('comes with all that is needed to read it again, every block by its hash', () => {
    fc.assert(
      fc.property(fc.array(chainCid, { maxLength: 90 }), fc.array(chainCid, { maxLength: 90 }), (bls, secpk) => {
        const { cid, meta, blocks } = messagesRoot(bls, secpk);
        const store = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]));
        expect(blocks.every(({ cid, bytes }) => matchesCid(cid, bytes) === true)).toBe(true);
        expect(blocks.at(-1)?.cid.equals(cid)).toBe(true);
        const read = (root: CID): string[] =>
          Array.from(
            amtEntries((c) => store.get(c.toString()), root, AMT_V2),
            ([, value]) => decode(link, value).toString(),
          );
        expect(read(meta.blsMessages)).toEqual(bls.map(String));
        expect(read(meta.secpkMessages)).toEqual(secpk.map(String));
      }),
      { numRuns: 25 },
    );
  });

  it('tells order, list and number apart', () => {
    const [a, b] = numbered(2, 0) as [CID, CID];
    const roots = [
      messagesRoot([a, b], []),
      messagesRoot([b, a], []),
      messagesRoot([a], [b]),
      messagesRoot([], [a, b]),
      messagesRoot([a], []),
      messagesRoot([a, a], []),
    ].map(({ cid }) => cid.toString());
    expect(new Set(roots).size).toBe(roots.length);
  });
});

describe('messages roots of real headers', () => {
  it('devnet-2k: 582', async () => {
    const { blocks } = await devnet2k();
    for (const { header, blsCids, secpkCids } of blocks) expect(messagesRoot(blsCids, secpkCids).cid.toString()).toBe(header.messages.toString());
    expect(blocks).toHaveLength(582);
  });

  const mainnet = sharedData('mainnet/epochs-0-39.json');
  it.skipIf(mainnet.absent)(suiteName('mainnet 0-39: 49, up to 101 messages in one', mainnet.absent), () => {
    const { blocks } = mainnetEpochs0To39(mainnet.path);
    for (const { header, blsCids, secpkCids } of blocks) expect(messagesRoot(blsCids, secpkCids).cid.toString()).toBe(header.messages.toString());
    expect(Math.max(...blocks.map(({ blsCids, secpkCids }) => blsCids.length + secpkCids.length))).toBe(101);
  });

  const included = sharedData('mainnet/mpool/included_591819.json.gz');
  const tipset = sharedData('mainnet/tipsets/591819.json');
  it.skipIf(included.absent || tipset.absent)(suiteName('mainnet 591819: four full blocks', included.absent || tipset.absent), () => {
    interface Included {
      readonly block: string;
      readonly blsMessages: readonly { readonly cid: string }[];
      readonly secpMessages: readonly { readonly cid: string }[];
    }
    const recorded = JSON.parse(gunzipSync(readFileSync(included.path)).toString()) as readonly Included[];
    const { cids, blocks } = JSON.parse(readFileSync(tipset.path, 'utf8')) as {
      readonly cids: readonly { readonly '/': string }[];
      readonly blocks: readonly { readonly Messages: { readonly '/': string } }[];
    };
    for (const { block, blsMessages, secpMessages } of recorded) {
      const at = cids.findIndex((cid) => cid['/'] === block);
      const cidsOf = (messages: readonly { readonly cid: string }[]): CID[] => messages.map(({ cid }) => parseCid(cid));
      expect(messagesRoot(cidsOf(blsMessages), cidsOf(secpMessages)).cid.toString()).toBe(blocks[at]?.Messages['/']);
    }
    expect(recorded).toHaveLength(4);
  });
});
