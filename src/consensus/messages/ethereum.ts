/**
 * Delegated messages as the Ethereum transactions their senders signed (docs/protocol.md 4.7; lotus
 * chain/types/ethtypes/eth_transactions.go, EIP-155, EIP-1559).
 */

import { type Address, equalAddress, formatAddress, idAddress } from '../../chain/address.ts';
import { concatBytes, EMPTY, equalBytes, toUintBE } from '../../chain/encoding/bytes.ts';
import { byteString, decode, encode } from '../../chain/encoding/codec.ts';
import { type Message, message as messageCodec, type SignedMessage } from '../../chain/message.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import { fromEthereumAddress, toEthereumAddress } from './ethereum-address.ts';
import { isRefusal, type MessageRefusal, refusal } from './refusal.ts';
import { encodeRlp, rlpInteger } from './rlp.ts';

/** EIP-2930 (type 1) is none of them: no version of the network takes it. */
export type EthereumForm = 'eip1559' | 'homestead' | 'eip155';

export type EthereumRule =
  | 'ethereumSender'
  | 'ethereumVersion'
  | 'ethereumAmounts'
  | 'ethereumParams'
  | 'ethereumReceiver'
  | 'ethereumSignature'
  | 'ethereumRoundTrip';

/** Prices in attoFIL a gas unit, gas limit in gas units. */
export interface EthereumTransaction {
  readonly form: EthereumForm;
  readonly chainId: bigint;
  readonly nonce: bigint;
  /** The priority fee; legacy forms have one price, the fee cap. */
  readonly gasPremium: bigint;
  readonly gasFeeCap: bigint;
  readonly gasLimit: bigint;
  /** 20 bytes; null creates a contract. */
  readonly to: Uint8Array | null;
  readonly value: bigint;
  readonly input: Uint8Array;
  /** 65 bytes: r, s and the recovery id. */
  readonly signature: Uint8Array;
}

/** The Ethereum address manager, receiver of contract creations. */
export const EAM = idAddress(10);
export const METHOD_CREATE_EXTERNAL = 4n;
export const METHOD_INVOKE_CONTRACT = 3844450837n;

const PREFIX_HOMESTEAD = 1;
const PREFIX_EIP155 = 2;
const EIP1559_TYPE = 2;
const PARAMS = byteString();

/** The transaction a delegated message stands for, signature and all; the first rule it breaks otherwise. */
export function ethereumTransaction(signed: SignedMessage, chainId: bigint): EthereumTransaction | MessageRefusal<EthereumRule> {
  const { message } = signed;
  const { nonce, gasPremium, gasFeeCap, gasLimit, value } = message;
  if (toEthereumAddress(message.from) === null) return refusal('ethereumSender', 'an f410 or id address', formatAddress(message.from));
  if (message.version !== 0n) return refusal('ethereumVersion', '0', message.version);
  const negative = [gasPremium, gasFeeCap, gasLimit, value].find((amount) => amount < 0n);
  if (negative !== undefined) return refusal('ethereumAmounts', 'no negative amount', negative);
  const input = inputOf(message.params);
  if (input === null) return refusal('ethereumParams', 'nothing, or one CBOR byte string that is not empty', `${message.params.length} bytes that are neither`);
  const receiver = receiverOf(message);
  if (isRefusal(receiver)) return receiver;
  const kind = signatureOf(signed.signature.data, chainId);
  if (isRefusal(kind)) return kind;
  const transaction: EthereumTransaction = { ...kind, chainId, nonce, gasPremium, gasFeeCap, gasLimit, to: receiver.to, value, input };
  if (!equalMessage(unsignedMessage(transaction, message.from), message)) {
    return refusal('ethereumRoundTrip', 'the message that its transaction makes', `gas premium ${gasPremium} beside fee cap ${gasFeeCap}`);
  }
  return transaction;
}

/** The message that a transaction makes, for a sender. */
export function unsignedMessage(transaction: EthereumTransaction, from: Address): Message {
  const { form, nonce, gasPremium, gasFeeCap, gasLimit, to, value, input } = transaction;
  return {
    version: 0n,
    to: to === null ? EAM : fromEthereumAddress(to),
    from,
    nonce,
    value,
    gasLimit,
    gasFeeCap,
    gasPremium: form === 'eip1559' ? gasPremium : gasFeeCap,
    method: to === null ? METHOD_CREATE_EXTERNAL : METHOD_INVOKE_CONTRACT,
    params: input.length === 0 ? EMPTY : encode(PARAMS, input),
  };
}

/** The bytes whose Keccak-256 the sender signed. */
export function signingPayload(transaction: EthereumTransaction): Uint8Array {
  const { form, chainId, nonce, gasPremium, gasFeeCap, gasLimit, to, value, input } = transaction;
  const call = [rlpInteger(gasLimit), to ?? EMPTY, rlpInteger(value), input];
  switch (form) {
    case 'eip1559':
      return concatBytes(
        Uint8Array.of(EIP1559_TYPE),
        encodeRlp([rlpInteger(chainId), rlpInteger(nonce), rlpInteger(gasPremium), rlpInteger(gasFeeCap), ...call, []]),
      );
    case 'homestead':
      return encodeRlp([rlpInteger(nonce), rlpInteger(gasFeeCap), ...call]);
    case 'eip155':
      return encodeRlp([rlpInteger(nonce), rlpInteger(gasFeeCap), ...call, rlpInteger(chainId), EMPTY, EMPTY]);
  }
}

/** Form and 65-byte signature behind a delegated signature's bytes. */
function signatureOf(data: Uint8Array, chainId: bigint): Pick<EthereumTransaction, 'form' | 'signature'> | MessageRefusal<EthereumRule> {
  if (data.length === 65) return { form: 'eip1559', signature: data };
  const [prefix] = data;
  const v = toUintBE(data.subarray(65));
  const least = prefix === PREFIX_HOMESTEAD ? 27n : 2n * chainId + 35n;
  const lengths = prefix === PREFIX_HOMESTEAD ? [66] : [least, least + 1n].map((value) => 65 + rlpInteger(value).length);
  const known = prefix === PREFIX_HOMESTEAD || prefix === PREFIX_EIP155;
  if (!known || !lengths.includes(data.length) || (v !== least && v !== least + 1n)) {
    return refusal(
      'ethereumSignature',
      `a signature of EIP-1559, Homestead or EIP-155 for chain ${chainId}`,
      `${data.length} bytes beginning with ${prefix}, v ${v}`,
    );
  }
  const signature = concatBytes(data.subarray(1, 65), Uint8Array.of(Number(v - least)));
  return { form: prefix === PREFIX_HOMESTEAD ? 'homestead' : 'eip155', signature };
}

function receiverOf({ to, method }: Message): Pick<EthereumTransaction, 'to'> | MessageRefusal<EthereumRule> {
  if (equalAddress(to, EAM)) {
    if (method === METHOD_CREATE_EXTERNAL) return { to: null };
    return refusal('ethereumReceiver', `method ${METHOD_CREATE_EXTERNAL} of f010`, `method ${method}`);
  }
  const bytes = toEthereumAddress(to);
  if (method === METHOD_INVOKE_CONTRACT && bytes !== null) return { to: bytes };
  return refusal('ethereumReceiver', `method ${METHOD_INVOKE_CONTRACT} of an f410 or id address`, `method ${method} of ${formatAddress(to)}`);
}

/**
 * Params hold the input as one CBOR byte string without rest; none stands for no input, so an encoded empty string is
 * refused.
 */
function inputOf(params: Uint8Array): Uint8Array | null {
  if (params.length === 0) return EMPTY;
  try {
    const input = decode(PARAMS, params);
    return input.length === 0 ? null : input;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

function equalMessage(a: Message, b: Message): boolean {
  return equalBytes(encode(messageCodec, a), encode(messageCodec, b));
}
