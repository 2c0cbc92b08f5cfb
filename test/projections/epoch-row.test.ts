/**
 * Rows of a live table: from the records of real epochs, won on the devnet and observed on a recorded chain, and from
 * one that was slow.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { beginRow, type EpochRow, nextRow } from '../../src/projections/epoch-row.ts';
import { mineEpochs, streamsOf } from '../devnet/fixtures/mined-epochs.ts';

function rowsOf(records: readonly JournalRecord[]): readonly EpochRow[] {
  const [first, ...rest] = records as readonly [JournalRecord, ...JournalRecord[]];
  let row = nextRow(beginRow(first) as EpochRow, first);
  return [row, ...rest.map((record) => (row = nextRow(row, record)))];
}

const seen = (rows: readonly EpochRow[]): readonly string[] => [...new Set(rows.map(({ at }) => at))];

describe('epochs of the devnet', () => {
  let streams: ReadonlyMap<string, readonly JournalRecord[]>;
  let slow: ReadonlyMap<string, readonly JournalRecord[]>;
  beforeAll(async () => {
    streams = streamsOf((await mineEpochs({ seed: 'rows', miners: 5, epochs: 3 })).records);
    slow = streamsOf((await mineEpochs({ seed: 'rows', miners: 1, epochs: 5, faults: [{ name: 'slow-prove', rate: 1 }] })).records);
  });
  const withOutcome = (name: string): readonly EpochRow[] => {
    const found = [...streams].filter(([stream]) => stream.split('/').length === 2).map(([, records]) => rowsOf(records));
    return found.find((rows) => rows.at(-1)?.outcome?.outcome === name) as readonly EpochRow[];
  };

  it('a mined one goes through every step, and says what it won, drew and took in', () => {
    const rows = withOutcome('mined');
    const { wins, quality, messages, times, outcome } = rows.at(-1) as EpochRow;
    expect(seen(rows)).toEqual([
      'waiting',
      'head',
      'beacon',
      'power',
      'election',
      'proving',
      'cut-off',
      'head again',
      'messages',
      'creating',
      'claiming',
      'ready',
      'sending',
      'sent',
      'looking',
    ]);
    expect(outcome).toMatchObject({ outcome: 'mined', winCount: wins });
    expect(quality).toBeGreaterThan(0);
    expect(quality).toBeLessThan(1);
    expect(messages).not.toBeNull();
    // On the standing clock nothing takes time; a block is ready at the cut-off, 12 of 30 seconds in.
    expect(times).toEqual({ base: 0, elect: 0, prove: 0, block: 0, left: 18_000 });
  });

  it('a lost one ends with its election', () => {
    const rows = withOutcome('lost');
    expect(seen(rows).at(-1)).toBe('election');
    expect(rows.at(-1)).toMatchObject({ wins: 0, quality: null, messages: null, times: { base: 0, elect: 0, prove: null, block: null, left: null } });
  });

  it('tells what a slow step took, and what it left', () => {
    const ended = [...slow].filter(([stream]) => stream.split('/').length === 2).map(([, records]) => rowsOf(records).at(-1) as EpochRow);
    const { times } = ended.find((row) => row.outcome?.outcome === 'mined') as EpochRow;
    // The base is taken 20 s before the epoch begins, the cut-off is 18 s before it.
    expect(times.prove).toBeGreaterThan(0);
    expect(times.left).toBe(Math.min(18_000, 20_000 - (times.prove as number)));
  });

  it('a record that begins no epoch begins no row', () => {
    for (const [stream, [first]] of streams) expect(beginRow(first as JournalRecord) === null, stream).toBe(stream.split('/').length !== 2);
  });
});
