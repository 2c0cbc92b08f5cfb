/**
 * Blocks beside the lookback chain that are wrong in what they looked at, each signed with what its miner took for
 * right.
 */

import type { Epoch } from '../../src/chain/epoch.ts';
import { weightOn } from './base-facts.ts';
import { ASSEMBLY, FIRE_HORSE, GIANT, LOSER, NEWCOMER, VERIFIED, WORKER } from './lookback-chain.ts';
import type { MadeChain } from './made/chain.ts';
import { type PlanOptions, planBlock, type SealedBlock, winner } from './sealed-block.ts';

export interface Fraud {
  readonly what: string;
  /** The checks that must be wrong, and no others. */
  readonly wrong: readonly string[];
  /** Seals it, at every call. */
  readonly block: () => SealedBlock;
}

const BY_THE_KEY = ['election-vrf', 'ticket-vrf', 'block-signature'];

/** All of them are made on the tipset below their epoch. */
export function lookbackFrauds(chain: MadeChain): readonly Fraud[] {
  return [...ofPower(chain), ...ofWorkers(chain), ...ofNullRounds(chain), ...ofWeight(chain), ...ofStanding(chain), ...ofMinimum(chain)];
}

/** Wins by the power of another epoch: of a miner that is larger in what it believes. */
function ofPower(chain: MadeChain): readonly Fraud[] {
  const rows = [
    [509, 9, GIANT],
    [510, 11, WORKER],
    [514, 9, WORKER],
    [515, 11, GIANT],
    [510, 900, WORKER],
    [1999, 899, GIANT],
    [2000, 901, WORKER],
    [2004, 899, WORKER],
    [2005, 901, GIANT],
  ] as const;
  return rows.map(([epoch, lookback, miner]) => ({
    what: `wins of f0${miner} at ${epoch} by the power ${lookback} epochs back`,
    wrong: ['win-count'],
    block: beside(chain, epoch, miner, { lookback }),
  }));
}

function ofWorkers(chain: MadeChain): readonly Fraud[] {
  const rows = [
    [529, 9],
    [530, 11],
    [ASSEMBLY, 900],
    [ASSEMBLY + 1, 10],
    [1419, 899],
    [1420, 901],
    [2009, 899],
    [2010, 901],
  ] as const;
  return rows.map(([epoch, lookback]) => ({
    what: `the worker key of ${lookback} epochs back at ${epoch}`,
    wrong: BY_THE_KEY,
    block: beside(chain, epoch, WORKER, { lookback }),
  }));
}

/** The lookback falls on null rounds, or the block comes after some. */
function ofNullRounds(chain: MadeChain): readonly Fraud[] {
  const keyAfter = (height: Epoch) => ({ believed: chain.at(height).after });
  const rows = [
    ['the tipset after the null rounds, not the one before', 549, keyAfter(542)],
    ['the tipset after the null rounds, not the one before', 551, keyAfter(542)],
    ['the state before the lookback tipset', 552, keyAfter(538)],
    ['the tipset after the null rounds, not the one before', 2019, keyAfter(1122)],
    ['the tipset after the null rounds, not the one before', 2021, keyAfter(1122)],
    ['the state before the lookback tipset', 2022, keyAfter(1118)],
    ['a lookback from the first null round', 2030, keyAfter(2028 - 900)],
    ['the base, nine null rounds above it', 608, { base: chain.at(599), believed: chain.at(599).after }],
    ['the state before the base, ten null rounds above it', 609, { base: chain.at(599), believed: chain.at(599).before }],
  ] as const;
  return rows.map(([what, epoch, options]) => ({ what: `${what} at ${epoch}`, wrong: BY_THE_KEY, block: beside(chain, epoch, WORKER, options) }));
}

/** The network's power of the tipset before or after. */
function ofWeight(chain: MadeChain): readonly Fraud[] {
  const rows = [
    ['after the base', 501, chain.at(500).after],
    ['before the tipset below the base', 502, chain.at(500).before],
  ] as const;
  return rows.map(([what, epoch, before]) => ({
    what: `a weight by the power ${what} at ${epoch}`,
    wrong: ['parent-weight'],
    block: () => {
      const plan = planBlock(chain, epoch, WORKER, { base: chain.at(epoch - 1) });
      return winner(chain, { ...plan, weight: weightOn({ ...plan.base, before }) });
    },
  }));
}

/** What bars a miner in the state before the base. */
function ofStanding(chain: MadeChain): readonly Fraud[] {
  return [
    { what: 'no power at the first base of network version 4', wrong: ['standing'], block: beside(chain, ASSEMBLY + 2, LOSER) },
    { what: 'fee debt, at once', wrong: ['standing'], block: beside(chain, 2092, WORKER) },
    { what: 'fee debt, paid in the base', wrong: ['standing'], block: beside(chain, 2096, WORKER) },
    { what: 'a consensus fault, at once', wrong: ['standing'], block: beside(chain, 2102, WORKER) },
    { what: 'a consensus fault, on the last base of its penalty', wrong: ['standing'], block: beside(chain, 2106, WORKER) },
    { what: 'a consensus fault, on that base after null rounds', wrong: ['standing'], block: beside(chain, 2108, WORKER, { base: chain.at(2105) }) },
    { what: 'no claim any more', wrong: ['claim', 'standing'], block: beside(chain, 2112, LOSER) },
    { what: 'no sector without a fault', wrong: ['winning-post'], block: beside(chain, 2080, LOSER) },
  ];
}

function ofMinimum(chain: MadeChain): readonly Fraud[] {
  const believed = chain.at(1140).after;
  const absent = ['minimum-power', 'election-vrf', 'win-count', 'ticket-vrf', 'winning-post', 'block-signature'];
  return [
    { what: 'a miner that the lookback state has not yet', wrong: absent, block: beside(chain, 2039, NEWCOMER, { believed }) },
    { what: 'a miner that the state before the lookback tipset has not yet', wrong: ['minimum-power'], block: beside(chain, 2040, NEWCOMER) },
    { what: 'too few bytes by the rule of actors v2', wrong: ['minimum-power'], block: beside(chain, FIRE_HORSE + 2, VERIFIED) },
    { what: 'too few bytes before the lookback tipset', wrong: ['minimum-power'], block: beside(chain, 2050, VERIFIED) },
  ];
}

function beside(chain: MadeChain, epoch: Epoch, miner: number, options: PlanOptions = {}): () => SealedBlock {
  return () => winner(chain, planBlock(chain, epoch, miner, { base: chain.lastUpTo(epoch - 1), ...options }));
}
