/** The devnet's 343 tipsets, as a real node listed them. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/chain/address.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { tipsetOf } from '../../src/chain/tipset.ts';
import { devnet2k } from '../recorded-chains.ts';

interface DevnetTipset {
  readonly height: number;
  readonly cids: readonly string[];
  readonly timestamp: number;
  readonly parentWeight: string;
  readonly parentBaseFee: string;
  readonly blocks: readonly {
    readonly miner: string;
    readonly winCount: number;
    readonly ticketVRF: string;
    readonly postProof: string;
    readonly blsMessages: number;
  }[];
}

describe('devnet-2k', () => {
  it('343 tipsets: order, and what the node said of each block', async () => {
    const recording = gunzipSync(readFileSync(new URL('../cassette/devnet-2k.json.gz', import.meta.url))).toString();
    const { tipsets } = JSON.parse(recording) as { readonly tipsets: readonly DevnetTipset[] };
    const { blocks } = await devnet2k();
    for (const told of tipsets) {
      const own = blocks.filter(({ header }) => header.height === told.height);
      const tipset = tipsetOf(own.map(({ header }) => header).reverse());
      expect(tipset.key.map(String)).toEqual(told.cids);
      tipset.blocks.forEach((header, i) => {
        expect({
          miner: formatAddress(header.miner, 't'),
          winCount: header.electionProof?.winCount,
          ticketVRF: toHex(header.ticket?.vrfProof as Uint8Array),
          postProof: toHex(header.winPoStProof[0]?.proofBytes ?? new Uint8Array(0)),
          blsMessages: own[i]?.blsCids.length,
        }).toEqual({
          ...told.blocks[i],
          postProof: told.blocks[i]?.postProof ?? '',
          beacon: undefined,
          electionVRF: undefined,
          postProofType: undefined,
          secpMessages: undefined,
        });
        expect([Number(header.timestamp), String(header.parentWeight), String(header.parentBaseFee)]).toEqual([
          told.timestamp,
          told.parentWeight,
          told.parentBaseFee,
        ]);
      });
    }
    expect(tipsets).toHaveLength(343);
  });
});
