/** Messages for tests of the base fee: what each bids for its gas, and nothing else of interest. */

import { type Address, idAddress } from '../../../src/chain/address.ts';
import type { Message } from '../../../src/chain/message.ts';

export const GIGA = 1_000_000_000n;

export interface Bid {
  readonly gas: bigint;
  readonly premium: bigint;
  /** So high that it never limits, unless said otherwise. */
  readonly cap?: bigint;
  readonly from?: Address;
  readonly nonce?: bigint;
}

export function messages(...bids: readonly Bid[]): Message[] {
  return bids.map(({ gas, premium, cap = 10n ** 24n, from = idAddress(100n), nonce }, i) => ({
    version: 0n,
    to: idAddress(101n),
    from,
    nonce: nonce ?? BigInt(i),
    value: 0n,
    gasLimit: gas,
    gasFeeCap: cap,
    gasPremium: premium,
    method: 0n,
    params: new Uint8Array(0),
  }));
}
