/**
 * Where what is known of a network ends: upgrades of tomorrow, networks born with them, and what is said of epochs
 * beyond.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondHorizon, horizonOf, horizonWarning, lastMinedEpoch, newestKnown, rulesNote, rulesNoteFrom } from '../../../src/consensus/network/horizon.ts';
import { NEVER, type NetworkParams } from '../../../src/consensus/network/network.ts';
import { BUTTERFLYNET, CALIBNET, devnet2k, MAINNET } from '../../../src/consensus/network/networks.ts';

const nova: NetworkParams = {
  ...MAINNET,
  unknownUpgrades: [
    { name: 'Later', height: 9_000_000 },
    { name: 'Nova', height: 7_000_000 },
  ],
};

describe('a network whose upgrades are all known', () => {
  it.each([MAINNET, CALIBNET, BUTTERFLYNET, devnet2k(0n)])('$name has no horizon', (params) => {
    expect([horizonOf(params), horizonWarning(params), lastMinedEpoch(params)]).toEqual([null, null, NEVER]);
    expect(beyondHorizon(params, NEVER)).toBeNull();
  });

  it.each([
    [MAINNET, 6_470_279],
    [CALIBNET, 4_109_133],
    [BUTTERFLYNET, 5220],
    [devnet2k(0n), 200],
  ])('$name: after Solstice there may be a later one', (params, solstice) => {
    expect(newestKnown(params)).toEqual({ upgrade: 'Solstice', networkVersion: 29, epoch: solstice });
    expect(rulesNote(params, solstice)).toBeNull();
    expect(rulesNote(params, solstice + 1)).toBe('judged by the rules of nv 29; a later upgrade is not known to this version');
    expect(rulesNoteFrom(params)).toBe(solstice + 1);
  });

  it('has none of its newest where that is switched off, or never comes', () => {
    for (const solstice of [-1, NEVER]) {
      const params = { ...devnet2k(0n), upgrades: { ...devnet2k(0n).upgrades, solstice } };
      expect([newestKnown(params).epoch, rulesNote(params, 1_000_000)]).toEqual([null, null]);
    }
    const born = { ...devnet2k(0n), genesisVersion: 29, upgrades: { ...devnet2k(0n).upgrades, solstice: -1 } };
    expect([rulesNoteFrom(born), rulesNote(born, 0)]).toEqual([0, 'judged by the rules of nv 29; a later upgrade is not known to this version']);
  });
});

describe('an upgrade that nobody here knows', () => {
  it('is the horizon, the first of several', () => {
    expect(horizonOf(nova)).toEqual({ height: 7_000_000, what: 'upgrade Nova' });
    expect([7_000_000, 7_000_001].map((epoch) => beyondHorizon(nova, epoch)?.what)).toEqual([undefined, 'upgrade Nova']);
    expect([6_470_279, 7_000_000, 7_000_001].map((epoch) => rulesNote(nova, epoch))).toEqual([
      null,
      'judged by the rules of nv 29; a later upgrade is not known to this version',
      'judged by the rules of nv 29; upgrade Nova (epoch 7000000) is not known to this version',
    ]);
  });

  it('is warned of by name and epoch, all of them', () => {
    expect(horizonWarning(nova)).toMatchObject({
      code: 'UPGRADE_UNKNOWN',
      message: expect.stringMatching(
        /^network mainnet has upgrade Later \(epoch 9000000\), upgrade Nova \(epoch 7000000\), not known to this version \(the newest it knows is Solstice, nv 29\): /,
      ),
    });
  });

  it('is never mined: neither past its height nor at it, as some rules change at the height itself', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (height) => {
        const params = { ...MAINNET, unknownUpgrades: [{ name: 'Nova', height }] };
        expect(lastMinedEpoch(params)).toBeLessThan(Math.max(1, height));
        expect(beyondHorizon(params, lastMinedEpoch(params))).toBeNull();
        expect(beyondHorizon(params, height + 1)).not.toBeNull();
      }),
    );
  });

  it('is none while it is switched off', () => {
    expect(horizonOf({ ...MAINNET, unknownUpgrades: [{ name: 'Nova', height: -1 }] })).toBeNull();
  });
});

describe('a network born with a version of tomorrow', () => {
  const born: NetworkParams = { ...devnet2k(0n), genesisVersion: 30 };

  it('lies beyond the horizon from genesis on', () => {
    expect(horizonOf(born)).toEqual({ height: -1, what: 'network version 30' });
    expect([beyondHorizon(born, 0)?.what, lastMinedEpoch(born), rulesNoteFrom(born)]).toEqual(['network version 30', 0, 0]);
    expect(rulesNote(born, 0)).toBe('judged by the rules of nv 29; network version 30 is not known to this version');
    expect(horizonWarning(born)?.message).toMatch(/^network 2k has network version 30 from genesis on, not known to this version /);
  });
});
