/** Random values of every noun of the chain, for property tests (fast-check). */

import fc, { type Arbitrary } from 'fast-check';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { type Address, addressFromBytes, blsAddress, delegatedAddress, idAddress } from '../src/chain/address.ts';
import type { BeaconEntry } from '../src/chain/beacon-entry.ts';
import type { BlockHeader } from '../src/chain/block-header.ts';
import type { BlockMessage } from '../src/chain/block-message.ts';
import type { ElectionProof } from '../src/chain/election-proof.ts';
import { concatBytes } from '../src/chain/encoding/bytes.ts';
import { cidOf } from '../src/chain/encoding/cid.ts';
import type { Message, SignedMessage } from '../src/chain/message.ts';
import type { MessageMeta } from '../src/chain/message-meta.ts';
import type { PoStProof } from '../src/chain/post-proof.ts';
import { SIGNATURE_BLS, SIGNATURE_DELEGATED, SIGNATURE_SECP256K1, type Signature } from '../src/chain/signature.ts';
import type { Ticket } from '../src/chain/ticket.ts';
import { type Tipset, tipsetOf } from '../src/chain/tipset.ts';

export const U64_MAX = (1n << 64n) - 1n;
export const I64_MAX = (1n << 63n) - 1n;

export function bytesOf(length: number): Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

export const bytes: Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 300 });

/** Small ones, and those around each place where an encoding grows by a byte. */
export const u64: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: U64_MAX }),
  fc.constantFrom(23n, 24n, 255n, 256n, 65_535n, 65_536n, 0xffffffffn, 0x100000000n, (1n << 53n) - 1n, 1n << 53n, I64_MAX, I64_MAX + 1n, U64_MAX),
);

export const i64: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -300n, max: 300n }),
  fc.bigInt({ min: -I64_MAX - 1n, max: I64_MAX }),
  fc.constantFrom(-24n, -25n, -256n, -257n, -(1n << 53n), I64_MAX, -I64_MAX - 1n),
);

export const epoch: Arbitrary<number> = fc.oneof(fc.nat(10_000_000), fc.maxSafeNat());

/** Any integer a chain may hold, either sign, up to the limit of 127 bytes of magnitude. */
export const bigInteger: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -300n, max: 300n }),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  fc.bigInt({ min: 1n - (1n << 1016n), max: (1n << 1016n) - 1n }),
);

/** attoFIL, up to all there is. */
export const amount: Arbitrary<bigint> = fc.bigInt({ min: 0n, max: 2_000_000_000n * 10n ** 18n });

export const addressOfId: Arbitrary<Address> = fc.oneof(fc.bigInt({ min: 0n, max: 5_000_000n }), fc.bigInt({ min: 0n, max: I64_MAX })).map(idAddress);
export const addressOfSecp256k1: Arbitrary<Address> = bytesOf(20).map((payload) => addressFromBytes(concatBytes(Uint8Array.of(1), payload)));
export const addressOfActor: Arbitrary<Address> = bytesOf(20).map((payload) => addressFromBytes(concatBytes(Uint8Array.of(2), payload)));
export const addressOfBls: Arbitrary<Address> = bytesOf(48).map(blsAddress);
export const addressOfEthereum: Arbitrary<Address> = bytesOf(20).map((sub) => delegatedAddress(10n, sub));
export const addressDelegated: Arbitrary<Address> = fc
  .tuple(fc.bigInt({ min: 0n, max: I64_MAX }), fc.uint8Array({ maxLength: 54 }))
  .map(([namespace, sub]) => delegatedAddress(namespace, sub));

export const address: Arbitrary<Address> = fc.oneof(addressOfId, addressOfSecp256k1, addressOfActor, addressOfBls, addressOfEthereum, addressDelegated);

/** A CID as headers and messages have it. */
export const chainCid: Arbitrary<CID> = fc.uint8Array({ maxLength: 8 }).map(cidOf);

/** Any CIDv1: raw and other codecs, identity, SHA-256, Poseidon digests. */
export const cid: Arbitrary<CID> = fc.oneof(
  chainCid,
  fc
    .tuple(fc.constantFrom(0x55, 0x70, 0x71, 0xf101, 0xf102), fc.constantFrom(0x12, 0xb220, 0x1012, 0xb401), bytesOf(32))
    .map(([codec, hash, digest]) => CID.createV1(codec, createDigest(hash, digest))),
  fc.uint8Array({ maxLength: 40 }).map((content) => CID.createV1(0x55, createDigest(0x00, content))),
);

export const signature: Arbitrary<Signature> = fc.oneof(
  fc.record({ type: fc.constant(SIGNATURE_SECP256K1), data: bytesOf(65) }),
  fc.record({ type: fc.constant(SIGNATURE_BLS), data: bytesOf(96) }),
  fc.record({ type: fc.constant(SIGNATURE_DELEGATED), data: fc.uint8Array({ minLength: 65, maxLength: 74 }) }),
);

export const beaconEntry: Arbitrary<BeaconEntry> = fc.record({ round: u64, data: fc.oneof(bytesOf(48), bytesOf(96), bytes) });
export const ticket: Arbitrary<Ticket> = fc.record({ vrfProof: bytesOf(96) });
export const electionProof: Arbitrary<ElectionProof> = fc.record({ winCount: fc.integer({ min: 0, max: 15 }), vrfProof: bytesOf(96) });
export const postProof: Arbitrary<PoStProof> = fc.record({ postProof: fc.integer({ min: 0, max: 14 }), proofBytes: fc.oneof(bytesOf(192), bytes) });

export const message: Arbitrary<Message> = fc.record({
  version: fc.constant(0n),
  to: address,
  from: address,
  nonce: u64,
  value: amount,
  gasLimit: fc.bigInt({ min: 1n, max: 10_000_000_000n }),
  gasFeeCap: amount,
  gasPremium: amount,
  method: u64,
  params: bytes,
});

/** Fields that no valid message has, but that bytes can spell. */
export const anyMessage: Arbitrary<Message> = fc.oneof(
  message,
  fc.record({
    version: u64,
    to: address,
    from: address,
    nonce: u64,
    value: bigInteger,
    gasLimit: i64,
    gasFeeCap: bigInteger,
    gasPremium: bigInteger,
    method: u64,
    params: bytes,
  }),
);

export const signedMessage: Arbitrary<SignedMessage> = fc.record({ message, signature });

export const blockHeader: Arbitrary<BlockHeader> = fc.record({
  miner: address,
  ticket: fc.option(ticket),
  electionProof: fc.option(electionProof),
  beaconEntries: fc.array(beaconEntry, { maxLength: 3 }),
  winPoStProof: fc.array(postProof, { maxLength: 2 }),
  parents: fc.array(cid, { maxLength: 5 }),
  parentWeight: bigInteger,
  height: epoch,
  parentStateRoot: cid,
  parentMessageReceipts: cid,
  messages: cid,
  blsAggregate: fc.option(signature),
  timestamp: u64,
  blockSig: fc.option(signature),
  forkSignaling: u64,
  parentBaseFee: bigInteger,
});

export const blockMessage: Arbitrary<BlockMessage> = fc.record({
  header: blockHeader,
  blsMessages: fc.array(chainCid, { maxLength: 4 }),
  secpkMessages: fc.array(chainCid, { maxLength: 4 }),
});

export const messageMeta: Arbitrary<MessageMeta> = fc.record({ blsMessages: chainCid, secpkMessages: chainCid });

/** One to five different blocks of one height and the same parents, in the order of their tickets. */
export const tipset: Arbitrary<Tipset> = fc
  .tuple(blockHeader, fc.uniqueArray(fc.tuple(addressOfId, ticket), { minLength: 1, maxLength: 5, selector: ([, { vrfProof }]) => vrfProof.join() }))
  .map(([header, drawn]) => tipsetOf(drawn.map(([miner, ticket]) => ({ ...header, miner, ticket }))));
