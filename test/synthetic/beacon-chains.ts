/**
 * Two made chains over every change of the beacon: one drand network to the next, chained and not, with null rounds
 * across each border; and Skyr, from which a round counts one more, on a chained and on an unchained network
 * (docs/protocol.md 2.15).
 */

import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { type DrandOptions, madeDrand } from './made/drand.ts';
import { fill, mine } from './sealed-block.ts';
import { SOLE, type SoleMinerChain, soleMinerChain } from './sole-miner.ts';

const CHAINED: Omit<DrandOptions, 'name'> = { scheme: 'pedersen-bls-chained', periodSecs: 30, genesisTime: 1_690_000_011n };
const QUICK: Omit<DrandOptions, 'name'> = { scheme: 'bls-unchained-g1-rfc9380', periodSecs: 3, genesisTime: 1_695_000_001n };

/** Epochs at which the networks of {@link switchingChain} begin, and Skyr while its second one runs. */
export const SECOND_CHAINED = 20;
export const SWITCHING_SKYR = 40;
export const FIRST_QUICK = 60;
export const SECOND_QUICK = 80;
export const THIRD_CHAINED = 100;

/**
 * Chained, chained, unchained, unchained, chained; all blocks signed about the borders. 21, 60 and 101 are null, with
 * epochs before them.
 */
export function switchingChain(bls: Bls): SoleMinerChain {
  const [one, two, three] = ['one', 'two', 'three'].map((name, i) =>
    madeDrand(bls, { ...CHAINED, name, genesisTime: CHAINED.genesisTime - 1000n * BigInt(i) }),
  );
  const [four, five] = ['four', 'five'].map((name, i) => madeDrand(bls, { ...QUICK, name, genesisTime: QUICK.genesisTime - 1000n * BigInt(i) }));
  const drands = [one, two, four, five, three].filter((drand) => drand !== undefined);
  const starts = [0, SECOND_CHAINED, FIRST_QUICK, SECOND_QUICK, THIRD_CHAINED];
  const chain = soleMinerChain(bls, {
    name: 'made-switching',
    heights: { assembly: 5, skyr: SWITCHING_SKYR },
    beacons: drands.map((drand, i) => ({ start: starts[i] ?? 0, drand })),
    nulls: [19, 20, 21, 25, 58, 59, 60, 61, 78, 79, 99, 100, 101],
  });
  return mineAt(chain, [1, 2, 18, 22, 23, 24, 26, 39, 40, 41, 42, 57, 62, 63, 77, 80, 81, 98, 102, 103]);
}

export const UNCHAINED_SKYR = 20;

/** One unchained network throughout; Skyr is a null round, as are those about it. */
export function unchainedChain(bls: Bls): SoleMinerChain {
  const chain = soleMinerChain(bls, {
    name: 'made-unchained',
    heights: { assembly: 5, skyr: UNCHAINED_SKYR },
    beacons: [{ start: 0, drand: madeDrand(bls, { ...QUICK, name: 'quick' }) }],
    nulls: [10, 11, UNCHAINED_SKYR - 1, UNCHAINED_SKYR, UNCHAINED_SKYR + 1, 30],
  });
  return mineAt(chain, [1, 9, 12, UNCHAINED_SKYR - 2, UNCHAINED_SKYR + 2, UNCHAINED_SKYR + 3, 29, 31]);
}

/**
 * One chained network whose rounds are four epochs long (5 to 8, 9 to 12 …), with null rounds over the end of one and
 * at the beginning of another.
 */
export function slowChain(bls: Bls): SoleMinerChain {
  const chain = soleMinerChain(bls, {
    name: 'made-slow',
    heights: {},
    beacons: [{ start: 0, drand: madeDrand(bls, { ...CHAINED, name: 'slow', periodSecs: 120 }) }],
    nulls: [10, 11, 12, 17, 18],
  });
  return mineAt(chain, [1, 7, 8, 9, 13, 14, 15, 16, 19, 20]);
}

function mineAt(chain: SoleMinerChain, epochs: readonly number[]): SoleMinerChain {
  for (const epoch of epochs) {
    fill(chain, epoch - 1);
    mine(chain, epoch, [SOLE]);
  }
  return chain;
}
