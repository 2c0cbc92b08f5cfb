/**
 * `clock-skew`: a miner's clock that is fast or slow, by the fault's rate as a share of the block delay, while the plan
 * lets faults strike.
 */

import { epochAt } from '../../chain/epoch.ts';
import type { Clock } from '../../ports/clock.ts';
import { seededRandom } from '../setting/seed.ts';
import type { FaultContext } from './plan.ts';

/**
 * The clock as this miner has it; the same where the fault is not planned. It goes right again with a jump, as after a
 * word of a time server.
 */
export function skewedClock(clock: Clock, { plan, network }: Omit<FaultContext, 'clock'>): Clock {
  const { seed, faults, from = 0, to = Number.POSITIVE_INFINITY } = plan;
  const fault = faults.find(({ name }) => name === 'clock-skew');
  if (fault === undefined) return clock;
  const skew = Math.round(fault.rate * network.blockDelaySecs * 1000) * (seededRandom(seed, 'fault', 'clock-skew').chance(0.5) ? 1 : -1);
  const skewNow = (): number => {
    const epoch = epochAt(network, BigInt(Math.floor(clock.now() / 1000)));
    return epoch >= from && epoch <= to ? skew : 0;
  };
  const now = (): number => clock.now() + skewNow();
  return {
    ...clock,
    now,
    async until(at, signal) {
      do await clock.until(at - skewNow(), signal);
      while (now() < at);
    },
  };
}
