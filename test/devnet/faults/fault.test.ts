/** Faults by their names: what the command line takes, and when they strike. */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/adapters/virtual-clock.ts';
import { DEFAULT_RATE, FAULT_NAMES, FAULTS, needsRival, parseFault } from '../../../src/devnet/faults/fault.ts';
import { countingTries, epochAhead, strike } from '../../../src/devnet/faults/plan.ts';

const EPOCHS = Array.from({ length: 400 }, (_, epoch) => epoch);

describe('the name of a fault', () => {
  it('takes all sixteen, each with a sentence for the help', () => {
    expect(FAULT_NAMES).toHaveLength(16);
    for (const name of FAULT_NAMES) {
      expect(parseFault(name)).toEqual({ name, rate: DEFAULT_RATE });
      expect(parseFault(`${name}:0.5`)).toEqual({ name, rate: 0.5 });
      expect(FAULTS[name].length).toBeGreaterThan(15);
    }
    expect(FAULT_NAMES.filter((name) => needsRival({ name, rate: 1 }))).toEqual(['reorg', 'equivocation', 'null-rounds']);
  });

  it.for(['', 'slow', 'Reorg', 'toString', '__proto__'])('%j is none, and the error lists those there are', (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'FAULT_UNKNOWN', message: expect.stringContaining(FAULT_NAMES.join(', ')) }));
  });

  it.for(['reorg:', 'reorg:0', 'reorg:1.1', 'reorg:-1', 'reorg:x', 'reorg:1:1', 'reorg:1e-3', 'reorg:.'])('%j has no rate', (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'FAULT_RATE' }));
  });

  it.for(['reorg:1', 'reorg:1.0', 'reorg:.5'])('%j has one', (text) => {
    expect(parseFault(text).rate).toBeGreaterThan(0);
  });
});

describe('a plan', () => {
  const plan = { seed: '1', faults: [parseFault('slow-prove:0.3'), parseFault('reorg:1')], from: 10, to: 309 };
  const struck = (name: 'slow-prove' | 'reorg' | 'slow-head', whom?: string, given = plan) =>
    EPOCHS.filter((epoch) => strike(given, name, epoch, whom) !== null);

  it('strikes as often as its rate says, within its window, and only with what is planned', () => {
    expect(struck('reorg')).toEqual(EPOCHS.slice(10, 310));
    expect(struck('slow-head')).toEqual([]);
    const count = struck('slow-prove', 'f01000').length;
    expect(Math.abs(count - 90)).toBeLessThan(25);
  });

  it('is the same whoever asks and how often, and another for another miner or seed', () => {
    const first = struck('slow-prove', 'f01000');
    expect(struck('slow-prove', 'f01000')).toEqual(first);
    expect(struck('slow-prove', 'f01001')).not.toEqual(first);
    expect(struck('slow-prove', 'f01000', { ...plan, seed: '2' })).not.toEqual(first);
    const details = () => strike(plan, 'reorg', 20)?.next();
    expect(details()).toBe(details());
  });

  it('knows the epoch that is worked on, and counts tries by epoch', () => {
    const network = { genesisTimestamp: 1_000n, blockDelaySecs: 30, propagationDelaySecs: 10 };
    const at = (ms: number) => epochAhead({ plan, network, clock: virtualClock(ms) });
    expect([at(1_000_000), at(1_029_999), at(1_030_000)]).toEqual([1, 1, 2]);
    const tries = countingTries();
    expect([tries(1, 'a'), tries(1, 'a'), tries(1, 'b'), tries(2, 'a'), tries(1, 'a'), tries(40, 'a'), tries(1, 'a')]).toEqual([1, 2, 1, 1, 3, 1, 1]);
  });
});
