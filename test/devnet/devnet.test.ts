/**
 * The embedded chain as a whole: everything on it passes the audit's own rules, and the same seed makes the same chain.
 */

import { expect, test } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { formatAddress } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import { firstBlock } from '../../src/chain/tipset.ts';
import { recoverSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { readMessageCids } from '../../src/consensus/validation/block-messages.ts';
import { validateBlock } from '../../src/consensus/validation/block-validation.ts';
import { roundOf } from '../../src/consensus/validation/round.ts';
import { createDevnet } from '../../src/devnet/devnet.ts';
import { mapView } from '../synthetic/map-view.ts';
import { bls, chainOf, keyText, minedDevnet, signal } from './fixtures/mined.ts';

/** What nobody says who executes no messages. */
const NEEDS_EXECUTION = ['state-root', 'receipts-root'];

test('every block of a devnet passes the audit: signatures verified anew, chain and states read from its blocks alone', async () => {
  const mined = minedDevnet({ rivals: [{}] });
  await mined.run(1, 12);
  const { network, view } = mined.devnet;
  const judge = { params: network, view: mapView(view.get), bls: loadBls().bls, recoverSecp256k1 };
  const blocks = chainOf(mined.devnet).flatMap(({ blocks }) => blocks);
  const doubts = blocks.flatMap((header) => {
    const round = roundOf(judge, judge.view.tipset(header.parents), header.height, header.parentStateRoot);
    return validateBlock(round, blockCid(header), header).filter(({ verdict, check }) => verdict.verdict !== 'ok' && !NEEDS_EXECUTION.includes(check));
  });
  expect(doubts).toEqual([]);
  expect(new Set(blocks.map(({ miner }) => formatAddress(miner)))).toEqual(new Set(['f01000', 'f01001', 'f01002']));
  const messages = blocks.map((header) => readMessageCids(view.get, header));
  expect(messages.flatMap(({ bls }) => bls).length).toBeGreaterThan(5);
  expect(messages.flatMap(({ secpk }) => secpk).length).toBeGreaterThan(5);
});

test('the same seed makes the same chain, another one another', async () => {
  const head = async (seed: string): Promise<string> => {
    const mined = minedDevnet({ seed, rivals: [{}] });
    await mined.run(1, 8);
    return keyText(mined.devnet.head());
  };
  expect(await head('one')).toBe(await head('one'));
  expect(await head('one')).not.toBe(await head('two'));
});

test('the base fee falls and rises', async () => {
  const mined = minedDevnet({ miners: 1, seed: 'fees' });
  await mined.run(1, 40);
  const fees = chainOf(mined.devnet).map((tipset) => firstBlock(tipset).parentBaseFee);
  expect(fees.some((fee, i) => i > 0 && fee > (fees[i - 1] as bigint))).toBe(true);
  expect(fees.some((fee, i) => i > 0 && fee < (fees[i - 1] as bigint))).toBe(true);
});

test('a devnet of nobody is refused', () => {
  const { clock } = minedDevnet();
  expect(() => createDevnet({ seed: 's', clock, bls, miners: 0 })).toThrow(/one miner or more/);
});

test('stop ends everything on the clock', async () => {
  const mined = minedDevnet();
  await mined.run(1, 2);
  await mined.devnet.stop();
  expect(mined.clock.nextAlarm()).toBeNull();
});

test('a world that failed says so to whoever asks, and when it is stopped', async () => {
  // The rival's block comes on its own: nobody is there to be told.
  const other = minedDevnet({ miners: 0, rivals: [{ power: 2n ** 41n }] });
  other.devnet.on(({ type }) => {
    if (type === 'head') throw new Error('a listener that throws');
  });
  await other.reach(other.beginOf(4));
  await expect(other.devnet.node.head(signal)).rejects.toThrow('a listener that throws');
  await expect(other.devnet.stop()).rejects.toThrow('a listener that throws');
});
