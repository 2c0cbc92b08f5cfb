/**
 * Beacon rounds and the entries a block must carry: vectors, each switch of rule or network by hand, the rounds of a
 * real devnet.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import { areAsked, beaconDemand, beaconLinks, beaconRound, verifyBeaconLink } from '../../src/consensus/beacon.ts';
import { DRAND_MAINNET, INCENTINET, QUICKNET } from '../../src/consensus/network/drand.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import { networkFromJson } from '../../src/consensus/network/network-file.ts';
import { CALIBNET, MAINNET } from '../../src/consensus/network/networks.ts';
import { devnet2k } from '../recorded-chains.ts';
import vectors from '../vectors/consensus-vectors.json' with { type: 'json' };

/** An entry of which only the round matters. */
function entry(round: bigint | number): BeaconEntry {
  return { round: BigInt(round), data: Uint8Array.of(1, 2, 3) };
}

function rounds(params: NetworkParams, parent: number, epoch: number, previous: bigint | number = beaconRound(params, parent)): readonly bigint[] {
  const demand = beaconDemand(params, parent, epoch, entry(previous));
  return demand.kind === 'rounds' ? demand.rounds : expect.fail(`any, from ${parent} to ${epoch}`);
}

describe('round of an epoch', () => {
  it('is that of the published vectors', () => {
    expect(vectors.quicknetRound).toHaveLength(6);
    // The vectors begin before mainnet drew from quicknet: they are the round of that network's clock.
    const always: NetworkParams = { ...MAINNET, beacons: [{ start: 0, network: QUICKNET }] };
    for (const { epoch, round } of vectors.quicknetRound) {
      expect(beaconRound(always, epoch)).toBe(BigInt(round));
      if (epoch >= 3_855_480) expect(beaconRound(MAINNET, epoch)).toBe(BigInt(round));
    }
  });

  // Epoch E asks at genesis + 30 (E - 1). Mainnet's genesis is 2,432,580 s = 81,086 periods after Incentinet's and
  // 2,875,350 s = 95,845 after drand mainnet's.
  it.each([
    ['the first', MAINNET, 1, 81_086n],
    ['the last of Incentinet: 81,085 + E', MAINNET, 50_999, 132_084n],
    ['the first of drand mainnet: 95,844 + E', MAINNET, 51_000, 146_844n],
    ['the last of version 15', MAINNET, 1_960_320, 2_056_164n],
    ['the first of version 16: 95,845 + E, so one is passed over', MAINNET, 1_960_321, 2_056_166n],
    ['the last of drand mainnet', MAINNET, 3_855_479, 3_951_324n],
    ['the first of quicknet', MAINNET, 3_855_480, 7_055_802n],
    ['the next, ten periods of 3 s on', MAINNET, 3_855_481, 7_055_812n],
    // Calibnet's genesis is 71,895,330 s = 2,396,511 periods after drand mainnet's: 2,396,510 + E up to version 15.
    ['calibnet, version 15', CALIBNET, 510, 2_397_020n],
    ['calibnet, version 16', CALIBNET, 511, 2_397_022n],
  ])('%s', (_, params, epoch, round) => {
    expect(beaconRound(params, epoch)).toBe(round);
  });

  it('is 1 while the drand network is still to begin, from version 16 on', () => {
    const early: NetworkParams = { ...MAINNET, genesisTimestamp: QUICKNET.genesisTime - 60n, genesisVersion: 16, beacons: [{ start: 0, network: QUICKNET }] };
    const born: NetworkParams = { ...early, upgrades: { ...early.upgrades, breeze: 1e9 } };
    // Asked at -60, -30, 0 and 30 s of the network's time: rounds 1 (not begun), 1, 1 and 11.
    expect([1, 2, 3, 4].map((epoch) => beaconRound(born, epoch))).toEqual([1n, 1n, 1n, 11n]);
  });
});

describe('entries of a block', () => {
  it.each([
    ['mainnet, one epoch on', MAINNET, 100, 101, [81_186n]],
    ['mainnet, over null rounds: epoch 28 on 23', MAINNET, 23, 28, [81_109n, 81_110n, 81_111n, 81_112n, 81_113n]],
    ['into drand mainnet: two entries', MAINNET, 50_999, 51_000, [146_843n, 146_844n]],
    ['into drand mainnet, over null rounds: two entries still', MAINNET, 50_990, 51_010, [146_853n, 146_854n]],
    ['within drand mainnet again', MAINNET, 51_000, 51_001, [146_845n]],
    ['into version 16: the round passed over comes along', MAINNET, 1_960_320, 1_960_321, [2_056_165n, 2_056_166n]],
    ['the last of the chained networks', MAINNET, 3_855_478, 3_855_479, [3_951_324n]],
    ['into quicknet: no special rule', MAINNET, 3_855_479, 3_855_480, [7_055_802n]],
    ['into quicknet over null rounds: quicknet’s rounds for all of them', MAINNET, 3_855_477, 3_855_481, [7_055_782n, 7_055_792n, 7_055_802n, 7_055_812n]],
    ['into quicknet on calibnet, likewise', CALIBNET, 1_428_092, 1_428_094, [5_788_592n, 5_788_602n]],
    ['quicknet, the published pair with a null round', MAINNET, 6_216_198, 6_216_200, [30_662_992n, 30_663_002n]],
  ])('%s', (_, params, parent, epoch, expected) => {
    expect(rounds(params, parent, epoch)).toEqual(expected);
  });

  it('right after genesis are any on a chained network, one an epoch on an unchained one', () => {
    expect(beaconDemand(MAINNET, 0, 1, entry(0))).toEqual({ kind: 'any' });
    expect(beaconDemand(CALIBNET, 0, 3, entry(0))).toEqual({ kind: 'any' });
    const unchained: NetworkParams = { ...MAINNET, genesisVersion: 28, genesisTimestamp: 1_792_803_367n, beacons: [{ start: 0, network: QUICKNET }] };
    expect(rounds(unchained, 0, 2, 0)).toEqual([beaconRound(unchained, 1), beaconRound(unchained, 2)]);
  });

  it('are none when the round is still the last one', () => {
    expect(rounds(MAINNET, 100, 101, beaconRound(MAINNET, 101))).toEqual([]);
    expect(rounds(MAINNET, 6_000_000, 6_000_001, beaconRound(MAINNET, 6_000_001))).toEqual([]);
  });

  it('of an unchained network are one an epoch, each the epoch’s own round, rising', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_855_480, max: 9_000_000 }), fc.integer({ min: 1, max: 60 }), (parent, step) => {
        const demanded = rounds(MAINNET, parent, parent + step);
        expect(demanded).toEqual(Array.from({ length: step }, (_, i) => beaconRound(MAINNET, parent + i + 1)));
        for (const [i, round] of demanded.entries()) expect(round - (demanded[0] as bigint)).toBe(10n * BigInt(i));
      }),
    );
  });

  it('of a chained network are every round since the last, without a gap', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 50_900 }), fc.integer({ min: 51_000, max: 3_855_400 })),
        fc.integer({ min: 1, max: 60 }),
        (parent, step) => {
          const demanded = rounds(MAINNET, parent, parent + step);
          const [from, to] = [beaconRound(MAINNET, parent), beaconRound(MAINNET, parent + step)];
          expect(demanded).toHaveLength(Number(to - from));
          expect(demanded.every((round, i) => round === from + BigInt(i) + 1n)).toBe(true);
          const crossesVersion16 = parent <= 1_960_320 && parent + step > 1_960_320;
          expect(demanded).toHaveLength(crossesVersion16 ? step + 1 : step);
        },
      ),
    );
  });
});

describe('a chained network whose rounds are longer than an epoch', () => {
  // Rounds of 120 s: epochs 101 to 104 draw from one, 105 to 108 from the next.
  const slow: NetworkParams = {
    ...MAINNET,
    beacons: [{ start: 0, network: { ...INCENTINET, periodSecs: 120, genesisTime: MAINNET.genesisTimestamp } }],
  };
  const [r, next] = [beaconRound(slow, 101), beaconRound(slow, 105)];
  const taken = (parent: number, epoch: number, found: readonly bigint[], params = slow, previous = beaconRound(params, parent)) => {
    const demand = beaconDemand(params, parent, epoch, entry(previous));
    return demand.kind === 'rounds' ? areAsked(demand, found) : expect.fail(demand.kind);
  };

  it('has four epochs to a round', () => {
    expect([100, 101, 104, 105].map((epoch) => beaconRound(slow, epoch) - r)).toEqual([-1n, 0n, 0n, 1n]);
    expect(next).toBe(r + 1n);
  });

  it.each([
    ['a round once, as Lotus up to 1.25 made it', 100, 102, [r]],
    ['a round for each of two epochs, as Lotus 1.26 makes it', 100, 102, [r, r]],
    ["the base's round for a null round, then the next", 103, 105, [r, r + 1n]],
    ['both, again and again', 102, 106, [r, r, r + 1n, r + 1n]],
    ['none while the round is the same', 101, 104, []],
  ])('takes %s', (_, parent, epoch, found) => {
    expect(taken(parent, epoch, found)).toBe(true);
  });

  it.each([
    ['one where the round is the same', 101, 104, [r]],
    ['the round before only', 100, 102, [r - 1n]],
    ['a later round', 100, 102, [r, r + 1n]],
    ['a round twice, apart', 103, 109, [r + 1n, r + 2n, r + 1n]],
    ['rounds with a gap', 100, 109, [r, r + 2n]],
    ['none', 100, 102, []],
  ])('takes no %s', (_, parent, epoch, found) => {
    expect(taken(parent, epoch, found)).toBe(false);
  });

  it('is another matter than one of a round an epoch, whose rounds stand once', () => {
    const round = beaconRound(MAINNET, 101);
    expect([taken(100, 101, [round], MAINNET), taken(100, 101, [round, round], MAINNET)]).toEqual([true, false]);
  });

  it('links an entry that stands again to nothing, and one with other bytes to itself', () => {
    const [a, previous] = [entry(r), entry(r - 1n)];
    const network = slow.beacons[0]?.network;
    expect(beaconLinks(slow, 100, 102, [a, a], previous)).toEqual([{ network, entry: a, previous }]);
    const other = { ...a, data: Uint8Array.of(9) };
    expect(beaconLinks(slow, 100, 102, [a, other], previous)).toEqual([
      { network, entry: a, previous },
      { network, entry: other, previous: a },
    ]);
  });
});

describe('links of entries', () => {
  const [a, b, c, previous] = [entry(11), entry(12), entry(13), entry(10)] as const;

  it('join each entry to the one before it', () => {
    expect(beaconLinks(MAINNET, 100, 103, [a, b, c], previous)).toEqual([
      { network: INCENTINET, entry: a, previous },
      { network: INCENTINET, entry: b, previous: a },
      { network: INCENTINET, entry: c, previous: b },
    ]);
    expect(beaconLinks(MAINNET, 100, 103, [], previous)).toEqual([]);
  });

  it('leave out the first entry where a chained network takes over, and only there', () => {
    expect(beaconLinks(MAINNET, 50_999, 51_000, [a, b], previous)).toEqual([{ network: DRAND_MAINNET, entry: b, previous: a }]);
    expect(beaconLinks(MAINNET, 3_855_479, 3_855_480, [a], previous)).toEqual([{ network: QUICKNET, entry: a, previous }]);
  });

  it('are none on the first block of a chained network', () => {
    expect(beaconLinks(MAINNET, 0, 1, [a], entry(0))).toBeNull();
    expect(beaconLinks({ ...MAINNET, beacons: [{ start: 0, network: QUICKNET }] }, 0, 1, [a], entry(0))).toHaveLength(1);
  });
});

describe('a real devnet', async () => {
  const { bls } = loadBls();
  const params = networkFromJson(JSON.parse(readFileSync(new URL('../cassette/devnet-2k.network.json', import.meta.url), 'utf8')));
  const { blocks } = await devnet2k();
  const headers = blocks.map(({ header }) => header);
  const parentOf = new Map(blocks.map(({ cid, header }) => [cid.toString(), header]));

  it('581 blocks carry the rounds that are asked of them, 22 epochs with more than one', () => {
    const several = new Set<number>();
    for (const { height, parents, beaconEntries } of headers.filter((header) => header.height > 0)) {
      const parent = parentOf.get(String(parents[0])) ?? expect.fail('no parent');
      const previous = parent.beaconEntries.at(-1) ?? expect.fail('no entry');
      expect(beaconDemand(params, parent.height, height, previous)).toEqual({ kind: 'rounds', rounds: beaconEntries.map(({ round }) => round) });
      if (beaconEntries.length > 1) several.add(height);
    }
    expect([headers.length - 1, several.size]).toEqual([581, 22]);
  });

  it('the entries of a block over null rounds verify, and no other data does', () => {
    const header = headers.find(({ beaconEntries, height }) => height > 0 && beaconEntries.length > 2) ?? expect.fail('none');
    const entries = header.beaconEntries;
    const links = beaconLinks(params, header.height - entries.length, header.height, entries, entry(1)) ?? expect.fail('none');
    expect(links).toHaveLength(entries.length);
    for (const link of links) {
      expect(verifyBeaconLink(bls, link)).toBe(true);
      expect(verifyBeaconLink(bls, { ...link, entry: { ...link.entry, round: link.entry.round + 1n } })).toBe(false);
      expect(verifyBeaconLink(bls, { ...link, entry: { ...link.entry, data: link.entry.data.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) } })).toBe(false);
    }
    expect(verifyBeaconLink(bls, { network: params.beacons[0]?.network ?? QUICKNET, entry: entries[0] ?? entry(0), previous: entry(99) })).toBe(true);
  });
});
