/** A recorded chain as a node, at its very beginning. */

import { describe, expect, it } from 'vitest';
import { openObservedChain } from '../../src/cli/observe/observed-chain.ts';
import { beaconRound } from '../../src/consensus/beacon.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { verifiedNode } from '../../src/verified-node.ts';
import { sharedData, suiteName } from '../shared-data.ts';

const { path, absent } = sharedData('mainnet/mainnet-0-39.car');

describe.skipIf(absent)(suiteName('mainnet from its genesis on', absent), () => {
  it('gives the beacon entries of genesis and of the first epochs, of which genesis names a parent that is no block', async () => {
    const chain = await openObservedChain(path, { network: 'mainnet', onProgress: () => undefined });
    try {
      const { signal } = new AbortController();
      expect((await chain.node.beaconEntry(0, signal)).round).toBe(0n);
      const { node } = verifiedNode(MAINNET, chain.node, chain.bls);
      for (const epoch of [1, 2, 3]) expect((await node.beaconEntry(epoch, signal)).round).toBe(beaconRound(MAINNET, epoch));
    } finally {
      await chain.close();
    }
  });
});
