/**
 * From what a miner decided to the block it makes of it (lotus api/api_full.go:1406-1416,
 * chain/consensus/filcns/mine.go CreateBlock). The same template on the same chain gives the same bytes.
 */

import { type Address, address } from '../chain/address.ts';
import { type BeaconEntry, beaconEntry } from '../chain/beacon-entry.ts';
import { type BlockHeader, signingBytes } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import { type ElectionProof, electionProof } from '../chain/election-proof.ts';
import type { CID } from '../chain/encoding/cid.ts';
import { type Codec, int, link, list, tuple, u64 } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { messageCid, type SignedMessage, signedMessage, signedMessageCid } from '../chain/message.ts';
import { type PoStProof, postProof } from '../chain/post-proof.ts';
import { SIGNATURE_BLS } from '../chain/signature.ts';
import { type Ticket, ticket } from '../chain/ticket.ts';
import type { TipsetKey } from '../chain/tipset.ts';
import { aggregateSignature } from './messages/aggregate.ts';
import { BLOCK_MESSAGE_LIMIT } from './messages/gas.ts';
import { messagesRoot } from './messages/messages-root.ts';
import type { Bls } from './signatures/bls.ts';

export interface BlockTemplate {
  readonly miner: Address;
  readonly parents: TipsetKey;
  readonly ticket: Ticket;
  readonly electionProof: ElectionProof;
  readonly beaconEntries: readonly BeaconEntry[];
  /** In block order within each kind. */
  readonly messages: readonly SignedMessage[];
  readonly epoch: Epoch;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
  readonly winPoStProof: readonly PoStProof[];
}

/**
 * The JSON is the argument of `MinerCreateBlock`; the CBOR is ours alone (what a template's hash is of).
 * @public
 */
export const blockTemplate: Codec<BlockTemplate> = tuple('BlockTemplate', {
  miner: ['Miner', address],
  parents: ['Parents', list(link)],
  ticket: ['Ticket', ticket],
  electionProof: ['Eproof', electionProof],
  beaconEntries: ['BeaconValues', list(beaconEntry)],
  messages: ['Messages', list(signedMessage, BLOCK_MESSAGE_LIMIT)],
  epoch: ['Epoch', int],
  timestamp: ['Timestamp', u64],
  winPoStProof: ['WinningPoStProof', list(postProof)],
});

/** What only a node with the chain's state knows of a base. */
export interface BaseFacts {
  /** State and receipts after the base's messages. */
  readonly stateRoot: CID;
  readonly receiptsRoot: CID;
  /** Weight of the base. */
  readonly weight: bigint;
  /** Base fee of blocks on the base, attoFIL a unit of gas. */
  readonly baseFee: bigint;
}

/**
 * The block of a template, its header not yet signed; BLS messages first. Throws `BLS_SIGNATURE` for a message whose
 * signature is no point.
 */
export function blockOfTemplate(bls: Pick<Bls, 'aggregate'>, template: BlockTemplate, base: BaseFacts): BlockMessage {
  const isBls = ({ signature }: SignedMessage): boolean => signature.type === SIGNATURE_BLS;
  const blsMessages = template.messages.filter(isBls);
  const cids = blsMessages.map(({ message }) => messageCid(message));
  const secpkCids = template.messages.filter((signed) => !isBls(signed)).map(signedMessageCid);
  const aggregate = aggregateSignature(
    bls,
    blsMessages.map(({ signature }) => signature.data),
  );
  const header: BlockHeader = {
    miner: template.miner,
    ticket: template.ticket,
    electionProof: template.electionProof,
    beaconEntries: template.beaconEntries,
    winPoStProof: template.winPoStProof,
    parents: template.parents,
    parentWeight: base.weight,
    height: template.epoch,
    parentStateRoot: base.stateRoot,
    parentMessageReceipts: base.receiptsRoot,
    messages: messagesRoot(cids, secpkCids).cid,
    blsAggregate: aggregate,
    timestamp: template.timestamp,
    blockSig: null,
    forkSignaling: 0n,
    parentBaseFee: base.baseFee,
  };
  return { header, blsMessages: cids, secpkMessages: secpkCids };
}

/** The header with its worker's signature. */
export function signHeader(bls: Pick<Bls, 'sign'>, privateKey: Uint8Array, header: BlockHeader): BlockHeader {
  return { ...header, blockSig: { type: SIGNATURE_BLS, data: bls.sign(privateKey, signingBytes(header)) } };
}
