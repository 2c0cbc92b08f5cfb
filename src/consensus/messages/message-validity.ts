/**
 * Whether a message may be in a block, by its own fields alone (docs/protocol.md 2.16 "ValidForBlockInclusion" and 4.7;
 * lotus chain/types/message.go:153-224).
 */

import { type Address, blsAddress, equalAddress, formatAddress, PROTOCOL_BLS, PROTOCOL_DELEGATED } from '../../chain/address.ts';
import type { Message } from '../../chain/message.ts';
import { BLOCK_GAS_LIMIT } from './gas.ts';
import { type MessageRefusal, refusal } from './refusal.ts';

/** All the FIL there can be, in attoFIL. */
export const TOTAL_FILECOIN = 2_000_000_000n * 10n ** 18n;

/** Delegated addresses exist from this network version on. */
export const DELEGATED_FROM_VERSION = 18;

/** The zero address is refused as a receiver from this network version on. */
const ZERO_REFUSED_FROM_VERSION = 7;

/** Protocol 3 with the compressed point at infinity for a key. */
export const ZERO_ADDRESS: Address = blsAddress(Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : 0)));

export type InclusionRule = 'version' | 'toZero' | 'toProtocol' | 'fromProtocol' | 'value' | 'gasFeeCap' | 'gasPremium' | 'gasLimit' | 'minimumGas';

export interface InclusionContext {
  /** Of the block's own epoch. */
  readonly networkVersion: number;
  /** Gas units the message pays for its place on the chain: gas.ts `minimumGas`. */
  readonly minimumGas: bigint;
}

/** Every rule the message breaks, in the order of the rules; none for a message that may be included. */
export function inclusionRefusals(message: Message, context: InclusionContext): readonly MessageRefusal<InclusionRule>[] {
  const { networkVersion, minimumGas } = context;
  const { version, to, from, value, gasFeeCap, gasPremium, gasLimit } = message;
  const refusals: MessageRefusal<InclusionRule>[] = [];
  // What was found is put into words only where a rule is broken: an address in text costs a hash.
  const rule = (holds: boolean, name: InclusionRule, expected: string, found: bigint | Address): void => {
    if (!holds) refusals.push(refusal(name, expected, typeof found === 'bigint' ? found : formatAddress(found)));
  };
  rule(version === 0n, 'version', '0', version);
  rule(networkVersion < ZERO_REFUSED_FROM_VERSION || !isZero(to), 'toZero', 'a receiver that is not the zero address', to);
  rule(hasProtocol(to, networkVersion), 'toProtocol', `a protocol of network version ${networkVersion}`, to);
  rule(hasProtocol(from, networkVersion), 'fromProtocol', `a protocol of network version ${networkVersion}`, from);
  rule(value >= 0n && value <= TOTAL_FILECOIN, 'value', `0 to ${TOTAL_FILECOIN} attoFIL`, value);
  rule(gasFeeCap >= 0n, 'gasFeeCap', 'not negative', gasFeeCap);
  rule(gasPremium >= 0n && gasPremium <= gasFeeCap, 'gasPremium', `0 to the fee cap of ${gasFeeCap} attoFIL`, gasPremium);
  rule(gasLimit > 0n && gasLimit <= BLOCK_GAS_LIMIT, 'gasLimit', `1 to ${BLOCK_GAS_LIMIT}`, gasLimit);
  rule(gasLimit >= minimumGas, 'minimumGas', `at least ${minimumGas}`, gasLimit);
  return refusals;
}

function isZero(address: Address): boolean {
  return address.protocol === PROTOCOL_BLS && equalAddress(address, ZERO_ADDRESS);
}

function hasProtocol(address: Address, networkVersion: number): boolean {
  return address.protocol !== PROTOCOL_DELEGATED || networkVersion >= DELEGATED_FROM_VERSION;
}
