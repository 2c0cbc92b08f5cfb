/**
 * The journal: records in a hash chain without gaps, what they name beside them, the slash rows; each batch on disk
 * whole before anybody hears of it (docs/architecture.md 6).
 */

import { CALL_ARGUMENT } from '../chain/argument.ts';
import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Store, StoreOp } from '../ports/store.ts';
import { checkpointOf, pruned, wentOn } from './chain/checkpoint.ts';
import { corrupt, corruptRow } from './chain/corrupt.ts';
import { addTerm, encodeAnchor, encodeHead, type JournalHead, rowTerm, takeTerm } from './chain/head.ts';
import type { LiveRow, LiveRows } from './chain/live-rows.ts';
import { chained, endsStream, INDEX_HASH_LENGTH, NO_HASH, type StoredRecord, streamed } from './chain/record-chain.ts';
import { type SharedStore, sharedStore } from './chain/shared-values.ts';
import { blobKey, HEAD_KEY, recordKey, sharedKey, streamKey } from './format/keys.ts';
import { type Checkpoint, encodeRecord, type JournalRecord, RECORD_VERSION, recordHash } from './format/record.ts';
import { sha256 } from './format/sha256.ts';
import { openGround, verifyTail } from './open-checks.ts';
import { type SlashRows, slashRows } from './slash/slash-rows.ts';
import { checkStore } from './store/given-store.ts';

export type { StoredRecord };

/** A record before it has its place in the chain. */
export type RecordDraft = Omit<JournalRecord, 'v' | 'seq' | 'prev' | 'back'>;

/**
 * After a {@link flush} that failed every call but `close` throws `JOURNAL_UNKNOWN`: what is on disk is known by
 * opening again, and not before.
 */
export interface Journal {
  /** Seq of the next record. */
  next(): number;
  /** SHA-256 of the last record; zeros when there is none. */
  headHash(): Uint8Array;
  readonly shared: SharedStore;
  readonly slash: SlashRows;
  /** Gives a record its place; it is written with the next {@link flush}. */
  add(draft: RecordDraft): JournalRecord;
  /**
   * One synced batch of all that was added, with blobs, shared values, index, head and slash rows. When it rejects
   * nobody knows what is on disk: close, and open again. Whoever decides on what is in the journal adds it within
   * `fill`, which begins when no batch is on its way to the disk: no flush of another parts what it adds.
   */
  flush(fill?: () => Promise<void>): Promise<void>;
  /**
   * Records from a seq on, or from {@link Checkpoint.first}, those on disk when it is called; checked against the chain
   * as they come. `shared`: another to decode them with.
   */
  records(from?: number, shared?: SharedStore): AsyncIterable<StoredRecord>;
  /**
   * Records of one stream, checked against its index. Throws `JOURNAL_PRUNED` where they are given up while they are
   * read.
   */
  stream(name: string, shared?: SharedStore): AsyncIterable<StoredRecord>;
  /** Where the records on disk begin. */
  checkpoint(): Checkpoint;
  /** Streams that have not ended, with the last record of each: what a start must take up again. */
  live(): ReadonlyMap<string, LiveRow>;
  /** Seq of the last record on disk; -1 when there is none. */
  synced(): number;
  /**
   * Calls back after each batch that is on disk, and once when the journal is closed or unknown; gives the way to be
   * left alone.
   */
  onSynced(listener: () => void): () => void;
  /** Whether {@link close} was called, or a write failed. */
  ended(): boolean;
  blob(hash: Uint8Array): Uint8Array;
  /** What opening found that is no reason to refuse the journal, and that somebody should know. */
  readonly warnings: readonly MineOneError[];
  readonly store: Store;
  close(): Promise<void>;
}

/**
 * Verifies the tail, and all that mining leans on: head, streams that go on, slash rows. Throws `JOURNAL_CORRUPT`
 * naming the record, never mends. The whole: verify.ts.
 */
export async function openJournal(store: Store): Promise<Journal> {
  checkStore('openJournal', CALL_ARGUMENT, 'store', store);
  const load = (hash: Uint8Array): Uint8Array | undefined => store.get(sharedKey(hash));
  const shared = sharedStore(load);
  const ground = await openGround(store, shared);
  const { head, live, checkpoint } = ground;
  // With a store of its own: what is read to be checked is not in use.
  await verifyTail(store, sharedStore(load), ground);
  if (head !== undefined) store.setAnchor(encodeAnchor(head));
  return journalOn({
    warnings: ground.warnings,
    store,
    shared,
    slash: { rows: slashRows((key) => store.get(key)), sum: ground.slash },
    live,
    head,
    checkpoint,
  });
}

interface Opened {
  readonly warnings: readonly MineOneError[];
  readonly store: Store;
  readonly shared: SharedStore;
  readonly slash: { readonly rows: SlashRows; sum: bigint };
  readonly live: LiveRows;
  head: JournalHead | undefined;
  checkpoint: Checkpoint;
}

function journalOn(opened: Opened): Journal {
  const { store, shared, slash, live } = opened;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  let pending: StoreOp[] = [];
  let hash = opened.head?.hash ?? NO_HASH;
  let seq = (opened.head?.seq ?? -1) + 1;
  let state: 'open' | 'closed' | 'unknown' = 'open';
  let failure: unknown;
  let adding: Checkpoint | null = null;
  /** One batch after another, whoever asks. */
  let writing: Promise<unknown> = Promise.resolve();
  const usable = (): void => {
    if (state === 'unknown')
      throw new MineOneError('JOURNAL_UNKNOWN', 'a write to the journal failed and nobody knows what of it is on disk: close it, and open it again', {
        cause: failure,
      });
    if (state === 'closed') throw new MineOneError('JOURNAL_CLOSED', 'the journal is closed');
  };
  const write = async (): Promise<void> => {
    usable();
    if (pending.length === 0 && !shared.hasForgotten()) return;
    const rows = slash.rows.takeUnsaved(seq);
    for (const { key, value, before } of rows) {
      if (before !== undefined) slash.sum = takeTerm(slash.sum, rowTerm(key, before));
      slash.sum = addTerm(slash.sum, rowTerm(key, value));
    }
    const head: JournalHead = { seq: seq - 1, hash, live: live.sum(), slash: slash.sum };
    const ops = [...besideOps(shared), ...rows.map(({ key, value }): StoreOp => ({ type: 'put', key, value })), ...live.takeUnsaved(), ...pending];
    const checkpointed = adding;
    [pending, adding] = [[], null];
    try {
      await store.write([...ops, { type: 'put', key: HEAD_KEY, value: encodeHead(head) }]);
      store.setAnchor(encodeAnchor(head));
    } catch (error) {
      [state, failure] = ['unknown', error];
      throw error;
    } finally {
      if (state === 'open') [opened.head, opened.checkpoint] = [head, checkpointed ?? opened.checkpoint];
      tell();
    }
  };
  return {
    warnings: opened.warnings,
    store,
    shared,
    slash: slash.rows,
    next: () => seq,
    headHash: () => hash,
    live: () => live.rows,
    synced: () => opened.head?.seq ?? -1,
    ended: () => state !== 'open',
    onSynced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(draft) {
      usable();
      const record: JournalRecord = { v: RECORD_VERSION, seq, prev: hash, back: live.rows.get(draft.stream)?.hash ?? null, ...draft };
      const bytes = encodeRecord(record, shared);
      hash = recordHash(bytes);
      if (endsStream(record)) live.delete(draft.stream);
      else live.set(draft.stream, { seq, hash });
      adding = checkpointOf(record) ?? adding;
      pending.push(
        { type: 'put', key: recordKey(seq), value: bytes },
        { type: 'put', key: streamKey(draft.stream, seq), value: hash.slice(0, INDEX_HASH_LENGTH) },
      );
      seq++;
      return record;
    },
    flush(fill = async () => undefined) {
      const done = writing.then(usable).then(fill).then(write);
      writing = done.catch(() => undefined);
      return done;
    },
    ...readingOn(opened, usable),
    async close() {
      if (state === 'open') state = 'closed';
      tell();
      await store.close();
    },
  };
}

function readingOn(opened: Opened, usable: () => void): Pick<Journal, 'checkpoint' | 'records' | 'stream' | 'blob'> {
  const { store, shared, live } = opened;
  return {
    checkpoint: () => opened.checkpoint,
    async *records(from = 0, readWith = shared) {
      usable();
      yield* chained(store, readWith, opened.checkpoint, from, opened.head);
    },
    async *stream(name, readWith = shared) {
      usable();
      const { first } = opened.checkpoint;
      const before = wentOn(opened.checkpoint, name)?.hash ?? null;
      const missing = (lost: number): MineOneError =>
        lost < opened.checkpoint.first ? pruned(`record ${lost} of ${name} is gone`, opened.checkpoint) : corrupt(lost, `it is missing; ${name} names it`);
      yield* streamed(store, readWith, { name, first, before, last: live.rows.get(name)?.hash, missing });
    },
    blob(hashOfBlob) {
      usable();
      const bytes = store.get(blobKey(hashOfBlob));
      if (bytes === undefined) throw new MineOneError('JOURNAL_BLOB_MISSING', `the bytes ${toHex(hashOfBlob)} that a record names are not in the journal`);
      if (!equalBytes(sha256(bytes), hashOfBlob)) throw corruptRow(`the bytes ${toHex(hashOfBlob)} are not what their hash says`);
      return bytes;
    },
  };
}

/** Values and blobs that a record of the batch names. */
function besideOps(shared: SharedStore): readonly StoreOp[] {
  const { values, blobs, forgotten } = shared.takeUnsaved();
  return [
    ...forgotten.map(({ room, hash }): StoreOp => ({ type: 'del', key: room === 'blobs' ? blobKey(hash) : sharedKey(hash) })),
    ...values.map((kept): StoreOp => ({ type: 'put', key: sharedKey(kept.hash), value: kept.bytes })),
    ...blobs.map((kept): StoreOp => ({ type: 'put', key: blobKey(kept.hash), value: kept.bytes })),
  ];
}
