/**
 * Calls of one name that were given up and have not ended, as of a connection that was dropped: they are said once, and
 * kept few; a port that answers again is found out soon.
 */

import type { MineOneError } from '../../errors/mineone-error.ts';
import { PortError } from '../../errors/port-error.ts';
import type { Clock } from '../../ports/clock.ts';

/** Whom a port's calls are counted for. */
export interface PortWatch {
  readonly clock: Pick<Clock, 'now'>;
  /** Hears `PORT_HANGS`. */
  readonly tell: (fault: MineOneError) => void;
}

/** A call that has begun. */
export interface WatchedCall {
  /** Its signal was aborted. */
  giveUp(): void;
  /** It has an answer, or failed. */
  end(): void;
}

export interface HangingCalls {
  /** Throws `PORT_HANGS`, to be asked again, while too many hang and one was let through a moment ago. */
  begin(): WatchedCall;
}

/** A port ends a call whose signal is aborted. Of one that does not, as many calls of a name may hang at a time. */
const HANGING_MAX = 16;
/**
 * So often one goes through all the same. When it ends, the port answers: what hung before is lost and counts no more.
 */
const PROBE_MS = 5000;
/** A call that was given up and has not ended by then is taken to be lost. */
export const LOST_MS = 30_000;

export function hangingCalls(place: string, { clock, tell }: PortWatch): HangingCalls {
  /** Since when, the oldest first. */
  const hanging = new Map<WatchedCall, number>();
  let probedAt = Number.NEGATIVE_INFINITY;
  let isSaid = false;
  /** What is said of a clock that was put back: it is long ago. */
  const isPast = (since: number, ms: number): boolean => Math.abs(clock.now() - since) >= ms;
  const first = (): number | undefined => hanging.values().next().value;

  function say(): void {
    const since = first();
    if (since === undefined) isSaid = false;
    else if (!isSaid && (hanging.size >= HANGING_MAX || isPast(since, LOST_MS))) {
      isSaid = true;
      tell(hangs(place, hanging.size, since));
    }
  }

  return {
    begin() {
      say();
      const isProbe = isPast(probedAt, PROBE_MS);
      if (isProbe) probedAt = clock.now();
      else if (hanging.size >= HANGING_MAX) throw hangs(place, hanging.size, first() as number);
      let isGivenUp = false;
      const call: WatchedCall = {
        giveUp() {
          isGivenUp = true;
          hanging.set(call, clock.now());
          say();
        },
        end() {
          if (isGivenUp) hanging.delete(call);
          else if (isProbe) hanging.clear();
          if (hanging.size === 0) isSaid = false;
        },
      };
      return call;
    },
  };
}

function hangs(place: string, count: number, since: number): PortError {
  const message =
    `${place}: ${count === 1 ? 'a call' : `${count} calls`} given up and not ended, since ${timeOf(since)}; it is asked again, seldom; ` +
    'a port ends a call when its signal is aborted: see to its connection, or start it again';
  return new PortError('PORT_HANGS', message, { retryable: true });
}

/** A clock may tell a time that no calendar has. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
