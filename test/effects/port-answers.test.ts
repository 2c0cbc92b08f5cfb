/** What a port may do besides answering: reject with anything, hang whatever is done, tell a time that is none. */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { checkedClock } from '../../src/effects/answers/checked-clock.ts';
import { nothing } from '../../src/effects/answers/form.ts';
import { portCalls } from '../../src/effects/answers/port-calls.ts';
import { MineOneError, MissingBlockError } from '../../src/errors/mineone-error.ts';
import { asPortError, PortError } from '../../src/errors/port-error.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { failureOf } from '../../src/runtime/failure.ts';

describe('a rejection', () => {
  const hostile = {
    get code() {
      throw new Error('no code');
    },
    toString() {
      throw new Error('no words');
    },
  };
  it.for([undefined, null, 'no', 7, {}, { code: 404, message: {}, retryable: 'yes' }, hostile, Object.create(null)])(
    '%# is a failure, whatever it is',
    (error) => {
      expect(failureOf(error, 5)).toEqual({ code: 'INTERNAL', message: expect.any(String), retryable: false, at: 5 });
    },
  );

  it('keeps its code and its words, as many as a record bears', () => {
    const error = Object.assign(new Error('x'.repeat(10_000)), { code: 'NODE_AWAY', retryable: true });
    expect(failureOf(error, 5)).toEqual({ code: 'NODE_AWAY', message: 'x'.repeat(4096), retryable: true, at: 5 });
  });

  it('is a PortError of ours, which has no more to say', () => {
    const error = new PortError('NODE_AWAY', 'no answer', { retryable: true, cause: new Error('ECONNREFUSED') });
    expect(error).toMatchObject({ name: 'PortError', cause: { message: 'ECONNREFUSED' } });
    expect(error).toBeInstanceOf(MineOneError);
    expect(failureOf(error, 5)).toEqual({ code: 'NODE_AWAY', message: 'no answer', retryable: true, at: 5 });
  });
});

describe("what a port's own code threw", () => {
  it('is a PortError under the same code, and final', () => {
    const cause = new MissingBlockError('bafy', 'block');
    expect(asPortError(cause)).toMatchObject({ name: 'PortError', code: 'BLOCK_MISSING', message: cause.message, retryable: false, cause });
  });

  it('stays as it is where it is one already, or has no code', () => {
    for (const error of [new PortError('NODE_AWAY', 'no', { retryable: true }), new TypeError('no'), 'no', undefined]) expect(asPortError(error)).toBe(error);
  });
});

describe('calls that were given up', () => {
  it('and do not end are sixteen of a name at the most; when one ends there is room again', async () => {
    const { ask } = portCalls('node', { clock: virtualClock(0), tell: () => undefined });
    const ends: (() => void)[] = [];
    const hang = (): Promise<void> => {
      const given = new AbortController();
      const asked = ask('head', given.signal, nothing, () => new Promise<void>((resolve) => ends.push(resolve)));
      given.abort();
      return asked;
    };
    const hanging = Array.from({ length: 16 }, hang);
    await expect(hang()).rejects.toMatchObject({ code: 'PORT_HANGS', retryable: true });
    await ask('tipsetAt', new AbortController().signal, nothing, async () => undefined);
    ends[0]?.();
    await hanging[0];
    expect(ends).toHaveLength(16);
    hang().catch(() => undefined);
    expect(ends).toHaveLength(17);
  });

  it('are not those that are only slow', async () => {
    const { ask } = portCalls('node', { clock: virtualClock(0), tell: () => undefined });
    const slow = Array.from({ length: 100 }, () => ask('head', new AbortController().signal, nothing, () => new Promise((resolve) => setImmediate(resolve))));
    await expect(Promise.all(slow)).resolves.toHaveLength(100);
  });
});

describe('a clock', () => {
  const signal = new AbortController().signal;
  const reading = (readings: readonly unknown[]): Clock => {
    let i = 0;
    return { now: () => readings[Math.min(i++, readings.length - 1)] as number, until: async () => undefined };
  };

  it('that tells no time once tells the last one', () => {
    const clock = checkedClock(reading([1000, Number.NaN, 'noon', -1, undefined, 1001]));
    expect(Array.from({ length: 6 }, () => clock.now())).toEqual([1000, 1000, 1000, 1000, 1000, 1001]);
    expect(() => checkedClock(reading([Number.NaN])).now()).toThrow(expect.objectContaining({ code: 'PORT_ANSWER' }));
  });

  it('whose alarm fails is asked again, with nothing said of it', async () => {
    let failures = 0;
    const clock = checkedClock({ now: () => 3, until: () => (failures++ === 0 ? Promise.reject(undefined) : Promise.resolve()) });
    await expect(clock.until(4, signal)).rejects.toMatchObject({ code: 'CLOCK_EARLY' });
    await expect(clock.until(3, signal)).resolves.toBeUndefined();
    await expect(clock.until(3, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('whose alarm rings too early is asked again, and not for ever', async () => {
    await expect(checkedClock(reading([1, 2, 3])).until(3, signal)).resolves.toBeUndefined();
    await expect(checkedClock(reading([1])).until(3, signal)).rejects.toMatchObject({ code: 'CLOCK_EARLY' });
  });
});
