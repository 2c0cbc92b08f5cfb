/** Signed Ethereum transactions as others published them, and their way into delegated messages. */

import { type Address, delegatedAddress } from '../src/chain/address.ts';
import { concatBytes, fromHex, toUintBE } from '../src/chain/encoding/bytes.ts';
import { byteString, encode } from '../src/chain/encoding/codec.ts';
import type { SignedMessage } from '../src/chain/message.ts';
import { EAM, type EthereumForm, METHOD_CREATE_EXTERNAL, METHOD_INVOKE_CONTRACT } from '../src/consensus/messages/ethereum.ts';
import { fromEthereumAddress } from '../src/consensus/messages/ethereum-address.ts';
import { encodeRlp, type RlpItem, rlpInteger } from '../src/consensus/messages/rlp.ts';

export interface TransactionVector {
  readonly source: string;
  readonly form: EthereumForm;
  readonly chainId: bigint;
  /** Signed, as it travels on Ethereum: its last three fields are v, r, s. */
  readonly raw: string;
  /** What was signed, where the source says so. */
  readonly payload?: string;
  /** Keccak-256 of that, where the source says so. */
  readonly hash?: string;
  /** 20 bytes, where the source names the sender. */
  readonly sender?: string;
}

const ID_1004 = '94ff000000000000000000000000000000000003ec';
const GET_BALANCE = 'a4f8b2cb4f000000000000000000000000ff00000000000000000000000000000000000064';
const LOTUS_1559 = 'lotus eth_1559_transactions_test.go, TestEIP1559TxArgs';

export const TRANSACTIONS: readonly TransactionVector[] = [
  {
    source: 'EIP-155, its own example',
    form: 'eip155',
    chainId: 1n,
    raw: 'f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83',
    payload: 'ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080',
    hash: 'daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53',
    sender: '9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f',
  },
  {
    source: 'lotus eth_legacy_155_transactions_test.go, TestEIP155Tx',
    form: 'eip155',
    chainId: 314n,
    raw: 'f86680843b9aca00835dc1ba94c2dca9a18d4a4057921d1bcb22da05e68e46b1d06480820297a0f91ee69c4603c4f21131467ee9e06ad4a96d0a29fa8064db61f3adaea0eb6e92a07181e306bb8f773d94cc3b75e9835de00c004e072e6630c0c46971d38706bb01',
    sender: 'a2bbb73ac59b256415e91a820b224dbaf2c268fa',
  },
  {
    source: 'lotus eth_legacy_homestead_transactions_test.go, TestEtherScanLegacyRLP',
    form: 'homestead',
    chainId: 314n,
    raw: 'f8718301efc58506fc23ac008305161594104994f45d9d697ca104e5704a7b77d7fec3537c890821878651a4d70000801ba051222d91a379452395d0abaff981af4cfcc242f25cfaf947dea8245a477731f9a03a997c910b4701cca5d933fb26064ee5af7fe3236ff0ef2b58aa50b25aff8ca5',
    sender: '32be343b94f860124dc4fee278fdcbd38c102d88',
  },
  {
    source: 'lotus eth_1559_transactions_test.go, TestEcRecover',
    form: 'eip1559',
    chainId: 3n,
    raw: '02f8740301 85012a05f200 8504a817c800 825208 942b87d1cb599bc2a606db9a0169fcec96af04ad3a 880de0b6b3a7640000 80c0 80 a0479ff7fa64cf8bf641eb81635d1e8a698530d2f219951d234539e6d074819529 a04b6146d27be50cdbb2853ba9a42f207af8d730272f1ebe9c9a78aeef1d6aa924',
    payload: '02f1030185012a05f2008504a817c800825208942b87d1cb599bc2a606db9a0169fcec96af04ad3a880de0b6b3a764000080c0',
    sender: '3947d223fc5415f43ea099866ab62b1d4d33814d',
  },
  {
    source: LOTUS_1559,
    form: 'eip1559',
    chainId: 314n,
    raw: `02f86282013a80808080${ID_1004}8080c080a0f411a73e33523b40c1a916e79e67746bd01a4a4fb4ecfa87b441375a215ddfb4a0551692c1553574fab4c227ca70cb1c121dc3a2ef82179a9c984bd7acc0880a38`,
    payload: `02df82013a80808080${ID_1004}8080c0`,
  },
  {
    source: LOTUS_1559,
    form: 'eip1559',
    chainId: 314n,
    raw: `02f86382013a81c8808080${ID_1004}8080c001a0ed75a56e365c88479bf3f60251a2dd47ae181f1a3d95724581a3f648487b4396a046628bb9734edf4b4c455f2bbd351e43c466f315272cd1927f2c55d9b52e058b`,
    payload: `02e082013a81c8808080${ID_1004}8080c0`,
  },
  {
    source: LOTUS_1559,
    form: 'eip1559',
    chainId: 314n,
    raw: `02f88d82013a81c882ea6082ea6082ea60${ID_1004}64${GET_BALANCE}c001a0a5368984aca4bc1e3d7ebc7ae4ead5e09ffd3b4b4712d039c19fdac948e5952ea065953ace0a29210440d6a0f05d6b43f482950b463b3be6b23fc63452c94b9446`,
    payload: `02f84a82013a81c882ea6082ea6082ea60${ID_1004}64${GET_BALANCE}c0`,
  },
].map((vector) => ({ ...vector, form: vector.form as EthereumForm, raw: vector.raw.replaceAll(' ', '') }));

/** The delegated message that carries such a transaction, from this sender. */
export function delegatedMessage({ raw, form }: TransactionVector, from: Address): SignedMessage {
  const fields = decodeRlp(fromHex(form === 'eip1559' ? raw.slice(2) : raw)) as Uint8Array[];
  const call = form === 'eip1559' ? fields.slice(1) : [fields[0], fields[1], ...fields.slice(1)];
  const [nonce, gasPremium, gasFeeCap, gasLimit, to, value, input] = call as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [v, r, s] = fields.slice(-3).map(toUintBE) as [bigint, bigint, bigint];
  return {
    message: {
      version: 0n,
      to: to.length === 0 ? EAM : fromEthereumAddress(to),
      from,
      nonce: toUintBE(nonce),
      value: toUintBE(value),
      gasLimit: toUintBE(gasLimit),
      gasFeeCap: toUintBE(gasFeeCap),
      gasPremium: toUintBE(gasPremium),
      method: to.length === 0 ? METHOD_CREATE_EXTERNAL : METHOD_INVOKE_CONTRACT,
      params: input.length === 0 ? input : encode(byteString(), input),
    },
    signature: { type: 3, data: delegatedSignature(form, concatBytes(word(r), word(s)), v) },
  };
}

function word(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0'));
}

/** How a delegated signature holds r, s (64 bytes) and the form's own v. */
export function delegatedSignature(form: EthereumForm, rs: Uint8Array, v: bigint): Uint8Array {
  if (form === 'eip1559') return concatBytes(rs, Uint8Array.of(Number(v)));
  return concatBytes(Uint8Array.of(form === 'homestead' ? 1 : 2), rs, rlpInteger(v));
}

export function senderOf({ sender }: TransactionVector): Address {
  return delegatedAddress(10n, fromHex(sender ?? '00'.repeat(20)));
}

/** A reader of RLP for tests: takes one item, whole, in its only spelling. */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, rest } = takeRlp(bytes);
  if (rest.length > 0) throw new Error(`${rest.length} bytes follow the item`);
  if (concatBytes(encodeRlp(item)).join() !== bytes.join()) throw new Error('not the only spelling');
  return item;
}

function takeRlp(bytes: Uint8Array): { readonly item: RlpItem; readonly rest: Uint8Array } {
  const code = bytes[0] as number;
  if (code < 0x80) return { item: bytes.slice(0, 1), rest: bytes.subarray(1) };
  const base = code < 0xc0 ? 0x80 : 0xc0;
  const sized = code - base - 55;
  const start = sized > 0 ? 1 + sized : 1;
  const length = sized > 0 ? Number(toUintBE(bytes.subarray(1, start))) : code - base;
  const [content, rest] = [bytes.slice(start, start + length), bytes.subarray(start + length)];
  if (content.length !== length) throw new Error('cut short');
  if (base === 0x80) return { item: content, rest };
  const items: RlpItem[] = [];
  for (let left = content; left.length > 0; ) {
    const taken = takeRlp(left);
    items.push(taken.item);
    left = taken.rest.slice();
  }
  return { item: items, rest };
}
