/**
 * Block headers (docs/protocol.md 2.6, genesis 4.2; lotus chain/types/cbor_gen.go:28-164): the 16-tuple, what is signed
 * of it, and its CID.
 */

import { DecodeError } from '../errors/mineone-error.ts';
import { type Address, address } from './address.ts';
import { type BeaconEntry, beaconEntry } from './beacon-entry.ts';
import { type ElectionProof, electionProof } from './election-proof.ts';
import { bigInt } from './encoding/big-int.ts';
import { type CID, cidOf } from './encoding/cid.ts';
import { byteString, type Codec, decode, encode, type Fields, i64, int, link, list, nullable, tuple, u64 } from './encoding/codec.ts';
import type { Epoch } from './epoch.ts';
import { type PoStProof, postProof } from './post-proof.ts';
import { type Signature, signature } from './signature.ts';
import { type Ticket, ticket } from './ticket.ts';

/** Weight without unit, base fee in attoFIL a gas unit, timestamp in seconds since 1970. */
export interface BlockHeader {
  readonly miner: Address;
  readonly ticket: Ticket | null;
  readonly electionProof: ElectionProof | null;
  readonly beaconEntries: readonly BeaconEntry[];
  readonly winPoStProof: readonly PoStProof[];
  /** CIDs of the base tipset's blocks, in its order. */
  readonly parents: readonly CID[];
  /** Weight of the base tipset. */
  readonly parentWeight: bigint;
  readonly height: Epoch;
  /** State after the base tipset's messages. */
  readonly parentStateRoot: CID;
  readonly parentMessageReceipts: CID;
  /** CID of the {@link MessageMeta} over this block's messages. */
  readonly messages: CID;
  /** Sum of the BLS messages' signatures; `null` in genesis alone. */
  readonly blsAggregate: Signature | null;
  readonly timestamp: bigint;
  /** By the miner's worker key; `null` in genesis, and while it is being signed. */
  readonly blockSig: Signature | null;
  readonly forkSignaling: bigint;
  readonly parentBaseFee: bigint;
}

const FIELDS: Fields<BlockHeader> = {
  miner: ['Miner', address],
  ticket: ['Ticket', nullable(ticket)],
  electionProof: ['ElectionProof', nullable(electionProof)],
  beaconEntries: ['BeaconEntries', list(beaconEntry)],
  winPoStProof: ['WinPoStProof', list(postProof)],
  parents: ['Parents', list(link)],
  parentWeight: ['ParentWeight', bigInt],
  height: ['Height', int],
  parentStateRoot: ['ParentStateRoot', link],
  parentMessageReceipts: ['ParentMessageReceipts', link],
  messages: ['Messages', link],
  blsAggregate: ['BLSAggregate', nullable(signature)],
  timestamp: ['Timestamp', u64],
  blockSig: ['BlockSig', nullable(signature)],
  forkSignaling: ['ForkSignaling', u64],
  parentBaseFee: ['ParentBaseFee', bigInt],
};

export const blockHeader: Codec<BlockHeader> = tuple('BlockHeader', FIELDS);

type WideHeader = Omit<BlockHeader, 'electionProof' | 'winPoStProof' | 'height'> & {
  readonly electionProof: { readonly winCount: bigint; readonly vrfProof: Uint8Array } | null;
  readonly winPoStProof: readonly { readonly postProof: bigint; readonly proofBytes: Uint8Array }[];
  readonly height: bigint;
};

const wideHeader: Codec<WideHeader> = tuple('BlockHeader', {
  ...FIELDS,
  electionProof: ['ElectionProof', nullable(tuple('ElectionProof', { winCount: ['WinCount', i64], vrfProof: ['VRFProof', byteString()] }))],
  winPoStProof: ['WinPoStProof', list(tuple('PoStProof', { postProof: ['PoStProof', i64], proofBytes: ['ProofBytes', byteString()] }))],
  height: ['Height', i64],
});

export interface HeaderReading {
  readonly header: BlockHeader;
  /**
   * Why the bytes are no header that can be worked with, although a node can read them: its integers are of 64 bits.
   * Such fields are then the nearest of 53 bits.
   */
  readonly fault: DecodeError | null;
}

/** A header as far as it can be read at all; throws `DecodeError` for bytes that no node takes for one. */
export function readHeader(bytes: Uint8Array): HeaderReading {
  try {
    return { header: decode(blockHeader, bytes), fault: null };
  } catch (error) {
    if (!(error instanceof DecodeError) || error.code !== 'INTEGER_RANGE') throw error;
    return { header: narrowed(decode(wideHeader, bytes)), fault: error };
  }
}

function narrowed(wide: WideHeader): BlockHeader {
  const { electionProof } = wide;
  return {
    ...wide,
    electionProof: electionProof === null ? null : { ...electionProof, winCount: nearest(electionProof.winCount) },
    winPoStProof: wide.winPoStProof.map((proof) => ({ ...proof, postProof: nearest(proof.postProof) })),
    height: nearest(wide.height),
  };
}

function nearest(value: bigint): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
}

/** What the worker signs: the header's CBOR with no signature in it (lotus chain/types/blockheader.go:111). */
export function signingBytes(header: BlockHeader): Uint8Array {
  return encode(blockHeader, { ...header, blockSig: null });
}

/** CID of the header with its signature. */
export function blockCid(header: BlockHeader): CID {
  return cidOf(encode(blockHeader, header));
}
