/** What an audit says of one block, and of a stretch of the chain. Plain values: they cross threads. */

import type { Epoch } from '../../chain/epoch.ts';
import type { CheckResult } from '../../consensus/validation/block-validation.ts';
import type { SeenBlock } from '../../consensus/validation/consensus-faults.ts';
import type { GenesisResult } from '../../consensus/validation/genesis.ts';

export interface BlockReport {
  readonly epoch: Epoch;
  /** Epochs without a block just before this one's. */
  readonly nullRounds: number;
  readonly cid: string;
  /** `f01000`. */
  readonly miner: string;
  readonly winCount: number;
  /** Expected wins in this epoch; `null` when the power is not known. */
  readonly lambda: number | null;
  /** Ticket quality, 0 to 1. */
  readonly quality: number | null;
  /** CIDs of the block's messages; `null` when the source lacks them. */
  readonly messages: { readonly bls: readonly string[]; readonly secpk: readonly string[] } | null;
  readonly checks: readonly CheckResult[];
  /** Of a tipset beside the chain: of a branch below another root, or one out of the order of heights. */
  readonly isBeside?: true;
  /** CIDs of what a block beside the chain stands on. */
  readonly base?: readonly string[];
  /** The chain names it and the source does not hold it: nothing could be asked. */
  readonly isMissing?: true;
}

/** What is said of genesis, to which the rules of other blocks do not apply: it is no block of the totals. */
export interface GenesisReport {
  readonly cid: string;
  readonly checks: readonly GenesisResult[];
}

/** Sums of lambdas in Q.256, by miner. */
export type ExpectedWins = ReadonlyMap<string, bigint>;

export interface StretchReport {
  readonly blocks: readonly BlockReport[];
  readonly expected: ExpectedWins;
  /** Epochs, null rounds among them, for which the power was known. */
  readonly epochs: number;
  /** Blocks that may prove a fault against their miner together with others; left out where there are none. */
  readonly suspects?: readonly SeenBlock[];
}
