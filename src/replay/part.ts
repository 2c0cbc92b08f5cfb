/**
 * A journal, or a part of it, replayed: an epoch of which there is no record is an error, and not a replay in which
 * nothing differed.
 */

import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal, StoredRecord } from '../journal/journal.ts';
import { epochStream } from '../mining/stream.ts';
import type { Machine } from '../statechart/machine.ts';
import { type ReplayReport, replay } from './replay.ts';
import { actorsAtBeginning } from './retention.ts';
import { slashWatch } from './slash.ts';

/** What is not said is all. */
export interface Part {
  readonly epoch?: Epoch;
  /** Id address: `f01000`. */
  readonly miner?: string;
}

/** The rows of the slash filter too. Throws `REPLAY_EMPTY`. */
export async function replayPart(journal: Journal, machines: ReadonlyMap<string, Machine>, part: Part): Promise<ReplayReport> {
  const watch = slashWatch(journal);
  const report = await replay(partOf(watch.records, part), machines, journal.shared, actorsAtBeginning(journal.checkpoint(), machines));
  if (report.records === 0 && (part.epoch !== undefined || part.miner !== undefined)) throw noRecords(journal, part);
  return report.divergence === null ? { ...report, divergence: await watch.divergence((stream) => isOf(stream, part)) } : report;
}

/** Those that fit, in order. */
export async function* partOf(records: AsyncIterable<StoredRecord>, part: Part): AsyncGenerator<StoredRecord> {
  for await (const stored of records) if (isOf(stored.record.stream, part)) yield stored;
}

export function isOf(stream: string, { epoch, miner }: Part): boolean {
  const of = epochStream(stream);
  return (epoch === undefined || of?.epoch === epoch) && (miner === undefined || (of?.miner ?? stream) === miner);
}

function noRecords(journal: Journal, { epoch, miner }: Part): MineOneError {
  const what = [...(epoch === undefined ? [] : [`epoch ${epoch}`]), ...(miner === undefined ? [] : [miner])].join(' of ');
  const { first } = journal.checkpoint();
  const begin = first === 0 ? '' : `, which begins at record ${first}: those before were given up`;
  return new MineOneError('REPLAY_EMPTY', `no record of ${what} is in the journal${begin}`);
}
