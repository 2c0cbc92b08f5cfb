/** `transitions$`: every record once it is on disk; from a seq on it catches up first, then follows, across a journal that had to be opened again (docs/architecture.md 5, «Out»). */

import { firstValueFrom, fromEvent, type Observable, Observable as Stream, takeUntil } from 'rxjs';
import type { Journal } from '../journal/journal.ts';
import type { JournalRecord } from '../journal/record.ts';
import { subscribe } from '../journal/subscribe.ts';

/** Subscribed to, it begins with what comes next. */
export interface Transitions extends Observable<JournalRecord> {
  /** Begins with record `seq`: no gap and no repeat. A slow reader costs nothing; it reads from the journal at its own pace. */
  from(seq: number): Observable<JournalRecord>;
}

/** `live$` tells each record on disk, ends when mining does, and fails when it cannot go on; `journal` is the one that is open now, `null` while none is. */
export function transitionsOf(live$: Observable<JournalRecord>, journal: () => Journal | null): Transitions {
  return Object.assign(new Stream<JournalRecord>((subscriber) => live$.subscribe(subscriber)), {
    from: (seq: number) =>
      new Stream<JournalRecord>((subscriber) => {
        const controller = new AbortController();
        const tell = (record: JournalRecord): void => subscriber.next(record);
        follow(seq, live$, journal, tell, controller.signal).then(
          () => subscriber.complete(),
          (error: unknown) => subscriber.error(error),
        );
        return () => controller.abort();
      }),
  });
}

async function follow(
  seq: number,
  live$: Observable<JournalRecord>,
  journal: () => Journal | null,
  tell: (record: JournalRecord) => void,
  signal: AbortSignal,
) {
  for (let next = seq; !signal.aborted; ) {
    // An opened journal shows by its first record; asked for before anything is read, so that none is missed.
    const more = firstValueFrom(live$.pipe(takeUntil(fromEvent(signal, 'abort'))), { defaultValue: null });
    more.catch(() => undefined);
    const now = journal();
    if (now !== null) next = await read(now, next, tell, signal);
    if ((await more) === null) return;
  }
}

/** The seq after the last that was read; what a journal throws that ended meanwhile is no news. */
async function read(journal: Journal, from: number, tell: (record: JournalRecord) => void, signal: AbortSignal): Promise<number> {
  let next = from;
  try {
    for await (const { record } of subscribe(journal, from, signal)) {
      tell(record);
      next = record.seq + 1;
    }
  } catch (error) {
    if (!journal.ended()) throw error;
  }
  return next;
}
