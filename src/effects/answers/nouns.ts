/**
 * Forms of the chain's nouns, as ports answer them: within the limits of their codecs, so that what passes can be
 * written.
 */

import { type Address, type AddressProtocol, addressFromBytes } from '../../chain/address.ts';
import type { BeaconEntry } from '../../chain/beacon-entry.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { BlockMessage } from '../../chain/block-message.ts';
import type { ElectionProof } from '../../chain/election-proof.ts';
import { concatBytes } from '../../chain/encoding/bytes.ts';
import { type CID, CID_LENGTH_MAX, decodeCid } from '../../chain/encoding/cid.ts';
import { BYTES_LENGTH_MAX, LIST_LENGTH_MAX } from '../../chain/encoding/codec.ts';
import type { Message, SignedMessage } from '../../chain/message.ts';
import type { PoStProof } from '../../chain/post-proof.ts';
import type { Signature, SignatureType } from '../../chain/signature.ts';
import type { Ticket } from '../../chain/ticket.ts';
import { equalKeys, type Tipset, tipsetOf } from '../../chain/tipset.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import { bigint, bytes, type Form, fields, integer, list, orNull, wrongAnswer } from './form.ts';

const SAFE = Number.MAX_SAFE_INTEGER;
const I64_MAX = (1n << 63n) - 1n;
/** Signature bytes behind the type; go-state-types allows 200 with it. */
const SIGNATURE_LENGTH_MAX = 199;
const ADDRESS_PAYLOAD_MAX = 63;
/** A BLS signature; the ticket of a genesis block has 32 bytes. */
const VRF_LENGTH_MAX = 96;
/** BigInts on the chain have at most 128 bytes, the sign among them. */
const BIG = (1n << (8n * 127n)) - 1n;

export const u64 = bigint(0n, (1n << 64n) - 1n);
export const amount = bigint(-BIG, BIG);
export const epoch = integer(0, SAFE);

export const cid: Form<CID> = (value, place) =>
  decoded(place, 'a CID', value, () => decodeCid(bytes(1, CID_LENGTH_MAX)((value as { readonly bytes?: unknown } | null | undefined)?.bytes, place)));

const addressParts = fields<Address>({
  protocol: integer(0, 4) as Form<AddressProtocol>,
  payload: bytes(1, ADDRESS_PAYLOAD_MAX),
});

export const address: Form<Address> = (value, place) =>
  decoded(place, 'an address', value, () => {
    const { protocol, payload } = addressParts(value, place);
    return addressFromBytes(concatBytes(Uint8Array.of(protocol), payload));
  });

const signature = fields<Signature>({ type: integer(1, 3) as Form<SignatureType>, data: bytes(0, SIGNATURE_LENGTH_MAX) });

/** 96 bytes of a chained network, 48 of quicknet, 32 in genesis: which of them it has to be, its signature tells. */
export const beaconEntry: Form<BeaconEntry> = fields<BeaconEntry>({ round: u64, data: bytes(1, VRF_LENGTH_MAX) });

export const postProof: Form<PoStProof> = fields<PoStProof>({ postProof: integer(-SAFE, SAFE), proofBytes: bytes(0, BYTES_LENGTH_MAX) });

const header: Form<BlockHeader> = fields<BlockHeader>({
  miner: address,
  ticket: orNull(fields<Ticket>({ vrfProof: bytes(1, VRF_LENGTH_MAX) })),
  electionProof: orNull(fields<ElectionProof>({ winCount: integer(-SAFE, SAFE), vrfProof: bytes(0, VRF_LENGTH_MAX) })),
  beaconEntries: list(beaconEntry, LIST_LENGTH_MAX),
  winPoStProof: list(postProof, LIST_LENGTH_MAX),
  parents: list(cid, LIST_LENGTH_MAX),
  parentWeight: amount,
  height: epoch,
  parentStateRoot: cid,
  parentMessageReceipts: cid,
  messages: cid,
  blsAggregate: orNull(signature),
  timestamp: u64,
  blockSig: orNull(signature),
  forkSignaling: u64,
  parentBaseFee: amount,
});

const tipsetParts = fields<Tipset>({
  key: list(cid, LIST_LENGTH_MAX),
  blocks: list(header, LIST_LENGTH_MAX),
  height: epoch,
  parents: list(cid, LIST_LENGTH_MAX),
});

/** Its key, height and parents are those of its blocks, which are in order. */
export const tipset: Form<Tipset> = (value, place) => {
  const told = tipsetParts(value, place);
  const made = decoded(place, 'a tipset', value, () => tipsetOf(told.blocks));
  if (!equalKeys(made.key, told.key)) throw wrongAnswer(`${place}.key`, `the CIDs of its blocks, ${made.key.join(', ')}`, told.key.join(', '));
  if (made.height !== told.height) throw wrongAnswer(`${place}.height`, `the ${made.height} of its blocks`, told.height);
  if (!equalKeys(made.parents, told.parents)) throw wrongAnswer(`${place}.parents`, 'those of its blocks', told.parents.join(', '));
  return made;
};

const message = fields<Message>({
  version: u64,
  to: address,
  from: address,
  nonce: u64,
  value: amount,
  gasLimit: bigint(-I64_MAX - 1n, I64_MAX),
  gasFeeCap: amount,
  gasPremium: amount,
  method: u64,
  params: bytes(0, BYTES_LENGTH_MAX),
});

export const signedMessage: Form<SignedMessage> = fields<SignedMessage>({ message, signature });

export const blockMessage: Form<BlockMessage> = fields<BlockMessage>({
  header,
  blsMessages: list(cid, LIST_LENGTH_MAX),
  secpkMessages: list(cid, LIST_LENGTH_MAX),
});

/** What a noun refuses is a wrong answer. */
function decoded<T>(place: string, expected: string, value: unknown, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof DecodeError) throw wrongAnswer(place, `${expected} (${error.message})`, value);
    throw error;
  }
}
