/**
 * Says what of a network's upgrades this version does not know, and in time that mining ends: at the height of one that
 * is not known nothing is begun any more.
 */

import { concat, EMPTY, filter, map, type Observable, of } from 'rxjs';
import { epochTimestamp } from '../chain/epoch.ts';
import { fieldsWarning, type Horizon, horizonOf, NEWEST_SAID } from '../consensus/network/horizon.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Clock } from '../ports/clock.ts';
import { clock$, type EpochStarted } from './clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/**
 * `UPGRADE_FIELD_UNKNOWN`: once, at the start: a field of the schedule that gives no height holds nothing back. Then
 * {@link endNotices}.
 */
export function horizonNotices(network: NetworkParams, clock: Clock): Observable<MineOneError> {
  const fields = fieldsWarning(network);
  return concat(fields === null ? EMPTY : of(fields), endNotices(network, clock));
}

/**
 * `UPGRADE_UNKNOWN`: at once, each day of the last week, each hour of the last day, when it ends, and each day from
 * then on. Never completes where there is anything to say.
 */
function endNotices(network: NetworkParams, clock: Clock): Observable<MineOneError> {
  const horizon = horizonOf(network);
  if (horizon === null) return EMPTY;
  const end = Number(epochTimestamp(network, horizon.height)) * 1000;
  let told = Number.NEGATIVE_INFINITY;
  const isDue = ({ at }: EpochStarted): boolean => {
    if (at - told < intervalAt(end - at) && !(told < end && at >= end)) return false;
    told = at;
    return true;
  };
  return clock$(network, clock).pipe(
    filter(isDue),
    map(({ at }) => noticeOf(network, horizon, end - at)),
  );
}

/** Milliseconds between two notices, so many before the end. */
function intervalAt(left: number): number {
  if (left > WEEK) return Number.POSITIVE_INFINITY;
  return left > DAY || left <= 0 ? DAY : HOUR;
}

function noticeOf(network: NetworkParams, { height, what }: Horizon, left: number): MineOneError {
  const when = left > 0 ? `no epoch from ${height} on is begun, in ${timeText(left)}` : `nothing is mined any more, since epoch ${Math.max(0, height)}`;
  const known = `${what} of network ${network.name} is not known to this version (${NEWEST_SAID})`;
  return new MineOneError('UPGRADE_UNKNOWN', `${known}: ${when}; install a version that knows it`);
}

/** `3 days`, `5 hours`, `12 minutes`: rounded down, so that nobody is late. */
function timeText(ms: number): string {
  const [count, unit] = ms >= DAY ? [ms / DAY, 'day'] : ms >= HOUR ? [ms / HOUR, 'hour'] : [ms / 60_000, 'minute'];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
