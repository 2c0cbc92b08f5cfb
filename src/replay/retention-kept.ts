/**
 * What retention keeps, and why: epochs that are young, those that go on, and all that was written after the first of
 * either, since what goes is always a prefix.
 */

import type { SharedStore } from '../journal/chain/shared-values.ts';
import { roomRange, SEQ_END, seqOfKey, streamKey, streamOfLiveKey } from '../journal/format/keys.ts';
import type { Journal } from '../journal/journal.ts';
import { epochOf, epochStream } from '../mining/stream.ts';

/**
 * The first epoch whose records are kept whole; or, in milliseconds, how long before the last record an epoch may have
 * begun.
 */
export type Keep = { readonly epoch: number } | { readonly ms: number };

/** Why an epoch's records, those of its fate and its rescue with them, are kept. */
export type WhyKept =
  /** By what was asked to be kept. */
  | 'young'
  /** It, its fate or its rescue has not ended: a fate takes 900 epochs. */
  | 'going-on'
  /** It is old and over, and was written after one that goes on or is young. */
  | 'behind'
  /** Records of no epoch: of miners, the network, the code, checkpoints. */
  | 'no-epoch';

export interface KeptCount {
  readonly why: WhyKept;
  /** Epochs of miners; 0 for `no-epoch`. */
  readonly epochs: number;
  readonly records: number;
}

export interface KeptReport {
  /** Without those that nothing is kept by. */
  readonly kept: readonly KeptCount[];
  /**
   * The stream that goes on and whose first record is the first that is kept; `null` where no such one is what ends the
   * removal.
   */
  readonly holding: string | null;
}

/** Whether an epoch that began then is kept for its own sake. */
export async function keptBy(journal: Journal, keep: Keep, shared?: SharedStore): Promise<(epoch: number, at: number) => boolean> {
  if ('epoch' in keep) return (epoch) => epoch >= keep.epoch;
  const last = await lastTime(journal, shared);
  // A time after that of the last record is one of a clock that was ahead, and tells nothing: those beside it decide.
  return (_, at) => at >= last - keep.ms && at <= last;
}

async function lastTime(journal: Journal, shared: SharedStore | undefined): Promise<number> {
  for await (const { record } of journal.records(journal.synced(), shared)) return record.at;
  return 0;
}

/**
 * The first record of all those epochs and fates that go on, those that begin from now on among them, and whose it is.
 * As they are on disk: one whose end is still on its way there has slash rows that may yet become void, and a
 * checkpoint sums up none that changes afterwards.
 */
export async function firstOfLive({ store, synced }: Journal): Promise<{ readonly seq: number; readonly stream: string | null }> {
  let first: { readonly seq: number; readonly stream: string | null } = { seq: synced() + 1, stream: null };
  const streams: string[] = [];
  for await (const [key] of store.range(...roomRange('live'))) streams.push(streamOfLiveKey(key));
  for (const stream of streams) {
    if (epochStream(stream) === null) continue;
    for await (const [key] of store.range(streamKey(stream, 0), streamKey(stream, SEQ_END))) {
      if (seqOfKey(key) < first.seq) first = { seq: seqOfKey(key), stream };
      break;
    }
  }
  return first;
}

/** Reads all that is kept. */
export async function keptReport(journal: Journal, keep: Keep): Promise<KeptReport> {
  const isYoung = await keptBy(journal, keep);
  const { first } = journal.checkpoint();
  const live = await firstOfLive(journal);
  const goingOn = new Set([...journal.live().keys()].map((stream) => epochStream(stream)?.own));
  const young = new Set<string>();
  const records = new Map<string, number>();
  let youngFrom = Number.POSITIVE_INFINITY;
  for await (const { record } of journal.records(first)) {
    const { stream, input, seq, at } = record;
    const epoch = input.type === 'start' ? epochOf(stream) : null;
    if (epoch !== null && isYoung(epoch, at)) {
      young.add(stream);
      youngFrom = Math.min(youngFrom, seq);
    }
    const name = epochStream(stream)?.own ?? '';
    records.set(name, (records.get(name) ?? 0) + 1);
  }
  const whyOf = (name: string): WhyKept => (name === '' ? 'no-epoch' : young.has(name) ? 'young' : goingOn.has(name) ? 'going-on' : 'behind');
  const kept = (['young', 'going-on', 'behind', 'no-epoch'] as const).map((why): KeptCount => {
    const of = [...records].filter(([name]) => whyOf(name) === why);
    return { why, epochs: why === 'no-epoch' ? 0 : of.length, records: of.reduce((sum, [, count]) => sum + count, 0) };
  });
  return { kept: kept.filter((one) => one.records > 0), holding: live.seq < youngFrom ? live.stream : null };
}
