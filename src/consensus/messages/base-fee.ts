/**
 * The base fee that a block names: of its base tipset's messages and fee, by two rules of two ages (docs/protocol.md
 * 2.11 and 4.1; lotus chain/store/basefee.go).
 */

import { addressKey } from '../../chain/address.ts';
import { floorDiv } from '../../chain/encoding/big-int.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { Message } from '../../chain/message.ts';
import type { NetworkParams } from '../network/network.ts';
import { BLOCK_GAS_LIMIT } from './gas.ts';

/** attoFIL a unit of gas. */
export const MINIMUM_BASE_FEE = 100n;
export const INITIAL_BASE_FEE = 100_000_000n;

export const BLOCK_GAS_TARGET = BLOCK_GAS_LIMIT / 2n;

const CHANGE_DENOMINATOR = 8n;
const PACKING_NUMERATOR = 4n;
const PACKING_DENOMINATOR = 5n;
/** Rank, in units of gas from the highest premium down, at which the premium is read: 80 % of a block. */
const PREMIUM_RANK = (BLOCK_GAS_LIMIT * 80n) / 100n - 1n;

/** The base tipset as the rules see it: its height, its fee, its blocks and every message once (by CID). */
export interface BaseFeeInput {
  readonly height: Epoch;
  readonly baseFee: bigint;
  readonly blocks: number;
  readonly messages: readonly Message[];
}

type Heights = Pick<NetworkParams, 'upgrades' | 'breezeGasTampingDuration'>;

/** Base fee of the blocks on this base. All comparisons are of the base's height. */
export function nextBaseFee(params: Heights, base: BaseFeeInput): bigint {
  const { smoke, fireHorse } = params.upgrades;
  if (isTamped(params, base.height)) return MINIMUM_BASE_FEE;
  if (base.height >= fireHorse) return baseFeeByPremium(base.baseFee, premiumAtRank(base.messages, base.baseFee));
  const gasLimit = base.messages.reduce((sum, message) => sum + message.gasLimit, 0n);
  return baseFeeByGas(base.baseFee, gasLimit, base.blocks, base.height > smoke);
}

/**
 * The least and the most that {@link nextBaseFee} gives on a base of this height and fee, whatever its messages are: an
 * eighth down or up, rounded up.
 */
export function baseFeeBounds(
  params: Heights,
  { height, baseFee }: Pick<BaseFeeInput, 'height' | 'baseFee'>,
): { readonly least: bigint; readonly most: bigint } {
  if (isTamped(params, height)) return { least: MINIMUM_BASE_FEE, most: MINIMUM_BASE_FEE };
  const maxAdjustment = adjustmentMax(baseFee);
  return { least: max(MINIMUM_BASE_FEE, baseFee - maxAdjustment), most: max(MINIMUM_BASE_FEE, baseFee + maxAdjustment) };
}

/** Breeze held the fee down for a while. */
function isTamped({ upgrades: { breeze }, breezeGasTampingDuration }: Heights, height: Epoch): boolean {
  return breeze >= 0 && height > breeze && height < breeze + breezeGasTampingDuration;
}

function adjustmentMax(baseFee: bigint): bigint {
  return (baseFee + CHANGE_DENOMINATOR - 1n) / CHANGE_DENOMINATOR;
}

/**
 * The rule up to FireHorse: by the gas limits against the target, at most an eighth up or down. Before Smoke blocks
 * were taken to be packed to 4/5.
 */
export function baseFeeByGas(baseFee: bigint, gasLimit: bigint, blocks: number, afterSmoke: boolean): bigint {
  const used = afterSmoke ? gasLimit / BigInt(blocks) : (PACKING_DENOMINATOR * gasLimit) / (BigInt(blocks) * PACKING_NUMERATOR);
  const delta = clamp(used - BLOCK_GAS_TARGET, -BLOCK_GAS_TARGET, BLOCK_GAS_TARGET);
  const change = floorDiv(floorDiv(baseFee * delta, BLOCK_GAS_TARGET), CHANGE_DENOMINATOR);
  return max(MINIMUM_BASE_FEE, baseFee + change);
}

/** The rule from FireHorse on: down by an eighth (rounded up) without competition, up as far as the premium reaches. */
export function baseFeeByPremium(baseFee: bigint, premium: bigint): bigint {
  const maxAdjustment = adjustmentMax(baseFee);
  return max(MINIMUM_BASE_FEE, baseFee + min(maxAdjustment, premium - maxAdjustment));
}

/**
 * Effective premium of the message in which the gas limits, from the highest premium down, first pass 80 % of a block;
 * 0 when they never do.
 */
export function premiumAtRank(messages: readonly Message[], baseFee: bigint): bigint {
  const ranked = [...firstOfEachNonce(messages)].map((m) => ({ gas: m.gasLimit, premium: effectiveGasPremium(m, baseFee) }));
  ranked.sort((a, b) => (a.premium === b.premium ? 0 : a.premium > b.premium ? -1 : 1));
  let gas = 0n;
  for (const message of ranked) {
    gas += message.gas;
    if (gas > PREMIUM_RANK) return message.premium;
  }
  return 0n;
}

/** What a miner earns a unit of gas: the premium, as far as the fee cap leaves room over the base fee. */
export function effectiveGasPremium(message: Pick<Message, 'gasFeeCap' | 'gasPremium'>, baseFee: bigint): bigint {
  return min(message.gasPremium, max(0n, message.gasFeeCap - baseFee));
}

function firstOfEachNonce(messages: readonly Message[]): Iterable<Message> {
  const seen = new Map<string, Message>();
  for (const message of messages) {
    const key = `${addressKey(message.from)}/${message.nonce}`;
    if (!seen.has(key)) seen.set(key, message);
  }
  return seen.values();
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return max(least, min(most, value));
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
