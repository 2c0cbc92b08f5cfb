/**
 * Rows of the epochs that go on, followed record by record; an epoch's rows are given out together when all its miners
 * are done.
 */

import type { JournalRecord } from '../../journal/format/record.ts';
import type { Journal } from '../../journal/journal.ts';
import { epochStream } from '../../mining/stream.ts';
import { beginRow, type EpochRow, nextRow } from '../../projections/epoch-row.ts';

export interface EpochRows {
  add(record: JournalRecord): void;
  /** Those that are not given out yet, in the order they began. */
  going(): readonly EpochRow[];
  /** Nothing more is added: rows that are over are given out, and those that are not are left. @returns these. */
  end(): readonly EpochRow[];
  /** Whether every row up to this epoch is over, and there is one of it. */
  isOver(epoch: number): boolean;
}

/** `onEpoch` gets the rows of an epoch, in the order its miners began. */
export function epochRows(onEpoch: (rows: readonly EpochRow[]) => void): EpochRows {
  const going = new Map<string, EpochRow>();
  let last = -1;
  const giveOut = (epoch: number): void => {
    const rows = [...going].filter(([, row]) => row.epoch === epoch);
    if (rows.some(([, { outcome }]) => outcome === null)) return;
    for (const [stream] of rows) going.delete(stream);
    onEpoch(rows.map(([, row]) => row));
  };
  return {
    add(record) {
      const begun = beginRow(record);
      const row = begun ?? going.get(record.stream);
      if (row === undefined) return;
      const next = nextRow(row, record);
      last = Math.max(last, next.epoch);
      going.set(record.stream, next);
      // Records of one batch come one by one: all miners of an epoch have begun when the first of them goes on.
      if (next.outcome !== null) giveOut(next.epoch);
    },
    going: () => [...going.values()],
    end() {
      const over = [...going].filter(([, { outcome }]) => outcome !== null);
      for (const [stream] of over) going.delete(stream);
      if (over.length > 0) onEpoch(over.map(([, row]) => row));
      return [...going.values()];
    },
    isOver: (epoch) => last >= epoch && [...going.values()].every((row) => row.epoch > epoch),
  };
}

/** Rows that were going on when the journal was last closed. */
export async function readGoing(journal: Journal, rows: EpochRows): Promise<void> {
  for (const stream of journal.live().keys()) {
    if (epochStream(stream)?.below !== null) continue;
    for await (const { record } of journal.stream(stream)) rows.add(record);
  }
}
