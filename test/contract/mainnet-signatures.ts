/**
 * Every BLS signature of mainnet's first 40 epochs with what it signs, drawn from the raw headers by docs/protocol.md
 * 2.1, 2.2, 2.6 and 2.8 and by none of our own code.
 */

import { readFileSync } from 'node:fs';
import { decode, encode } from '@ipld/dag-cbor';
import { blake2b } from '@noble/hashes/blake2.js';
import { CID } from 'multiformats/cid';
import type { SignedDigest } from '../../src/consensus/signatures/bls.ts';

export interface Aggregate {
  readonly publicKeys: readonly Uint8Array[];
  readonly messages: readonly Uint8Array[];
  readonly aggregate: Uint8Array;
}

export interface MainnetSignatures {
  readonly elections: readonly SignedDigest[];
  readonly tickets: readonly SignedDigest[];
  readonly blocks: readonly SignedDigest[];
  /** One per block: {@link Aggregate.messages} is empty for a block without BLS messages. */
  readonly aggregates: readonly Aggregate[];
}

interface Recording {
  readonly headers: readonly { readonly height: number; readonly hex: string; readonly bls: readonly string[] }[];
  readonly messages: Readonly<Record<string, string>>;
  readonly miners: Readonly<Record<string, { readonly workerBlsPk: string }>>;
  readonly accounts: Readonly<Record<string, string>>;
}

/** The 16 fields of a header that matter here (docs/protocol.md 2.6). */
type Header = [miner: Uint8Array, ticket: [Uint8Array], election: [number, Uint8Array], beacon: [number, Uint8Array][], ...rest: unknown[]];

const TAG_TICKET = 1;
const TAG_ELECTION = 2;

/** Reads `epochs-0-39.json`. */
export function mainnetSignatures(path: string): MainnetSignatures {
  const recording: Recording = JSON.parse(readFileSync(path, 'utf8'));
  const all = { elections: [] as SignedDigest[], tickets: [] as SignedDigest[], blocks: [] as SignedDigest[], aggregates: [] as Aggregate[] };
  for (const { height, hex, bls } of recording.headers.filter((header) => header.height > 0)) {
    const header: Header = decode(fromHex(hex));
    const [miner, [ticket], [, election], beacon] = header;
    const publicKey = fromHex(recording.miners[toHex(miner)]?.workerBlsPk ?? '');
    const base = beacon.at(-1)?.[1];
    if (base === undefined) throw new Error(`block of epoch ${height} has no beacon entry`);
    all.elections.push({ publicKey, message: draw(base, TAG_ELECTION, height, miner), signature: election });
    all.tickets.push({ publicKey, message: draw(base, TAG_TICKET, height - 1, miner), signature: ticket });
    all.blocks.push({ publicKey, message: encode(header.with(13, null)), signature: bytesAt(header, 13).subarray(1) });
    all.aggregates.push({ ...signers(recording, bls), aggregate: bytesAt(header, 11).subarray(1) });
  }
  return all;
}

/** Keys and signed bytes of BLS messages: the 38 bytes of their CIDs. */
function signers(recording: Recording, cids: readonly string[]): Omit<Aggregate, 'aggregate'> {
  const publicKeys = cids.map((cid) => {
    const sender = bytesAt(decode<unknown[]>(fromHex(recording.messages[cid] ?? '')), 2);
    return fromHex(sender[0] === 3 ? toHex(sender) : (recording.accounts[toHex(sender)] ?? '')).subarray(1);
  });
  return { publicKeys, messages: cids.map((cid) => CID.parse(cid).bytes) };
}

/** docs/protocol.md 2.1; the entropy is the miner's address as a CBOR byte string. */
function draw(base: Uint8Array, tag: number, epoch: number, miner: Uint8Array): Uint8Array {
  return hash(Buffer.concat([int64(tag), hash(base), int64(epoch), encode(miner)]));
}

function hash(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 32 });
}

function int64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function bytesAt(fields: readonly unknown[], index: number): Uint8Array {
  const field = fields[index];
  if (!(field instanceof Uint8Array)) throw new Error(`field ${index} is not bytes`);
  return field;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
