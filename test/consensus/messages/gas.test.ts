/** Minimum gas: three price tables, each from its own epoch on. */

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { chainLength } from '../../../src/chain/message.ts';
import { BLOCK_GAS_LIMIT, minimumGas } from '../../../src/consensus/messages/gas.ts';
import type { NetworkParams } from '../../../src/consensus/network/network.ts';
import { CALIBNET, MAINNET } from '../../../src/consensus/network/networks.ts';
import { blsMessageOf, devnet2k, type RecordedChain, signedMessageOf } from '../../recorded-chains.ts';

const withHeights = (calico: number, hygge: number): Pick<NetworkParams, 'upgrades'> => ({ upgrades: { ...MAINNET.upgrades, calico, hygge } });

/** Born after every upgrade, as butterfly, interop and 2k networks are. */
const BORN_NEW = withHeights(-9, -21);

describe('minimum gas', () => {
  // 38863 + 136 * 1000; 38863 + 136 * 1300; 38863 + 475000 + 136 * 1300.
  it.each([
    ['mainnet genesis', MAINNET, 0, 174_863n],
    ['mainnet before Calico', MAINNET, 265_199, 174_863n],
    ['mainnet at Calico', MAINNET, 265_200, 215_663n],
    ['mainnet before Hygge', MAINNET, 2_683_347, 215_663n],
    ['mainnet at Hygge, whose network version comes an epoch later', MAINNET, 2_683_348, 690_663n],
    ['mainnet today', MAINNET, 6_000_000, 690_663n],
    ['calibnet at 119', CALIBNET, 119, 174_863n],
    ['calibnet at 120', CALIBNET, 120, 215_663n],
    ['calibnet at 322354', CALIBNET, 322_354, 690_663n],
    ['a network born after Hygge: tables at negative heights are never found', BORN_NEW, 0, 174_863n],
    ['the same, much later', BORN_NEW, 10_000_000, 174_863n],
    ['Hygge alone at a negative height', withHeights(100, -1), 5000, 215_663n],
    ['Calico at 0: one key with the first table, which it replaces', withHeights(0, 50), 0, 215_663n],
    ['Hygge before Calico: the greater height counts', withHeights(70, 50), 80, 215_663n],
    ['and until then Hygge', withHeights(70, 50), 60, 690_663n],
  ])('%s', (_, params, epoch, gas) => {
    expect(minimumGas(params, epoch, 100)).toBe(gas);
  });

  it('grows with the length, by the price of a byte', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(65_536), (epoch, length) => {
        const step = minimumGas(MAINNET, epoch, length + 1) - minimumGas(MAINNET, epoch, length);
        expect(step).toBe(epoch < MAINNET.upgrades.calico ? 1000n : 1300n);
        expect(minimumGas(MAINNET, epoch, length)).toBeGreaterThan(38_863n);
      }),
    );
  });
});

describe('messages that a real network took', () => {
  let devnet: RecordedChain;
  beforeAll(async () => {
    devnet = await devnet2k();
  });

  it('all pay the minimum, by the first table and by the last; the closest has 768,065 gas to spare', () => {
    const messages = devnet.blocks.flatMap(({ blsCids, secpkCids }) => [
      ...blsCids.map((cid) => blsMessageOf(devnet, cid)),
      ...secpkCids.map((cid) => signedMessageOf(devnet, cid)),
    ]);
    expect(messages).toHaveLength(652);
    const spare = (params: Pick<NetworkParams, 'upgrades'>, epoch: number): number =>
      Math.min(...messages.map((m) => Number(('message' in m ? m.message : m).gasLimit - minimumGas(params, epoch, chainLength(m)))));
    expect(spare(BORN_NEW, 300)).toBeGreaterThan(768_065);
    expect(spare(MAINNET, 6_000_000)).toBe(768_065);
    expect(messages.every((m) => ('message' in m ? m.message : m).gasLimit <= BLOCK_GAS_LIMIT)).toBe(true);
  });
});
