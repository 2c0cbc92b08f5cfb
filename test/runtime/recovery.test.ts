/**
 * What a start takes up again, in which order, and what it leaves alone; a journal that is opened again within a run
 * (docs/architecture.md 3, «Effects and recovery»).
 */

import { describe, expect, it } from 'vitest';
import { MineOneError } from '../../src/errors/mineone-error.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Perform } from '../../src/runtime/options.ts';
import type { Machine } from '../../src/statechart/machine.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './fixtures/small-chain.ts';
import { type Failing, tellingStore } from './fixtures/telling-store.ts';

/** Writes each effect down that is begun. */
const noting =
  (begun: string[]) =>
  (perform: Perform): Perform =>
  (name, input, context) => {
    begun.push(`${context.stream} ${name}`);
    return perform(name, input, context);
  };

/** Epochs 3, 1 and 2 begun, in that order, and let alone until `until`. */
async function leftAt(until: number, around: (perform: Perform) => Perform = (perform) => perform) {
  const [chain, store] = [smallChain(bls), memoryStore()];
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0), around });
  await runtime.start();
  for (const epoch of [3, 1, 2]) await startEpoch(runtime, epoch);
  await runUntilIdle(runtime, clock, until);
  return { chain, store, now: clock.now() };
}

describe('a start', () => {
  it('sets alarms anew in the order in which they are due, whichever epoch began first', async () => {
    const { chain, store, now } = await leftAt(beginOf(0));
    const begun: string[] = [];
    const { runtime } = rigOf({ open: async () => store, node: chain.node, now, around: noting(begun) });
    await runtime.start();
    await Promise.resolve();
    expect(begun).toEqual([1, 2, 3].map((epoch) => `${MINER}/${epoch} alarm`));
  });

  it('asks before it sets alarms, in the order of the records that asked', async () => {
    const never: (perform: Perform) => Perform = (perform) => (name, input, context) =>
      name === 'getHead'
        ? new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)))
        : perform(name, input, context);
    const [chain, store] = [smallChain(bls), memoryStore()];
    const first = rigOf({ open: async () => store, node: chain.node, now: beginOf(0), around: never });
    await first.runtime.start();
    await startEpoch(first.runtime, 3);
    await startEpoch(first.runtime, 1, 'f01001');
    await startEpoch(first.runtime, 1);
    // Both at once: a call that never ends holds up what comes after it, on a virtual clock.
    while ((first.clock.nextAlarm() ?? beginOf(1)) < beginOf(1)) first.clock.ring();
    for (let i = 0; i < 40; i++) await new Promise(setImmediate);
    const begun: string[] = [];
    const { runtime } = rigOf({ open: async () => store, node: chain.node, now: first.clock.now(), around: noting(begun) });
    await runtime.start();
    await Promise.resolve();
    const asks = begun.filter((effect) => !effect.endsWith('alarm'));
    expect(asks).toEqual(['f01001/1 getHead', `${MINER}/1 getHead`]);
    expect(begun.slice(0, asks.length)).toEqual(asks);
    // Of those that are due at one time the one comes first that was asked for first.
    const alarms = begun.slice(asks.length);
    expect(alarms.slice(0, 2)).toEqual(['f01001/1 alarm', `${MINER}/1 alarm`]);
    expect(alarms.at(-1)).toBe(`${MINER}/3 alarm`);
  });

  it('begins nothing of a stream that it has just ended', async () => {
    const { chain, store, now } = await leftAt(beginOf(1) - 1);
    const changed = (machine: Machine): Machine => ({
      ...machine,
      children: new Map([...machine.children].map(([name, child]) => [name, changed(child)])),
      step: (state, event) => {
        const stepped = machine.step(state, event);
        return event.id === 'claim'
          ? { ...stepped, state: { ...stepped.state, context: { ...(stepped.state.context as object), more: 1 } as Value } }
          : stepped;
      },
    });
    const machines = new Map([...MACHINES, ['epoch', changed(MACHINES.get('epoch') as Machine)]]);
    const begun: string[] = [];
    const { runtime, faults } = rigOf({ open: async () => store, node: chain.node, now, machines, around: noting(begun) });
    await runtime.start();
    await Promise.resolve();
    // Epoch 1 diverges, and so its miner is halted, which ends epochs 2 and 3 as well: they have bound nothing.
    expect(faults.map(({ code }) => code)).toEqual(['MINER_POISONED']);
    expect([...runtime.live().keys()]).toEqual([`${MINER}/1/rescue`]);
    expect(begun.filter((effect) => !effect.startsWith(`${MINER}/1/rescue`))).toEqual([]);
    expect(runtime.effects().map(({ stream }) => stream)).toEqual([`${MINER}/1/rescue`]);
  });
});

describe('a journal opened again within a run', () => {
  /** Live records of an epoch mined while the disk says no. */
  async function run(fails: (n: number) => Failing | null) {
    const chain = smallChain(bls);
    const store = tellingStore(() => undefined, fails);
    const { runtime, clock, faults } = rigOf({ open: store.open, node: chain.node, now: beginOf(0) });
    const seqs: number[] = [];
    runtime.records$.subscribe(({ seq }: JournalRecord) => seqs.push(seq));
    await runtime.start();
    await startEpoch(runtime, 1);
    await startEpoch(runtime, 2);
    await runUntilIdle(runtime, clock, overAt(2));
    return { seqs, end: runtime.journal().next(), faults };
  }

  it.each<[how: string, fails: (n: number) => Failing | null]>([
    ['one that is not on disk', (n) => (n === 9 ? 'EIO' : null)],
    ['one that is there all the same', (n) => (n === 9 ? 'written' : null)],
    ['one, and the first of those that follow', (n) => (n === 9 || n === 10 ? 'EIO' : null)],
    ['several, one after another', (n) => (n === 9 || n === 11 || n === 14 ? 'written' : null)],
  ])('after a batch that failed (%s) tells each record once', async (_, fails) => {
    const { seqs, end, faults } = await run(fails);
    expect(faults.length).toBeGreaterThan(0);
    expect(seqs).toEqual(Array.from({ length: end }, (_seq, i) => i));
  });

  it('is not opened again and again where that mends nothing', async () => {
    const chain = smallChain(bls);
    const disk = memoryStore();
    let [opened, isBroken] = [0, false];
    const open = async (): Promise<Store> => {
      opened++;
      if (isBroken) throw new MineOneError('JOURNAL_CORRUPT', 'the disk lost it');
      return { ...disk, write: (ops) => (isBroken ? Promise.reject(new Error('EIO')) : disk.write(ops)) };
    };
    const { runtime, clock } = rigOf({ open, node: chain.node, now: beginOf(0) });
    const errors: unknown[] = [];
    runtime.records$.subscribe({ error: (error) => errors.push(error) });
    await runtime.start();
    await startEpoch(runtime, 1);
    isBroken = true;
    await expect(runUntilIdle(runtime, clock, overAt(1))).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
      message: expect.stringContaining('the disk lost it'),
    });
    expect([opened, errors.length]).toEqual([2, 1]);
  });
});
