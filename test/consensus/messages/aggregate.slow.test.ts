/** Mainnet's first 14 aggregates. */

import { describe, expect, it } from 'vitest';
import { PROTOCOL_BLS } from '../../../src/chain/address.ts';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import type { Signature } from '../../../src/chain/signature.ts';
import { verifyAggregate } from '../../../src/consensus/messages/aggregate.ts';
import { nobleBls } from '../../../src/consensus/signatures/noble.ts';
import { blsMessageOf, mainnetEpochs0To39 } from '../../recorded-chains.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

const bls = nobleBls();
const INFINITY = `c0${'00'.repeat(95)}`;

const { path, absent } = sharedData('mainnet/epochs-0-39.json');
describe.skipIf(absent)(suiteName('mainnet 0-39', absent), () => {
  it('14 aggregates over 73 messages hold, the other 34 are infinity', () => {
    const mainnet = mainnetEpochs0To39(path);
    let [verified, messages, empty] = [0, 0, 0];
    for (const { header, blsCids } of mainnet.blocks) {
      if (header.height === 0) continue;
      const aggregate = header.blsAggregate as Signature;
      const senders = blsCids.map((cid) => blsMessageOf(mainnet, cid).from);
      expect(senders.every(({ protocol }) => protocol === PROTOCOL_BLS)).toBe(true);
      const holds = verifyAggregate(
        bls,
        senders.map(({ payload }) => payload),
        blsCids,
        aggregate,
      );
      expect(holds).toBe(true);
      if (blsCids.length === 0) {
        empty++;
        expect(toHex(aggregate.data)).toBe(INFINITY);
        continue;
      }
      verified++;
      messages += blsCids.length;
    }
    expect([verified, messages, empty]).toEqual([14, 73, 34]);
  });
});
