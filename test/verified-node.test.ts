/** Beacon entries of base info: by the rule and drand's, or nothing is signed on them (docs/protocol.md 2.15). */

import { describe, expect, it } from 'vitest';
import type { BeaconEntry } from '../src/chain/beacon-entry.ts';
import { beaconRound } from '../src/consensus/beacon.ts';
import type { NetworkParams } from '../src/consensus/network/network.ts';
import type { Bls } from '../src/consensus/signatures/bls.ts';
import type { MinerOutcome } from '../src/miner.ts';
import type { MiningBaseInfo, Node } from '../src/ports/node.ts';
import { verifiedNode } from '../src/verified-node.ts';
import { bls } from './runtime/fixtures/run-epochs.ts';
import { entryOf, smallMiner } from './runtime/fixtures/small-miner.ts';
import { madeDrand } from './synthetic/made/drand.ts';
import { madeNetwork } from './synthetic/made/network.ts';

const signal = new AbortController().signal;
const BASE = 100;
const NONE = new Uint8Array(0);

/** A network on one drand of our own, what its epochs' entries are, and how often a signature was verified. */
function world(scheme: 'pedersen-bls-chained' | 'bls-unchained-g1-rfc9380', periodSecs = 30) {
  const drand = madeDrand(bls, { name: scheme, scheme, periodSecs, genesisTime: 1_699_990_000n });
  const network: NetworkParams = madeNetwork('made', {}, [{ start: 0, network: drand.network }]);
  const first = beaconRound(network, BASE - 1);
  const entries = new Map<bigint, BeaconEntry>();
  const at = (round: bigint): BeaconEntry => {
    const known = entries.get(round);
    if (known !== undefined) return known;
    const entry = drand.entry(round, round <= first || scheme !== 'pedersen-bls-chained' ? NONE : at(round - 1n).data);
    entries.set(round, entry);
    return entry;
  };
  const counts = { verified: 0, asked: [] as number[] };
  const counting: Bls = {
    ...bls,
    verify: (signed) => bls.verify(signed) && ++counts.verified > 0,
    verifyG1: (signed) => bls.verifyG1(signed) && ++counts.verified > 0,
  };
  const epochOf = (epoch: number): BeaconEntry => at(beaconRound(network, epoch));
  const node = {
    async beaconEntry(epoch: number) {
      counts.asked.push(epoch);
      return epochOf(epoch);
    },
  } as unknown as Node;
  return { network, counts, epochOf, ...verifiedNode(network, node, counting) };
}

const told = (previousBeacon: BeaconEntry, beaconEntries: readonly BeaconEntry[]) => ({ previousBeacon, beaconEntries }) as unknown as MiningBaseInfo;

describe.each(['bls-unchained-g1-rfc9380', 'pedersen-bls-chained'] as const)('entries of %s', (scheme) => {
  const made = () => {
    const { epochOf, ...rest } = world(scheme);
    const [previous, null1, null2, own] = [BASE, BASE + 1, BASE + 2, BASE + 3].map(epochOf) as [BeaconEntry, BeaconEntry, BeaconEntry, BeaconEntry];
    const altered = { ...own, data: own.data.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) };
    const check = (entries: readonly BeaconEntry[], prev = previous) => rest.beaconed(told(prev, entries), BASE, BASE + 3, signal);
    return { ...rest, previous, whole: [null1, null2, own], null1, null2, own, altered, check };
  };

  it('pass as they are when they are right', async () => {
    const { check, whole } = made();
    expect((await check(whole)).beaconEntries).toEqual(whole);
  });

  it('that are missing are asked for: the last one alone after null rounds, the first ones alone, none at all', async () => {
    const { check, whole, null1, own } = made();
    for (const some of [[own], [null1], [null1, own], []]) expect((await check(some)).beaconEntries).toEqual(whole);
  });

  it('that are wrong are refused: one too many, altered, doubled, out of order, of other rounds', async () => {
    const { check, whole, null1, null2, own, previous, altered, epochOf } = { ...made(), ...world(scheme) };
    const wrong = [
      [previous, ...whole],
      [...whole, epochOf(BASE + 4)],
      [null1, null2, altered],
      [null1, null2, own, own],
      [null2, null1, own],
      [{ ...null1, round: null1.round - 7n }, null2, own],
      [{ ...null1, round: own.round }],
    ];
    for (const entries of wrong) await expect(check(entries)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
  });

  it('are not none because the base is said to have the round already', async () => {
    const { check, own } = made();
    await expect(check([], own)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
  });

  it('are verified by one for a hundred miners', async () => {
    const { check, whole, counts } = made();
    await Promise.all(Array.from({ length: 100 }, () => check(whole)));
    expect(counts.verified).toBe(3);
  });
});

describe('the entry of an epoch', () => {
  it.each(['bls-unchained-g1-rfc9380', 'pedersen-bls-chained'] as const)(
    'is that of its round alone, though drand signed the other too: %s',
    async (scheme) => {
      const { network, epochOf } = world(scheme);
      const told: BeaconEntry[] = [epochOf(BASE), epochOf(BASE + 2), epochOf(BASE + 1)];
      const asking = { beaconEntry: async (epoch: number) => (epoch === BASE + 1 ? (told.shift() as BeaconEntry) : epochOf(epoch)) } as unknown as Node;
      const { node } = verifiedNode(network, asking, bls);
      for (let i = 0; i < 2; i++) await expect(node.beaconEntry(BASE + 1, signal)).rejects.toMatchObject({ code: 'BEACON_WRONG', retryable: true });
      expect(await node.beaconEntry(BASE + 1, signal)).toEqual(epochOf(BASE + 1));
    },
  );
});

describe('entries of a network whose epochs share a round', () => {
  it('are none where the base has it, and then it is the one that is drawn from', async () => {
    const { network, epochOf, beaconed } = world('bls-unchained-g1-rfc9380', 300);
    const epoch = Array.from({ length: 20 }, (_, i) => BASE + 1 + i).find((e) => beaconRound(network, e) === beaconRound(network, e - 1)) as number;
    const own = epochOf(epoch);
    expect((await beaconed(told(own, []), epoch - 1, epoch, signal)).beaconEntries).toEqual([]);
    const forged = { ...own, data: own.data.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) };
    await expect(beaconed(told(forged, []), epoch - 1, epoch, signal)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
  });
});

describe('entries of a chained network whose epochs share a round', () => {
  const made = () => {
    const { network, epochOf, ...rest } = world('pedersen-bls-chained', 120);
    // The first epoch of a round: those before it and after it share theirs.
    const first = Array.from({ length: 8 }, (_, i) => BASE + 4 + i).find((e) => beaconRound(network, e) !== beaconRound(network, e - 1)) as number;
    const [before, own] = [epochOf(first - 1), epochOf(first)];
    const altered = { ...own, data: own.data.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) };
    const check = async (epoch: number, entries: readonly BeaconEntry[], base = first - 2) =>
      (await rest.beaconed(told(epochOf(base), entries), base, epoch, signal)).beaconEntries;
    return { ...rest, network, first, before, own, altered, check };
  };

  it('pass with a round again for each epoch that shares it, as Lotus 1.26 makes them, and with each once, as earlier ones did', async () => {
    const { first, before, own, check } = made();
    for (const entries of [[before, own, own], [own, own], [before, own], [own]]) expect(await check(first + 1, entries)).toEqual(entries);
    expect(await check(first + 1, [before])).toEqual([before, own]);
    expect(await check(first + 1, [])).toEqual([own]);
  });

  it('are refused with other bytes for the same round, a round too late, and where the base has the round', async () => {
    const { first, before, own, altered, check } = made();
    for (const entries of [[own, altered], [altered], [{ ...before, data: own.data }, own], [own, before], [before, own, own, before]])
      await expect(check(first + 1, entries)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
    await expect(check(first + 1, [own], first)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
  });

  it('are verified on the round before, which an earlier epoch than the last one drew from', async () => {
    const { node, first, own, counts } = made();
    expect(await node.beaconEntry(first + 2, signal)).toEqual(own);
    expect([counts.asked, counts.verified]).toEqual([[first + 2, first - 1], 1]);
  });
});

describe('entries right after a chained genesis', () => {
  const { epochOf, beaconed } = world('pedersen-bls-chained');
  const genesis = { round: 0n, data: new Uint8Array(32) };

  it('are any that end in the epoch’s own, and it alone where there are none', async () => {
    const [before, own] = [epochOf(BASE), epochOf(BASE + 1)];
    for (const [entries, whole] of [
      [[own], [own]],
      [
        [before, own],
        [before, own],
      ],
      [[], [own]],
    ] as const)
      expect((await beaconed(told(genesis, entries), BASE, BASE + 1, signal)).beaconEntries).toEqual(whole);
    await expect(beaconed(told(genesis, [before]), BASE, BASE + 1, signal)).rejects.toMatchObject({ code: 'BEACON_ENTRIES_WRONG' });
  });
});

/** Won epochs after a null round, the base info's entries told otherwise. */
async function mineWith(change: (entries: readonly BeaconEntry[]) => readonly BeaconEntry[]) {
  const signed: Uint8Array[] = [];
  const small = await smallMiner({}, (node) => ({
    ...node,
    async createBlock(template, s) {
      if (template.epoch === 2) throw Object.assign(new Error('a null round'), { code: 'NO' });
      return node.createBlock(template, s);
    },
    async miningBaseInfo(miner, epoch, base, s) {
      const info = await node.miningBaseInfo(miner, epoch, base, s);
      return info === null || epoch !== 3 ? info : { ...info, beaconEntries: change(info.beaconEntries) };
    },
  }));
  const outcomes: MinerOutcome[] = [];
  small.miner.outcomes$.subscribe((outcome) => outcomes.push(outcome));
  small.miner.transitions$.subscribe(({ stream, steps }) => {
    if (!stream.startsWith('f01000/3')) return;
    for (const { effects } of steps)
      for (const { name, input } of effects) if (name === 'signVrf') signed.push((input as { readonly message: Uint8Array }).message);
  });
  await small.miner.start();
  await small.runTo(5);
  await small.miner.stop();
  const block = small.chain.submitted.find(({ header }) => header.height === 3);
  return { outcome: outcomes.find(({ epoch }) => epoch === 3)?.outcome, next: outcomes.find(({ epoch }) => epoch === 4)?.outcome, block, signed };
}

describe('a won epoch after a null round', () => {
  it.for([
    ['the last entry only', ([, own]) => [own as BeaconEntry]],
    ['none', () => []],
  ] as [string, (entries: readonly BeaconEntry[]) => readonly BeaconEntry[]][])(
    'whose base info has %s is mined with the entries of the rule',
    async ([, change]) => {
      const { outcome, block } = await mineWith(change);
      expect(outcome).toMatchObject({ outcome: 'mined' });
      expect(block?.header.beaconEntries).toEqual([entryOf(2), entryOf(3)]);
    },
  );

  it.for([
    ['one too many', (entries) => [entryOf(1), ...entries]],
    ['an altered signature', ([first, own]) => [first as BeaconEntry, { round: entryOf(3).round, data: (own as BeaconEntry).data.map((byte) => byte ^ 1) }]],
    ['other rounds', () => [entryOf(7), entryOf(8)]],
  ] as [string, (entries: readonly BeaconEntry[]) => readonly BeaconEntry[]][])('whose base info has %s signs nothing', async ([, change]) => {
    const { outcome, next, block, signed } = await mineWith(change);
    expect(outcome).toMatchObject({ outcome: 'failed', stage: 'base-info', failure: { code: 'BEACON_ENTRIES_WRONG' } });
    expect([block, signed]).toEqual([undefined, []]);
    expect(next).toMatchObject({ outcome: 'mined' });
  });
});
