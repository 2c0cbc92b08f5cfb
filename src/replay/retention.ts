/**
 * Retention: which records a journal can do without, and the checkpoint that stands for them (docs/architecture.md 6).
 * The journal knows no machines: what streams had come to where it now begins is folded here. No stream of an epoch or
 * of a block's fate that still goes on is cut, so that a start leans on whole streams alone.
 */

import { wentOn } from '../journal/chain/checkpoint.ts';
import { addTerm, rowTerm } from '../journal/chain/head.ts';
import { endsStream } from '../journal/chain/record-chain.ts';
import { type SharedStore, sharedStore } from '../journal/chain/shared-values.ts';
import { type BegunStretch, withBegun } from '../journal/format/begun.ts';
import { roomRange, sharedKey } from '../journal/format/keys.ts';
import type { Checkpoint, Input, JournalRecord, WentOn } from '../journal/format/record.ts';
import { asValue, decodeValue, encodeValue, type Value } from '../journal/format/value.ts';
import { openingOf } from '../journal/guard/opening.ts';
import type { Journal } from '../journal/journal.ts';
import { type Removed, removeGiven } from '../journal/prune.ts';
import { decodeSlashRow } from '../journal/slash/slash-rows.ts';
import { CODE, epochOf, epochStream, isMinerStream, minerOf } from '../mining/stream.ts';
import type { Machine } from '../statechart/machine.ts';
import { actorsOf, actorsValue } from '../statechart/stream-state.ts';
import type { ChartActors } from '../statechart/turn.ts';
import { foldMiners, type Miners } from './miners.ts';
import { differenceOf, takeAgain } from './replay.ts';
import { firstOfLive, type Keep, keptBy } from './retention-kept.ts';

export type { Keep };

export interface Retention {
  readonly machines: ReadonlyMap<string, Machine>;
  readonly keep: Keep;
  /** Writes the checkpoint; resolves when it is on disk, with `false` where it is not to be. */
  readonly write: (input: Input) => Promise<boolean>;
  /** Is given each epoch, `f01000/4211337`, whose beginning goes, before it does. */
  readonly onEpoch?: (stream: string) => Promise<void>;
}

export interface Retained extends Removed {
  /** Epochs whose records were given up. */
  readonly epochs: number;
  /** Seq of the first record that is kept. */
  readonly first: number;
}

/**
 * Gives up what is older, and removes what was given up now and before. Ended anywhere, it goes on with the next call.
 */
export async function retain(journal: Journal, { machines, keep, write, onEpoch }: Retention): Promise<Retained> {
  const plan = await planCheckpoint(journal, machines, keep);
  if (plan !== null) {
    for (const epoch of plan.epochs) await onEpoch?.(epoch);
    if (!(await write({ type: 'checkpoint', checkpoint: plan.checkpoint }))) return { epochs: 0, first: journal.checkpoint().first, records: 0, values: 0 };
  }
  return { epochs: plan?.epochs.length ?? 0, first: journal.checkpoint().first, ...(await removeGiven(journal)) };
}

interface Plan {
  readonly checkpoint: Checkpoint;
  readonly epochs: readonly string[];
}

/** What was read of the records that go. */
interface PrunedPrefix {
  first: number;
  prev: Uint8Array;
  readonly open: Map<string, { readonly seq: number; readonly hash: Uint8Array }>;
  readonly begun: Record<string, readonly BegunStretch[]>;
  readonly epochs: string[];
  miners: Miners;
  code: Value;
}

/** `null`: there is nothing to give up. */
async function planCheckpoint(journal: Journal, machines: ReadonlyMap<string, Machine>, keep: Keep): Promise<Plan | null> {
  // Another than the journal's own: what is read here is not in use.
  const shared = sharedStore((hash) => journal.store.get(sharedKey(hash)));
  const from = decodeValue(encodeValue(asValue(journal.checkpoint()), journal.shared), shared) as unknown as Checkpoint;
  const passed = await pass(journal, { from, shared, keep });
  const { first, prev, begun, epochs } = passed;
  // What is not of epochs is little, and goes with the next of them.
  if (epochs.length === 0) return null;
  const streams: WentOn[] = [];
  for (const [stream, last] of [...passed.open].sort(([a], [b]) => (a < b ? -1 : 1)))
    streams.push({ stream, ...last, state: await stateOf(journal, { stream, machines, from, shared, passed }) });
  const checkpoint: Checkpoint = { first, prev, slash: await slashBefore(journal, first), streams, begun };
  return { checkpoint: decodeValue(encodeValue(asValue(checkpoint), shared), journal.shared) as unknown as Checkpoint, epochs };
}

/**
 * Actors of the streams that a journal's beginning cuts, as a replay begins with them; `null` for those that cannot be
 * known.
 */
export function actorsAtBeginning({ streams }: Pick<Checkpoint, 'streams'>, machines: ReadonlyMap<string, Machine>): ReadonlyMap<string, ChartActors | null> {
  return new Map(streams.filter(({ stream }) => epochStream(stream) !== null).map(({ stream, state }) => [stream, actorsOf(state, machines)]));
}

/** Reads up to the first record that is kept. */
async function pass(
  journal: Journal,
  { from, shared, keep }: { readonly from: Checkpoint; readonly shared: SharedStore; readonly keep: Keep },
): Promise<PrunedPrefix> {
  const stateFor = (stream: string): Value => wentOn(from, stream)?.state ?? null;
  const miners = from.streams.filter(({ stream }) => isMiner(stream)).map(({ stream, state }) => [stream, state] as const);
  const passed: PrunedPrefix = {
    first: from.first,
    prev: from.prev,
    open: new Map(from.streams.map(({ stream, seq, hash }) => [stream, { seq, hash }])),
    begun: { ...from.begun },
    epochs: [],
    miners: new Map(miners) as unknown as Miners,
    code: stateFor(CODE),
  };
  const end = (await firstOfLive(journal)).seq;
  const isKept = await keptBy(journal, keep, shared);
  for await (const { record, hash } of journal.records(from.first, shared)) {
    const epoch = record.input.type === 'start' ? epochOf(record.stream) : null;
    if (record.seq >= end || (epoch !== null && isKept(epoch, record.at))) break;
    take(passed, record, hash, epoch);
  }
  return passed;
}

function take(passed: PrunedPrefix, record: JournalRecord, hash: Uint8Array, epoch: number | null): void {
  const { seq, stream, input } = record;
  [passed.first, passed.prev] = [seq + 1, hash];
  if (endsStream(record)) passed.open.delete(stream);
  else passed.open.set(stream, { seq, hash });
  passed.miners = foldMiners(passed.miners, record);
  if (input.type === 'opened') passed.code = asValue(openingOf(input));
  if (epoch === null) return;
  const miner = minerOf(stream) as string;
  passed.begun[miner] = withBegun(passed.begun[miner] ?? [], epoch);
  passed.epochs.push(stream);
}

const isMiner = (stream: string): boolean => isMinerStream(stream);

interface Standing {
  readonly stream: string;
  readonly machines: ReadonlyMap<string, Machine>;
  /** Where the journal begins until now. */
  readonly from: Checkpoint;
  readonly shared: SharedStore;
  readonly passed: PrunedPrefix;
}

/**
 * Of a miner whether it runs and what fenced it, of the code its hash and the journal's network, of an epoch or a fate
 * its actors; `null` where nothing is known or nothing is to be.
 */
async function stateOf(journal: Journal, standing: Standing): Promise<Value> {
  const { stream, passed } = standing;
  if (stream === CODE) return passed.code;
  if (isMiner(stream)) return asValue(passed.miners.get(stream) ?? null);
  if (epochStream(stream) === null) return null;
  const actors = await actorsBefore(journal, standing);
  return actors === null ? null : actorsValue(actors);
}

/** `null` where today's machines do not lead there: other code wrote it. */
async function actorsBefore(journal: Journal, { stream, machines, from, shared, passed }: Standing): Promise<ChartActors | null> {
  const was = wentOn(from, stream);
  let actors: ChartActors | null = was === undefined ? new Map() : actorsOf(was.state, machines);
  for await (const { record } of journal.stream(stream, shared)) {
    if (record.seq >= passed.first) break;
    const { input } = record;
    if (input.type === 'start') actors = new Map();
    if (actors === null || (input.type !== 'start' && input.type !== 'result')) continue;
    const turn = takeAgain(actors, record, input, { machines, shared });
    actors = turn === null || differenceOf(record, turn, shared, true) !== null ? null : turn.actors;
  }
  return actors;
}

/**
 * Sum over the rows of blocks that were bound before a record. Void ones do not count: another block may take their
 * place.
 */
async function slashBefore({ store }: Journal, first: number): Promise<bigint> {
  let sum = 0n;
  for (const room of ['slashEpochs', 'slashParents'] as const) {
    for await (const [key, value] of store.range(...roomRange(room))) {
      const { seq, isVoid } = decodeSlashRow(value);
      if (seq < first && !isVoid) sum = addTerm(sum, rowTerm(key, value));
    }
  }
  return sum;
}
