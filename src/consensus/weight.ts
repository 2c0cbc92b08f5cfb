/**
 * Weight of a tipset, by which heads are chosen (docs/protocol.md 2.10; lotus chain/consensus/filcns/weight.go:68-129).
 */

import { bitLength } from '../chain/encoding/big-int.ts';
import { compareTickets, firstBlock, type Tipset } from '../chain/tipset.ts';
import { BLOCKS_PER_EPOCH } from './election.ts';

const FRACTION_BITS = 8n;
const RATIO_NUMERATOR = 1n;
const RATIO_DENOMINATOR = 2n;

/**
 * Weight of a tipset whose chain before it weighs `parentWeight`; `totalPower` is the quality-adjusted power of the
 * network in its own parent state.
 */
export function tipsetWeight(parentWeight: bigint, totalPower: bigint, wins: number): bigint {
  const log2Power = BigInt(Math.max(0, bitLength(totalPower) - 1)) << FRACTION_BITS;
  return parentWeight + log2Power + (log2Power * RATIO_NUMERATOR * BigInt(wins)) / (BLOCKS_PER_EPOCH * RATIO_DENOMINATOR);
}

/** Wins of all blocks of a tipset. */
export function totalWins(tipset: Tipset): number {
  return tipset.blocks.reduce((sum, block) => sum + (block.electionProof?.winCount ?? 0), 0);
}

/** Weight of a tipset from its own headers and the power in its parent state. */
export function weightOf(tipset: Tipset, totalPower: bigint): bigint {
  return tipsetWeight(firstBlock(tipset).parentWeight, totalPower, totalWins(tipset));
}

/**
 * Whether `a` is the heavier head: by weight, then by the first ticket, pair by pair, that is less (lotus
 * chain/store/store.go:1333).
 */
export function isHeavier(a: Tipset, weightA: bigint, b: Tipset, weightB: bigint): boolean {
  if (weightA !== weightB) return weightA > weightB;
  for (let i = 0; i < Math.min(a.blocks.length, b.blocks.length); i++) {
    const [ticketA, ticketB] = [a.blocks[i]?.ticket, b.blocks[i]?.ticket];
    const order = ticketA && ticketB ? compareTickets(ticketA, ticketB) : 0;
    if (order !== 0) return order < 0;
  }
  return false;
}
