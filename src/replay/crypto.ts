/**
 * The signatures in a journal, verified once more (`replay --crypto`): a replay trusts what was recorded, this does
 * not.
 */

import { parseAddress } from '../chain/address.ts';
import { blockCid, signingBytes } from '../chain/block-header.ts';
import { blockMessage } from '../chain/block-message.ts';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { decode } from '../chain/encoding/codec.ts';
import { areAsked, beaconDemand, beaconLinks, isAgain, verifyBeaconLink } from '../consensus/beacon.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { endsStream, type StoredRecord } from '../journal/chain/record-chain.ts';
import { effectKeyText } from '../journal/format/input.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import { answered, askedOf, type CreatedBlock, type Effects, effectRow } from '../mining/effects.ts';
import type { BeaconValues, MiningInfo } from '../mining/round.ts';

export interface CryptoOptions {
  readonly bls: Bls;
  /** Of the network whose beacons are to be verified; without it they are counted as not checked. */
  readonly params?: NetworkParams;
  /** Streams whose beginning retention gave up, and with it whom the chain named as their worker. */
  readonly cut?: ReadonlySet<string>;
  /** Bytes of a blob that a record names. */
  readonly blob: (hash: Uint8Array) => Uint8Array;
}

export interface CryptoFault {
  readonly seq: number;
  readonly stream: string;
  readonly what: string;
}

export interface CryptoReport {
  /** Tickets and election proofs, under the worker key that the chain named. */
  readonly vrfs: number;
  readonly beaconEntries: number;
  readonly blocks: number;
  /** Beacon entries that only somebody with the network's keys, or an earlier entry, can verify. */
  readonly uncheckedBeaconEntries: number;
  /** Tickets and blocks of streams whose worker is not in the records any more. */
  readonly uncheckedSignatures: number;
  /** The first signature that is not what it should be. */
  readonly fault: CryptoFault | null;
}

interface EffectQuestion {
  readonly name: string;
  readonly input: Value;
}

/** What a stream has said so far. */
interface StreamState {
  readonly asked: Map<string, EffectQuestion>;
  workerKey: string | null;
  readonly isCut: boolean;
}

type Counts = { -readonly [K in keyof Omit<CryptoReport, 'fault'>]: number };

/** Stops at the first fault. */
export async function verifyCrypto(records: AsyncIterable<StoredRecord>, options: CryptoOptions): Promise<CryptoReport> {
  const counts: Counts = { vrfs: 0, beaconEntries: 0, blocks: 0, uncheckedBeaconEntries: 0, uncheckedSignatures: 0 };
  const streams = new Map<string, StreamState>();
  const verified = new WeakSet<object>();
  for await (const { record } of records) {
    const seen = streams.get(record.stream) ?? { asked: new Map<string, EffectQuestion>(), workerKey: null, isCut: options.cut?.has(record.stream) === true };
    streams.set(record.stream, seen);
    const what = recordFault(record, seen, counts, verified, options);
    if (what !== null) return { ...counts, fault: { seq: record.seq, stream: record.stream, what } };
    for (const { effects } of record.steps) for (const { n, name, input } of effects) seen.asked.set(effectKeyText([record.seq, n]), { name, input });
    if (endsStream(record)) streams.delete(record.stream);
  }
  return { ...counts, fault: null };
}

function recordFault({ input }: JournalRecord, seen: StreamState, counts: Counts, known: WeakSet<object>, options: CryptoOptions): string | null {
  const asked = input.type === 'result' && input.ok ? seen.asked.get(effectKeyText(input.key)) : undefined;
  if (input.type !== 'result' || asked === undefined) return null;
  const verified = effectRow(asked.name)?.crypto ?? null;
  if (seen.isCut && seen.workerKey === null && (verified === 'vrf' || verified === 'block')) {
    counts.uncheckedSignatures++;
    return null;
  }
  switch (verified) {
    case 'beacon': {
      const info = answered('getMiningBaseInfo', input.value);
      if (info === null) return null;
      seen.workerKey = info.workerKey;
      if (known.has(info.beacon)) return null;
      known.add(info.beacon);
      return beaconFault(askedOf('getMiningBaseInfo', asked.input), info, counts, options);
    }
    case 'vrf':
      counts.vrfs++;
      return vrfFault(askedOf('signVrf', asked.input), answered('signVrf', input.value), seen.workerKey, options);
    case 'block':
      counts.blocks++;
      return blockFault(answered('createBlock', input.value), seen.workerKey, options);
    default:
      return null;
  }
}

function vrfFault({ key, message }: Effects['signVrf']['in'], signature: Uint8Array, workerKey: string | null, { bls }: CryptoOptions): string | null {
  if (key !== workerKey) return `signed by ${key}, and the worker is ${workerKey ?? 'not known'}`;
  return bls.verify({ publicKey: parseAddress(key).payload, message, signature }) ? null : `a VRF proof that is not the worker ${key}'s of its draw`;
}

function beaconFault(
  { epoch, base }: Effects['getMiningBaseInfo']['in'],
  { beacon }: MiningInfo,
  counts: Counts,
  { bls, params }: CryptoOptions,
): string | null {
  const rounds = params === undefined ? null : roundsFault(params, base.height, epoch, beacon);
  if (rounds !== null) return rounds;
  const links = params === undefined ? null : beaconLinks(params, base.height, epoch, beacon.entries, beacon.previous);
  const checked = links?.length ?? 0;
  counts.beaconEntries += checked;
  const fresh = beacon.entries.filter((entry, i) => !isAgain(entry, beacon.entries[i - 1] ?? beacon.previous));
  counts.uncheckedBeaconEntries += fresh.length - checked;
  const wrong = links?.find((link) => !verifyBeaconLink(bls, link));
  return wrong === undefined ? null : `beacon round ${wrong.entry.round} is not signed by ${wrong.network.name}`;
}

/** A round that drand signed, and that the epoch does not draw from, is as wrong as one that it did not sign. */
function roundsFault(params: NetworkParams, baseHeight: number, epoch: number, { entries, previous }: BeaconValues): string | null {
  const demand = beaconDemand(params, baseHeight, epoch, previous);
  const found = entries.map(({ round }) => round);
  if (demand.kind !== 'rounds' || areAsked(demand, found)) return null;
  return `beacon rounds ${found.join(', ') || 'none'} where epoch ${epoch} on a base of ${baseHeight} asks for ${demand.rounds.join(', ') || 'none'}`;
}

function blockFault({ cid, block }: CreatedBlock, workerKey: string | null, { bls, blob }: CryptoOptions): string | null {
  const { header } = decode(blockMessage, block instanceof Uint8Array ? block : blob(block.$blob));
  if (!equalBytes(blockCid(header).bytes, cid)) return `a block whose CID is ${blockCid(header)} and not the recorded one`;
  if (workerKey === null || header.blockSig === null) return 'a block without a signature, or of a worker that is not known';
  const signed = { publicKey: parseAddress(workerKey).payload, message: signingBytes(header), signature: header.blockSig.data };
  return bls.verify(signed) ? null : `a block that is not signed by its worker ${workerKey}`;
}
