/** What every make of the clock port holds: src/ports/clock.ts in tests. */

import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';

export interface ClockRig {
  readonly clock: Clock;
  /** Lets that many milliseconds of its time pass. */
  pass(ms: number): Promise<void>;
}

const NEVER = new AbortController().signal;

export function clockContract(name: string, make: () => ClockRig): void {
  describe(`the ${name} clock`, () => {
    it('tells a time that goes on', async () => {
      const { clock, pass } = make();
      const before = clock.now();
      await pass(20);
      expect(clock.now()).toBeGreaterThanOrEqual(before + 20);
    });

    it('rings at the time and not before', async () => {
      const { clock, pass } = make();
      const at = clock.now() + 30;
      let rang = 0;
      void clock.until(at, NEVER).then(() => {
        rang = clock.now();
      });
      await pass(5);
      expect(rang).toBe(0);
      await pass(60);
      expect(rang).toBeGreaterThanOrEqual(at);
    });

    it('rings what is past, in the order it was asked for', async () => {
      const { clock, pass } = make();
      const order: number[] = [];
      for (const n of [1, 2, 3]) void clock.until(clock.now() - 1000, NEVER).then(() => order.push(n));
      await pass(1);
      expect(order).toEqual([1, 2, 3]);
    });

    it('rings alarms in the order of their times', async () => {
      const { clock, pass } = make();
      const now = clock.now();
      const order: number[] = [];
      for (const ms of [45, 5, 25]) void clock.until(now + ms, NEVER).then(() => order.push(ms));
      await pass(90);
      expect(order).toEqual([5, 25, 45]);
    });

    it("rejects with the signal's reason, before and while it waits, and rings no more", async () => {
      const { clock, pass } = make();
      const why = new Error('why');
      await expect(clock.until(clock.now() + 10, AbortSignal.abort(why))).rejects.toBe(why);
      const controller = new AbortController();
      const waiting = clock.until(clock.now() + 10, controller.signal);
      controller.abort(why);
      await expect(waiting).rejects.toBe(why);
      await pass(30);
    });
  });
}
