/**
 * Every interleaving of create, bind, claim and submit, with crashes and slow creates: no fault and no stall; and with
 * a piece of the order taken out, one or the other.
 */

import { expect, it } from 'vitest';
import { explore, PRODUCTION } from './fixtures/bind-model.ts';

const sizes = [
  { instances: 1, epochs: 2, crashes: 2 },
  { instances: 1, epochs: 3, crashes: 2 },
  { instances: 2, epochs: 2, crashes: 2 },
] as const;

it.for(sizes)('$instances instances, $epochs epochs, $crashes crashes: no fault, no stall', (size) => {
  const { states, faults, stalls, ends } = explore(size);
  console.log(`${size.instances} instances, ${size.epochs} epochs, ${size.crashes} crashes: ${states} states, ${ends} ends`);
  expect(faults).toEqual([]);
  expect(stalls).toEqual([]);
  expect(ends).toBeGreaterThan(0);
});

it('without the fence two instances make two blocks', () => {
  expect(explore({ instances: 2, epochs: 2, crashes: 0 }, { ...PRODUCTION, fence: false }).faults).not.toEqual([]);
});

it('without bind and a recorded template a crash makes two blocks', () => {
  expect(explore({ instances: 1, epochs: 2, crashes: 1 }, { ...PRODUCTION, bind: false, fence: false, template: false }).faults).not.toEqual([]);
});

it('with rows that do not count while they are on their way to the disk, one instance makes two blocks', () => {
  expect(explore({ instances: 1, epochs: 2, crashes: 0 }, { ...PRODUCTION, underway: false, fence: false }).faults).not.toEqual([]);
});

it('with a reservation before create, a slow one stalls the chain', () => {
  expect(explore({ instances: 1, epochs: 2, crashes: 0 }, { ...PRODUCTION, reserve: true }).stalls).not.toEqual([]);
});
