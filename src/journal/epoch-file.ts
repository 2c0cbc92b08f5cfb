/**
 * One epoch as one file, `.epoch`: a CAR of its records and of all that they name, under a manifest. It verifies alone,
 * by hashes and by each record's `back`, and replays without node, keys or journal (docs/architecture.md 6).
 */

import { create as createDigest } from 'multiformats/hashes/digest';
import { writeCar } from '../chain/car/car.ts';
import { carParser, finishCar, parseCar } from '../chain/car/car-parser.ts';
import { concatBytes, equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { CID, CODEC_RAW, decodeCid, HASH_SHA2_256 } from '../chain/encoding/cid.ts';
import type { Block } from '../chain/ipld/block-store.ts';
import { DecodeError, MineOneError } from '../errors/mineone-error.ts';
import { epochStream } from '../mining/stream.ts';
import { pruned, wentOn } from './chain/checkpoint.ts';
import { namedBy } from './chain/named.ts';
import { endsStream, isBack, type StoredRecord } from './chain/record-chain.ts';
import { type SharedStore, sharedStore } from './chain/shared-values.ts';
import { wasBegun } from './format/begun.ts';
import { blobKey, sharedKey, streamOfKey, streamsRange } from './format/keys.ts';
import { decodeRecord, recordHash } from './format/record.ts';
import { sha256 } from './format/sha256.ts';
import { decodeValue, encodeValue, type Value } from './format/value.ts';
import type { Journal } from './journal.ts';

export const EPOCH_FILE_VERSION = 1;

interface Manifest {
  readonly v: typeof EPOCH_FILE_VERSION;
  /** `f01000/4211337` and what lies below it, each with the hashes of its records in order. */
  readonly streams: readonly { readonly name: string; readonly records: readonly Uint8Array[] }[];
}

/** What a replay asks of a journal, from a file. */
export interface EpochFile {
  /** The epoch's own stream, `f01000/4211337`, and those below it. */
  readonly streams: readonly string[];
  /** Of all streams, in the order of their seq. */
  records(): AsyncIterable<StoredRecord>;
  stream(name: string): AsyncIterable<StoredRecord>;
  readonly shared: SharedStore;
  blob(hash: Uint8Array): Uint8Array;
}

/**
 * The bytes of the file of `f01000/4211337`, piece by piece. Throws `EPOCH_UNKNOWN` when the journal has no record of
 * it, `JOURNAL_PRUNED` when it has not all of them any more.
 */
export async function* exportEpoch(journal: Journal, epoch: string): AsyncGenerator<Uint8Array> {
  const streams: { name: string; records: Uint8Array[] }[] = [];
  const blocks = new Map<string, Block>();
  for (const name of await streamsOf(journal, epoch)) {
    if (wentOn(journal.checkpoint(), name) !== undefined) throw pruned(`the beginning of ${name} is not in the journal any more`, journal.checkpoint());
    const records: Uint8Array[] = [];
    for await (const { bytes, hash } of journal.stream(name)) {
      records.push(hash);
      blocks.set(toHex(hash), { cid: cidOfHash(hash), bytes });
      gather(journal, bytes, blocks);
    }
    streams.push({ name, records });
  }
  const of = epochStream(epoch);
  if (streams.length === 0 && of !== null && wasBegun(journal.checkpoint().begun, of.miner, of.epoch))
    throw pruned(`${epoch} is not in the journal any more`, journal.checkpoint());
  if (streams.length === 0) throw new MineOneError('EPOCH_UNKNOWN', `the journal has no record of ${epoch}`);
  const manifest = encodeValue({ v: EPOCH_FILE_VERSION, streams });
  const root = cidOfHash(sha256(manifest));
  yield* writeCar([root], [{ cid: root, bytes: manifest }, ...blocks.values()]);
}

/** The epoch's stream and those below it. */
async function streamsOf(journal: Journal, epoch: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const [from, to] of streamsRange(epoch)) for await (const [key] of journal.store.range(from, to)) names.add(streamOfKey(key).stream);
  return [...names];
}

/** All that a record or a shared value names, and what that names. */
function gather(journal: Journal, holder: Uint8Array, blocks: Map<string, Block>): void {
  const { shared, blobs } = namedBy(holder);
  const take = (hash: Uint8Array, key: Uint8Array): Uint8Array | null => {
    if (blocks.has(toHex(hash))) return null;
    const bytes = journal.store.get(key);
    if (bytes === undefined || !equalBytes(sha256(bytes), hash))
      throw new MineOneError('JOURNAL_CORRUPT', `what a record names as ${toHex(hash)} is not in the journal: run journal verify`);
    blocks.set(toHex(hash), { cid: cidOfHash(hash), bytes });
    return bytes;
  };
  for (const hash of blobs) take(hash, blobKey(hash));
  for (const hash of shared) {
    const bytes = take(hash, sharedKey(hash));
    if (bytes !== null) gather(journal, bytes, blocks);
  }
}

/**
 * Throws `EPOCH_FILE` naming what is missing, too many or not what its hash says; `CAR_…` for bytes that are no CAR.
 */
export function readEpochFile(file: Uint8Array): EpochFile {
  const { root, blocks } = readBlocks(file);
  const used = new Set<string>([toHex(root)]);
  const get = (hash: Uint8Array): Uint8Array | undefined => {
    used.add(toHex(hash));
    return blocks.get(toHex(hash));
  };
  const shared = sharedStore(get);
  const manifest = manifestOf(get(root));
  const streams = new Map(manifest.streams.map(({ name, records }) => [name, records.map((hash) => readOne(hash, get, shared))]));
  for (const [name, records] of streams) checkChain(name, records);
  for (const { bytes } of [...streams.values()].flat()) checkNamed(bytes, get);
  const unused = [...blocks.keys()].find((hash) => !used.has(hash));
  if (unused !== undefined) throw wrong(`nothing in it names ${unused}`);
  const inOrder = [...streams.values()].flat().sort((a, b) => a.record.seq - b.record.seq);
  return {
    streams: [...streams.keys()],
    shared,
    async *records() {
      yield* inOrder;
    },
    async *stream(name) {
      yield* streams.get(name) ?? [];
    },
    blob(hash) {
      const bytes = blocks.get(toHex(hash));
      if (bytes === undefined) throw wrong(`the bytes ${toHex(hash)} are not in it`);
      return bytes;
    },
  };
}

function readBlocks(file: Uint8Array): { readonly root: Uint8Array; readonly blocks: ReadonlyMap<string, Uint8Array> } {
  const parser = carParser(file.length);
  const blocks = new Map<string, Uint8Array>();
  let roots: readonly CID[] = [];
  let pieces: Uint8Array[] = [];
  let cid: CID | null = null;
  for (const event of parseCar(parser, file)) {
    if (event.type === 'header') roots = event.roots;
    else if (event.type === 'section') [cid, pieces] = [decodeCid(event.cid), []];
    else {
      pieces.push(event.bytes.slice());
      if (event.isLast && cid !== null) keep(blocks, cid, concatBytes(...pieces));
    }
  }
  finishCar(parser);
  const root = roots.length === 1 ? (roots[0] as CID) : null;
  if (root === null || root.code !== CODEC_RAW || root.multihash.code !== HASH_SHA2_256)
    throw wrong(`expected one root, the manifest, got ${roots.join(', ') || 'none'}`);
  return { root: root.multihash.digest, blocks };
}

function keep(blocks: Map<string, Uint8Array>, cid: CID, bytes: Uint8Array): void {
  if (cid.code !== CODEC_RAW || cid.multihash.code !== HASH_SHA2_256 || !equalBytes(cid.multihash.digest, sha256(bytes)))
    throw wrong(`${cid} is not what its hash says`);
  blocks.set(toHex(cid.multihash.digest), bytes);
}

function manifestOf(bytes: Uint8Array | undefined): Manifest {
  if (bytes === undefined) throw wrong('the manifest is missing');
  const manifest = decodeValue(bytes) as { readonly [key: string]: Value };
  if (manifest['v'] !== EPOCH_FILE_VERSION) throw wrong(`expected version ${EPOCH_FILE_VERSION}, got ${String(manifest['v'])}`);
  return manifest as unknown as Manifest;
}

function readOne(hash: Uint8Array, get: (hash: Uint8Array) => Uint8Array | undefined, shared: SharedStore): StoredRecord {
  const bytes = get(hash);
  if (bytes === undefined) throw wrong(`the record ${toHex(hash)} is missing`);
  return { record: decodeRecord(bytes, shared), bytes, hash: recordHash(bytes) };
}

/** Each record names the one of its stream before it: none is left out, none comes from elsewhere. */
function checkChain(name: string, records: readonly StoredRecord[]): void {
  let before: Uint8Array | null = null;
  for (const { record, hash } of records) {
    if (record.stream !== name) throw wrong(`record ${record.seq} is of ${record.stream}, and lies under ${name}`);
    if (!isBack(record.back, before)) throw wrong(`record ${record.seq} does not name the record of ${name} before it`);
    before = endsStream(record) ? null : hash;
  }
}

function checkNamed(holder: Uint8Array, get: (hash: Uint8Array) => Uint8Array | undefined): void {
  const { shared, blobs } = namedBy(holder);
  for (const hash of [...blobs, ...shared]) if (get(hash) === undefined) throw wrong(`${toHex(hash)}, which a record names, is missing`);
  for (const hash of shared) checkNamed(get(hash) as Uint8Array, get);
}

function cidOfHash(hash: Uint8Array): CID {
  return CID.createV1(CODEC_RAW, createDigest(HASH_SHA2_256, hash));
}

function wrong(what: string): DecodeError {
  return new DecodeError('EPOCH_FILE', `this is no whole .epoch file: ${what}`);
}
