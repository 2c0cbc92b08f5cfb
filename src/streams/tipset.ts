/**
 * `tipset$`: the heads of the node, each once (docs/architecture.md 5). Asked for again and again, or when a notice
 * says so; after a gap the first answer is the head itself.
 */

import { distinctUntilChanged, EMPTY, from, merge, type Observable, Observable as Stream, switchMap } from 'rxjs';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { type Tipset, tipsetKeyBytes } from '../chain/tipset.ts';
import { pause } from '../pause.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';

export interface TipsetOptions {
  /** Milliseconds between two questions. */
  readonly everyMs: number;
  /**
   * A node's own notices that its head changed: each makes the head be read at once, so a lost one costs no more than
   * `everyMs`.
   */
  readonly notices?: Observable<unknown> | undefined;
  /** Told of every question that failed; the next one is asked all the same. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Never fails and never completes: a node that is away is a gap. */
export function tipset$(node: Pick<Node, 'head'>, clock: Clock, { everyMs, notices = EMPTY, onFailure }: TipsetOptions): Observable<Tipset> {
  const ask = async (signal: AbortSignal): Promise<readonly Tipset[]> => {
    try {
      return [await node.head(signal)];
    } catch (error) {
      if (!signal.aborted) onFailure?.(error);
      return [];
    }
  };
  return merge(every(clock, everyMs), notices).pipe(
    switchMap(() => aborting(ask)),
    switchMap((found) => from(found)),
    distinctUntilChanged((a, b) => equalBytes(tipsetKeyBytes(a.key), tipsetKeyBytes(b.key))),
  );
}

/** Now, and after each pause. */
function every(clock: Clock, ms: number): Observable<null> {
  return new Stream((subscriber) => {
    const controller = new AbortController();
    async function beat(): Promise<void> {
      while (!subscriber.closed) {
        subscriber.next(null);
        await pause(clock, ms, controller.signal);
      }
    }
    beat().catch((error: unknown) => {
      if (!controller.signal.aborted) subscriber.error(error);
    });
    return () => controller.abort();
  });
}

/** A promise that is told when nobody waits for it any more. */
function aborting<T>(ask: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Stream((subscriber) => {
    const controller = new AbortController();
    let isOver = false;
    ask(controller.signal).then(
      (value) => {
        isOver = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        isOver = true;
        subscriber.error(error);
      },
    );
    return () => {
      if (!isOver) controller.abort();
    };
  });
}

/** A node's notices that its head may be another one; none of a node that gives none. */
export function noticesOf({ onHead }: Pick<Node, 'onHead'>): Observable<unknown> {
  return onHead === undefined ? EMPTY : new Stream((subscriber) => onHead(() => subscriber.next(null)));
}
