/**
 * `transitions$`: every record once it is on disk; from a seq on it catches up first, then follows, across a journal
 * that had to be opened again (docs/architecture.md 5, «Out»).
 */

import { firstValueFrom, fromEvent, type Observable, Observable as Stream, Subject, takeUntil } from 'rxjs';
import { isWhole, optionCheck } from '../errors/option.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import type { Journal } from '../journal/journal.ts';
import { subscribe } from '../journal/subscribe.ts';
import type { MinerLife } from './life.ts';

/** Subscribed to, it begins with what comes next. */
export interface Transitions extends Observable<JournalRecord> {
  /**
   * Begins with record `seq`: no gap and no repeat. A slow reader costs nothing; it reads from the journal at its own
   * pace.
   */
  from(seq: number): Observable<JournalRecord>;
}

/** What those who follow from a seq have been told. */
export interface Followers {
  /**
   * Resolves when each of them that goes on has been told all records below `end`: whoever closes the journal waits for
   * that, or the last ones reach nobody.
   */
  told(end: number): Promise<void>;
}

/** `live$` tells each record on disk, ends when mining does, and fails when it cannot go on. */
export function transitionsOf(
  live$: Observable<JournalRecord>,
  { journal, mustBeOpen }: Pick<MinerLife, 'journal' | 'mustBeOpen'>,
): { readonly transitions$: Transitions; readonly followers: Followers } {
  const following = new Set<Follower>();
  const moved$ = new Subject<void>();
  const from = (seq: number): Observable<JournalRecord> =>
    new Stream<JournalRecord>((subscriber) => {
      // What is thrown here is the stream's error.
      mustBeOpen('transitions$.from');
      optionCheck('transitions$.from', 'MINER_OPTION')('seq', seq, 'a whole number of at least 0', isWhole(seq, 0));
      const controller = new AbortController();
      const tell = (record: JournalRecord): void => {
        subscriber.next(record);
        moved$.next();
      };
      const follower: Follower = { next: seq, tell, signal: controller.signal };
      const leave = (): void => {
        following.delete(follower);
        moved$.next();
      };
      following.add(follower);
      follow(follower, live$, journal)
        .then(
          () => subscriber.complete(),
          (error: unknown) => subscriber.error(error),
        )
        .finally(leave);
      return () => {
        controller.abort();
        leave();
      };
    });
  const isTold = (end: number): boolean => [...following].every(({ next }) => next >= end);
  return {
    transitions$: Object.assign(new Stream<JournalRecord>((subscriber) => live$.subscribe(subscriber)), { from }),
    followers: {
      async told(end) {
        while (!isTold(end)) await firstValueFrom(moved$);
      },
    },
  };
}

interface Follower {
  /** Seq of the record that it is told next. */
  next: number;
  readonly tell: (record: JournalRecord) => void;
  readonly signal: AbortSignal;
}

async function follow(follower: Follower, live$: Observable<JournalRecord>, journal: () => Journal | null): Promise<void> {
  const { signal } = follower;
  while (!signal.aborted) {
    // An opened journal shows by its first record; asked for before anything is read, so that none is missed.
    const more = firstValueFrom(live$.pipe(takeUntil(fromEvent(signal, 'abort'))), { defaultValue: null });
    more.catch(() => undefined);
    const now = journal();
    if (now !== null) await read(now, follower);
    if ((await more) === null) return;
  }
}

/** What a journal throws that ended meanwhile is no news. */
async function read(journal: Journal, follower: Follower): Promise<void> {
  try {
    for await (const { record } of subscribe(journal, follower.next, follower.signal)) {
      follower.next = record.seq + 1;
      follower.tell(record);
    }
  } catch (error) {
    if (!journal.ended()) throw error;
  }
}
