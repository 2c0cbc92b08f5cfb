/**
 * What a devnet's chain is kept as, so that it can be taken up again: how it began, every block that passed, the
 * messages of those that were made, what the world did to miners. States are worked out anew.
 */

import { type Address, addressBytes, addressFromBytes } from '../../chain/address.ts';
import { type BlockMessage, blockMessage } from '../../chain/block-message.ts';
import { encodePlain, type Plain } from '../../chain/encoding/cbor-encode.ts';
import { decode, encode } from '../../chain/encoding/codec.ts';
import { type CborValue, decodeCborValue } from '../../chain/ipld/cbor-value.ts';
import { type SignedMessage, signedMessage } from '../../chain/message.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { DueChange } from '../state/miner-change.ts';

export type KeptEntry =
  /** `options`: everything that makes this chain another than others, as text. */
  | { readonly kind: 'begin'; readonly genesisTimestamp: bigint; readonly options: string }
  | { readonly kind: 'block'; readonly block: BlockMessage; readonly messages: readonly SignedMessage[] }
  | { readonly kind: 'messages'; readonly messages: readonly SignedMessage[] }
  | { readonly kind: 'change'; readonly change: DueChange };

export function encodeEntry(entry: KeptEntry): Uint8Array {
  return encodePlain([entry.kind, ...fieldsOf(entry)]);
}

function fieldsOf(entry: KeptEntry): readonly Plain[] {
  if (entry.kind === 'begin') return [entry.genesisTimestamp, entry.options];
  if (entry.kind === 'block') return [encode(blockMessage, entry.block), messagesOf(entry)];
  if (entry.kind === 'messages') return [messagesOf(entry)];
  const { height, miner, change } = entry.change;
  return [height, addressBytes(miner), ...[change.feeDebt, change.consensusFaultElapsed, change.power].map(textOrNull)];
}

function messagesOf({ messages }: { readonly messages: readonly SignedMessage[] }): readonly Uint8Array[] {
  return messages.map((signed) => encode(signedMessage, signed));
}

function messagesFrom(field: CborValue | undefined): readonly SignedMessage[] {
  return (field as readonly Uint8Array[]).map((signed) => decode(signedMessage, signed));
}

/** Throws `DEVNET_STORE` for what no devnet wrote. */
export function decodeEntry(bytes: Uint8Array): KeptEntry {
  const [kind, ...fields] = decodeCborValue(bytes) as readonly CborValue[];
  if (kind === 'begin') return { kind, genesisTimestamp: fields[0] as bigint, options: fields[1] as string };
  if (kind === 'block') return { kind, block: decode(blockMessage, fields[0] as Uint8Array), messages: messagesFrom(fields[1]) };
  if (kind === 'messages') return { kind, messages: messagesFrom(fields[0]) };
  if (kind === 'change') return { kind, change: changeOf(fields) };
  throw new MineOneError(
    'DEVNET_STORE',
    `the chain's file has an entry of kind ${String(kind)}, which this version does not know; begin another in an empty folder`,
  );
}

function changeOf([height, miner, feeDebt, elapsed, power]: readonly CborValue[]): DueChange {
  const address: Address = addressFromBytes(miner as Uint8Array);
  const change = {
    ...(feeDebt === null ? {} : { feeDebt: BigInt(feeDebt as string) }),
    ...(elapsed === null ? {} : { consensusFaultElapsed: Number(elapsed) }),
    ...(power === null ? {} : { power: BigInt(power as string) }),
  };
  return { height: Number(height as bigint), miner: address, change };
}

/** Amounts are beyond CBOR's integers. */
function textOrNull(value: bigint | number | undefined): string | null {
  return value === undefined ? null : String(value);
}
