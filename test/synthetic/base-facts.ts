/**
 * What a block on a base must say, in this chain's own words: lookback, weight, fee, beacon rounds. It decides by
 * itself which state, height or rule counts (docs/protocol.md 2.10, 2.11, 2.13, 2.15, 4.1, 4.3); the arithmetic of one
 * fee rule, which has vectors of its own, is that of src/consensus.
 */

import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import type { Epoch } from '../../src/chain/epoch.ts';
import { baseFeeByGas, baseFeeByPremium, premiumAtRank } from '../../src/consensus/messages/base-fee.ts';
import type { DrandNetwork } from '../../src/consensus/network/drand.ts';
import { uniqueMessages } from '../../src/consensus/validation/block-messages.ts';
import type { MadeChain, MadeTipset } from './made/chain.ts';
import type { MadeDrand } from './made/drand.ts';
import { totalQaPower } from './made/state.ts';

/** Epochs looked back at: 10 up to Assembly (its own height among them), then 900. */
export function lookbackFor({ params }: MadeChain, epoch: Epoch): Epoch {
  return epoch <= params.upgrades.assembly ? 10 : 900;
}

/** The lookback tipset: the last one at least so many epochs below, or the base if that is as far down. */
export function lookbackTipset(chain: MadeChain, base: MadeTipset, epoch: Epoch, lookback: Epoch): MadeTipset {
  const target = Math.max(0, epoch - lookback);
  return target >= base.height ? base : chain.lastUpTo(target);
}

export function weightOn({ tipset, before }: MadeTipset): bigint {
  const log2 = BigInt(totalQaPower(before).toString(2).length - 1);
  const wins = tipset.blocks.reduce((sum, { electionProof }) => sum + (electionProof?.winCount ?? 0), 0);
  return (tipset.blocks[0]?.parentWeight ?? 0n) + log2 * 256n + (log2 * 256n * BigInt(wins)) / 10n;
}

export type FeeRule = 'breeze' | 'packed' | 'gas' | 'premium';

export function feeRule({ params }: MadeChain, baseHeight: Epoch): FeeRule {
  const { breeze, smoke, fireHorse } = params.upgrades;
  if (breeze >= 0 && baseHeight > breeze && baseHeight < breeze + params.breezeGasTampingDuration) return 'breeze';
  if (baseHeight >= fireHorse) return 'premium';
  return baseHeight > smoke ? 'gas' : 'packed';
}

export function baseFeeOn(chain: MadeChain, { tipset, height }: MadeTipset, rule: FeeRule = feeRule(chain, height)): bigint {
  const fee = tipset.blocks[0]?.parentBaseFee ?? 0n;
  if (rule === 'breeze') return 100n;
  const messages = uniqueMessages(chain.get, tipset);
  if (rule === 'premium') return baseFeeByPremium(fee, premiumAtRank(messages, fee));
  const gas = messages.reduce((sum, { gasLimit }) => sum + gasLimit, 0n);
  return baseFeeByGas(fee, gas, tipset.blocks.length, rule === 'gas');
}

/** The drand network of an epoch; its first is `start` itself. */
export function drandAt({ params, drands }: MadeChain, epoch: Epoch): MadeDrand {
  const network = params.beacons.filter(({ start }) => start <= epoch).at(-1)?.network;
  const drand = drands.find((made) => made.network === network);
  if (drand === undefined) throw new Error(`no drand network for epoch ${epoch}`);
  return drand;
}

/** The round published when the epoch before starts: up to Skyr one behind what drand calls it. */
export function roundAt({ params }: MadeChain, network: DrandNetwork, epoch: Epoch, isAfterSkyr: boolean): bigint {
  const published = (params.genesisTimestamp + 30n * BigInt(epoch - 1) - network.genesisTime) / BigInt(network.periodSecs);
  return isAfterSkyr ? published + 1n : published;
}

/** The rounds of a block's entries, all of the network and by the rule of its own epoch. */
export function roundsOn(chain: MadeChain, base: MadeTipset, epoch: Epoch): readonly bigint[] {
  const { network } = drandAt(chain, epoch);
  const isAfterSkyr = epoch > chain.params.upgrades.skyr;
  const last = roundAt(chain, network, epoch, isAfterSkyr);
  if (last === base.entry.round) return [];
  if (network.scheme === 'bls-unchained-g1-rfc9380' || (network.periodSecs > 30 && base.entry.round !== 0n)) {
    return Array.from({ length: epoch - base.height }, (_, i) => roundAt(chain, network, base.height + 1 + i, isAfterSkyr));
  }
  if (drandAt(chain, base.height).network !== network) return [last - 1n, last];
  // Right after genesis, which has round 0, any round will do.
  const first = base.entry.round === 0n ? last : base.entry.round + 1n;
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i));
}

/** The entries of a block, or the like of them with bytes that nobody signed. */
export function entriesOn(chain: MadeChain, base: MadeTipset, epoch: Epoch, kind: 'signed' | 'filler' = 'signed'): readonly BeaconEntry[] {
  const drand = drandAt(chain, epoch);
  const rounds = roundsOn(chain, base, epoch);
  return kind === 'filler' ? rounds.map(drand.filler) : signedEntries(drand, rounds, base.entry);
}

/** These rounds, the first on `previous`; on what nobody signed where that is not the round before. */
export function signedEntries(drand: MadeDrand, rounds: readonly bigint[], previous: BeaconEntry): readonly BeaconEntry[] {
  const entries: BeaconEntry[] = [];
  for (const round of rounds) {
    const last = entries.at(-1) ?? previous;
    // As Lotus 1.26 writes it: the entry of each epoch, also where the one before it drew from the same round.
    if (last.round === round) entries.push(last);
    else entries.push(drand.entry(round, (last.round === round - 1n || entries.length > 0 ? last : drand.filler(round - 1n)).data));
  }
  return entries;
}
