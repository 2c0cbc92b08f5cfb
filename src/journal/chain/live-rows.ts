/**
 * The last record of every stream that goes on, as rows in the store: so that opening need not read the whole journal
 * to know what a next record must name.
 */

import { equalBytes } from '../../chain/encoding/bytes.ts';
import type { Store, StoreOp } from '../../ports/store.ts';
import { liveKey, recordKey, roomRange, streamOfLiveKey } from '../format/keys.ts';
import { type Checkpoint, recordHash } from '../format/record.ts';
import { decodeValue, encodeValue } from '../format/value.ts';
import { corrupt, corruptRow } from './corrupt.ts';
import { addTerm, type JournalHead, rowTerm, takeTerm } from './head.ts';

export interface LiveRow {
  readonly seq: number;
  /** Of the record at `seq`. */
  readonly hash: Uint8Array;
}

/** As it is in the store. */
interface StoredRow extends LiveRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** What it adds to the sum. */
  readonly term: bigint;
}

export interface LiveRows {
  readonly rows: ReadonlyMap<string, LiveRow>;
  sum(): bigint;
  /** The stream goes on with this record. */
  set(stream: string, row: LiveRow): void;
  /** The stream has ended. */
  delete(stream: string): void;
  takeUnsaved(): readonly StoreOp[];
}

/** Throws `JOURNAL_CORRUPT` when they are not those that the head knows. */
export async function openLiveRows(store: Store, head: JournalHead | undefined): Promise<LiveRows> {
  const rows = new Map<string, StoredRow>();
  let sum = 0n;
  for await (const [key, value] of store.range(...roomRange('live'))) {
    const term = rowTerm(key, value);
    rows.set(streamOfLiveKey(key), { ...decodeLiveRow(value), key, value, term });
    sum = addTerm(sum, term);
  }
  if (sum !== (head?.live ?? 0n))
    throw corruptRow(`the rows of the ${rows.size} streams that go on are not those that the head at ${head?.seq ?? 'nothing'} knows`);
  return liveRows(rows, sum);
}

/**
 * Throws `JOURNAL_CORRUPT` when a row names a record that is not there, or one that was given up and that the
 * checkpoint does not name.
 */
export function checkLiveRows(store: Store, { rows }: Pick<LiveRows, 'rows'>, { first, streams }: Checkpoint): void {
  const given = new Map(streams.map((one) => [one.stream, one]));
  for (const [stream, { seq, hash }] of rows) {
    const was = seq < first ? given.get(stream) : undefined;
    const bytes = store.get(recordKey(seq));
    const found = was?.seq === seq ? was.hash : bytes === undefined || seq < first ? undefined : recordHash(bytes);
    if (found === undefined || !equalBytes(found, hash)) throw corrupt(seq, `the last of ${stream} is ${found === undefined ? 'missing' : 'changed'}`);
  }
}

function liveRows(rows: Map<string, StoredRow>, opened: bigint): LiveRows {
  /** Keys of the rows that a next batch writes or deletes. */
  const changed = new Map<string, Uint8Array>();
  let sum = opened;
  return {
    rows,
    sum: () => sum,
    set(stream, { seq, hash }) {
      const was = rows.get(stream);
      const key = was?.key ?? liveKey(stream);
      const value = encodeValue([seq, hash]);
      const term = rowTerm(key, value);
      sum = addTerm(was === undefined ? sum : takeTerm(sum, was.term), term);
      rows.set(stream, { seq, hash, key, value, term });
      changed.set(stream, key);
    },
    delete(stream) {
      const was = rows.get(stream);
      if (was !== undefined) sum = takeTerm(sum, was.term);
      rows.delete(stream);
      changed.set(stream, was?.key ?? liveKey(stream));
    },
    takeUnsaved() {
      const ops = [...changed].map(([stream, key]): StoreOp => {
        const row = rows.get(stream);
        return row === undefined ? { type: 'del', key } : { type: 'put', key, value: row.value };
      });
      changed.clear();
      return ops;
    },
  };
}

export function decodeLiveRow(bytes: Uint8Array): LiveRow {
  try {
    const [seq, hash] = decodeValue(bytes) as readonly [number, Uint8Array];
    return { seq, hash };
  } catch (error) {
    throw corruptRow(`a row of a stream that goes on cannot be read: ${(error as Error).message}`);
  }
}
