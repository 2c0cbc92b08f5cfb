/**
 * Where a journal begins: at its first record, or where its last checkpoint says that retention left it
 * (docs/architecture.md 6).
 */

import { MineOneError } from '../../errors/mineone-error.ts';
import { CHECKPOINT } from '../../mining/stream.ts';
import type { Store } from '../../ports/store.ts';
import { recordKey } from '../format/keys.ts';
import type { Checkpoint, JournalRecord, WentOn } from '../format/record.ts';
import { corrupt } from './corrupt.ts';
import type { LiveRow } from './live-rows.ts';
import { NO_HASH, readRecord } from './record-chain.ts';
import type { SharedStore } from './shared-values.ts';

/** A journal from which nothing was taken. */
export const WHOLE: Checkpoint = { first: 0, prev: NO_HASH, slash: 0n, streams: [], begun: {} };

/** The last checkpoint; {@link WHOLE} where there is none. Throws `JOURNAL_CORRUPT`. */
export function openCheckpoint(store: Store, shared: SharedStore, live: ReadonlyMap<string, LiveRow>): Checkpoint {
  const row = live.get(CHECKPOINT);
  if (row === undefined) return WHOLE;
  const bytes = store.get(recordKey(row.seq));
  if (bytes === undefined) throw corrupt(row.seq, 'the last checkpoint is missing');
  const { record } = readRecord(row.seq, bytes, shared);
  if (record.input.type !== 'checkpoint' || record.input.checkpoint.first > row.seq) throw corrupt(row.seq, 'it should be a checkpoint, and is none');
  return record.input.checkpoint;
}

/** How a stream stood where the journal begins; `undefined` for one that had not begun, or had ended. */
export function wentOn({ streams }: Checkpoint, stream: string): WentOn | undefined {
  return streams.find((one) => one.stream === stream);
}

/** Whether a record gives records before it up, and which. */
export function checkpointOf({ input }: Pick<JournalRecord, 'input'>): Checkpoint | null {
  return input.type === 'checkpoint' ? input.checkpoint : null;
}

/** `JOURNAL_PRUNED`. */
export function pruned(what: string, { first }: Pick<Checkpoint, 'first'>): MineOneError {
  return new MineOneError(
    'JOURNAL_PRUNED',
    `${what}: records before ${first} were given up by retention; look for an exported .epoch file, or another copy of the journal`,
  );
}
