/**
 * What opening verifies: the head against its anchor, the slash rows against the head and their records, the last
 * records against each other. Its cost does not grow with the records behind them.
 */

import { equalBytes } from '../chain/encoding/bytes.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Store } from '../ports/store.ts';
import { openCheckpoint } from './chain/checkpoint.ts';
import { corrupt, corruptRow } from './chain/corrupt.ts';
import { type Anchor, addTerm, decodeAnchor, decodeHead, type JournalHead, rowTerm } from './chain/head.ts';
import { checkLiveRows, type LiveRows, openLiveRows } from './chain/live-rows.ts';
import { chained } from './chain/record-chain.ts';
import type { SharedStore } from './chain/shared-values.ts';
import { HEAD_KEY, recordKey, roomRange, SEQ_END, seqOfKey } from './format/keys.ts';
import { type Checkpoint, recordHash } from './format/record.ts';
import { openSlashRows } from './slash/slash-checks.ts';
import { slashFold } from './slash/slash-fold.ts';

/** Records that opening reads and chains. */
export const TAIL_RECORDS = 1000;

/** What a journal stands on. */
export interface Ground {
  /** `undefined` for a journal without a record. */
  readonly head: JournalHead | undefined;
  readonly live: LiveRows;
  readonly checkpoint: Checkpoint;
  /** Sum over the slash rows. */
  readonly slash: bigint;
  /** `ANCHOR_MISSING`. */
  readonly warnings: readonly MineOneError[];
}

/** Throws `JOURNAL_CORRUPT`. */
export async function openGround(store: Store, shared: SharedStore): Promise<Ground> {
  const head = await openHead(store);
  const slash = await openSlashSum(store, head);
  const live = await openLiveRows(store, head);
  const checkpoint = openCheckpoint(store, shared, live.rows);
  checkLiveRows(store, live, checkpoint);
  const anchor = openAnchor(store);
  if (head !== undefined && anchor !== undefined) checkAnchor(store, head, anchor, checkpoint);
  return { head, live, checkpoint, slash, warnings: head !== undefined && anchor === undefined ? [anchorMissing(head)] : [] };
}

async function openHead(store: Store): Promise<JournalHead | undefined> {
  const bytes = store.get(HEAD_KEY);
  const last = await store.last(recordKey(0), recordKey(SEQ_END));
  const anchor = openAnchor(store);
  if (bytes === undefined && last === undefined) {
    if (anchor !== undefined) throw corrupt(anchor.seq, 'it was on disk, and nothing is');
    return undefined;
  }
  if (bytes === undefined) throw corrupt(seqOfKey((last as readonly [Uint8Array, Uint8Array])[0]), 'it is there and the head is not');
  const head = decodeHead(bytes);
  if (head === null) throw corruptRow('the head cannot be read');
  if (last === undefined || seqOfKey(last[0]) !== head.seq)
    throw corrupt(head.seq, `the head says that it is the last, and the last is ${last === undefined ? 'none' : seqOfKey(last[0])}`);
  return head;
}

function openAnchor(store: Store) {
  const bytes = store.anchor();
  if (bytes === undefined) return undefined;
  const anchor = decodeAnchor(bytes);
  if (anchor === null)
    throw corruptRow(
      'the anchor beside the database cannot be read; the database may be whole: verify it (mineone journal verify), and only then delete the anchor',
    );
  return anchor;
}

function anchorMissing({ seq }: JournalHead): MineOneError {
  return new MineOneError(
    'ANCHOR_MISSING',
    `the file anchor beside the database is missing or empty: that the journal ends at record ${seq} is what the database says alone, and an older copy put back, or records cut off its end, would not be seen; compare with a seal (mineone journal verify --sealed), or let two epochs pass before mining`,
  );
}

/** One that is older than what is kept, after a power cut, says nothing any more. */
function checkAnchor(store: Store, head: JournalHead, { seq, hash }: Anchor, { first }: Checkpoint): void {
  if (seq < first) return;
  if (seq > head.seq) throw corrupt(head.seq + 1, `it was on disk, as were all up to ${seq}; the database now ends at ${head.seq}`);
  const bytes = store.get(recordKey(seq));
  if (bytes === undefined || !equalBytes(recordHash(bytes), hash))
    throw corrupt(seq, 'it is not the one that was on disk: the anchor beside the database is of another journal, or the record was changed');
}

/**
 * Throws `JOURNAL_CORRUPT` when the rows are not those that the head knows: on a filter with holes nothing is mined.
 */
async function openSlashSum(store: Store, head: JournalHead | undefined): Promise<bigint> {
  let sum = 0n;
  for (const room of ['slashEpochs', 'slashParents'] as const) {
    for await (const [key, value] of store.range(...roomRange(room))) sum = addTerm(sum, rowTerm(key, value));
  }
  if (sum !== (head?.slash ?? 0n)) throw corruptRow(`the rows of the slash filter are not those that the head at ${head?.seq ?? 'nothing'} knows`);
  return sum;
}

/**
 * The last records, chained, and the rows of the slash filter that they and the newest before them lead to. Throws
 * `JOURNAL_CORRUPT`.
 */
export async function verifyTail(store: Store, shared: SharedStore, { head, checkpoint }: Pick<Ground, 'head' | 'checkpoint'>): Promise<void> {
  const begin = Math.max(checkpoint.first, (head?.seq ?? 0) + 1 - TAIL_RECORDS);
  const fold = slashFold();
  for await (const { record } of chained(store, shared, checkpoint, begin, head)) fold.take(record);
  await openSlashRows(store, shared, { begin, fold }, checkpoint);
}
