/**
 * The runtime with the real machines: a won epoch, poison, fences, upgrades, stop, and what a changed node makes of a
 * late block.
 */

import { describe, expect, it } from 'vitest';
import { blockCid } from '../../src/chain/block-header.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { replay } from '../../src/replay/replay.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Machine } from '../../src/statechart/machine.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, CONFIG, MINER, smallChain } from './fixtures/small-chain.ts';
import { tellingStore } from './fixtures/telling-store.ts';

const EPOCH = 1;
const CONFIG_VALUE = CONFIG as unknown as Value;

async function rig(parts: Partial<Parameters<typeof rigOf>[0]> = {}) {
  const chain = smallChain(bls);
  const store = memoryStore();
  const made = rigOf({ open: async () => store, node: chain.node, now: beginOf(0), ...parts });
  const records: JournalRecord[] = [];
  made.runtime.records$.subscribe((record) => records.push(record));
  await made.runtime.start();
  return { ...made, chain, store, records };
}

/** The epoch machine, its step on a result of `id` replaced. */
function epochWith(id: string, step: (machine: Machine, ...args: Parameters<Machine['step']>) => ReturnType<Machine['step']>): ReadonlyMap<string, Machine> {
  const wrap = (machine: Machine): Machine => ({
    ...machine,
    children: new Map([...machine.children].map(([name, child]) => [name, wrap(child)])),
    step: (state, event) => (event.id === id ? step(machine, state, event) : machine.step(state, event)),
  });
  return new Map([...MACHINES, ['epoch', wrap(MACHINES.get('epoch') as Machine)]]);
}

const throwing = (id: string) =>
  epochWith(id, () => {
    throw new Error('a bug');
  });

const outcomes = (records: readonly JournalRecord[]) =>
  Object.fromEntries(
    records
      .filter(({ outcome }) => outcome !== null)
      .map(({ stream, outcome }) => [stream, (outcome as { outcome?: string }).outcome ?? (outcome as { fate?: string }).fate]),
  );

describe('a won epoch', () => {
  it('is mined, its fate followed, and replays', async () => {
    const { runtime, clock, chain, records } = await rig();
    await startEpoch(runtime, EPOCH);
    // The chain has gone on by the time that it is final.
    await runUntilIdle(runtime, clock, beginOf(EPOCH + 898));
    await startEpoch(runtime, EPOCH + 899);
    await runUntilIdle(runtime, clock, beginOf(EPOCH + 900));
    expect(outcomes(records)).toEqual({ 'f01000/1': 'mined', 'f01000/1/fate': 'included', 'f01000/900': 'mined' });
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 900]);
    const journal = runtime.journal();
    expect((await replay(journal.records(), MACHINES, journal.shared)).divergence).toBeNull();
    expect(clock.now()).toBe(beginOf(EPOCH + 900));
  });

  it('is begun once, however often it is asked for', async () => {
    const { runtime, clock, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    expect(await startEpoch(runtime, EPOCH)).toBeNull();
    await runUntilIdle(runtime, clock);
    expect(await startEpoch(runtime, EPOCH)).toBeNull();
    await runUntilIdle(runtime, clock);
    expect(chain.created).toHaveLength(1);
    expect(runtime.dropped()).toBe(2);
  });

  it('takes an effect result that no record can hold for a failure of the effect', async () => {
    const { runtime, clock, records } = await rig({
      around: (perform) => (name, input, context) => (name === 'getHead' ? Promise.resolve(new Date() as never) : perform(name, input, context)),
    });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock);
    expect(records.at(-1)?.outcome).toMatchObject({ outcome: 'failed', stage: 'base', failure: { code: 'EFFECT_RESULT' } });
  });

  it('drops a result that comes late or twice, and counts it', async () => {
    const { runtime, clock, records } = await rig();
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    const result = records.find(({ input }) => input.type === 'result') as JournalRecord;
    expect(await runtime.send(result.stream, result.input)).toBeNull();
    expect(runtime.dropped()).toBe(1);
  });
});

describe('poison', () => {
  it('fences its miner across restarts and nobody else', async () => {
    const { runtime, clock, store, chain, records, faults } = await rig({ machines: throwing('getMiningBaseInfo') });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    expect(records.find(({ outcome }) => outcome !== null)?.outcome).toEqual({ outcome: 'abandoned', why: 'poisoned' });
    expect(faults.map(({ code }) => code)).toEqual(['MINER_POISONED']);
    expect(await startEpoch(runtime, EPOCH + 1)).toBeNull();
    await runtime.stop();
    const again = rigOf({ open: async () => store, node: chain.node, now: beginOf(1) });
    await again.runtime.start();
    expect(again.runtime.miners().get(MINER)?.fenced).toContain('a bug');
    expect(await startEpoch(again.runtime, 2)).toBeNull();
    expect(await startEpoch(again.runtime, 2, 'f01001')).not.toBeNull();
    await again.runtime.command(MINER, 'start');
    expect(await startEpoch(again.runtime, 3)).not.toBeNull();
  });

  it('after bind does not keep the block back', async () => {
    const { runtime, clock, chain, records } = await rig({ machines: throwing('epochBegins') });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    expect(outcomes(records)).toEqual({ 'f01000/1': 'abandoned', 'f01000/1/rescue': 'mined' });
    expect(chain.submitted).toHaveLength(1);
    expect(runtime.miners().get(MINER)?.fenced).toContain('a bug');
  });

  it('in the turn that binds leaves no row behind', async () => {
    const { runtime, clock, chain } = await rig({ machines: throwing('bind') });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    expect(runtime.journal().slash.atEpoch(1000n, EPOCH)).toBeUndefined();
    expect(chain.submitted).toHaveLength(0);
  });

  it('is what an actor gets that waits for nothing', async () => {
    const stuck = epochWith('baseDue', (machine, state, event) => ({ ...machine.step(state, event), requests: [], invoking: new Set() }));
    const { runtime, clock, records } = await rig({ machines: stuck });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    expect(records.find(({ input }) => input.type === 'poison')?.input).toMatchObject({ message: expect.stringContaining('waits for nothing') });
  });
});

describe('other code at the start', () => {
  const changed = epochWith('claim', (machine, state, event) => {
    const stepped = machine.step(state, event);
    return { ...stepped, state: { ...stepped.state, context: { ...(stepped.state.context as object), more: 1 } as Value } };
  });

  it('that steps the same goes on with the epoch', async () => {
    const { runtime, clock, store, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) - 1);
    const again = rigOf({ open: async () => store, node: chain.node, now: clock.now(), codeHash: 2 });
    await again.runtime.start();
    await runUntilIdle(again.runtime, again.clock, overAt(EPOCH));
    expect(chain.submitted).toHaveLength(1);
    expect(again.faults).toEqual([]);
  });

  it('that steps otherwise gives the epoch up, and sends what is bound', async () => {
    const { runtime, clock, store, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) - 1);
    const again = rigOf({ open: async () => store, node: chain.node, now: clock.now(), codeHash: 2, machines: changed });
    const records: JournalRecord[] = [];
    again.runtime.records$.subscribe((record) => records.push(record));
    await again.runtime.start();
    await runUntilIdle(again.runtime, again.clock, overAt(EPOCH));
    expect(again.faults.map(({ code }) => code)).toEqual(['EPOCH_UPGRADED']);
    expect(outcomes(records)).toEqual({ 'f01000/1': 'abandoned', 'f01000/1/rescue': 'mined' });
    expect(chain.submitted.map(({ header }) => blockCid(header).toString())).toEqual(chain.created.map(({ header }) => blockCid(header).toString()));
  });

  it('with the same hash that steps otherwise is poison', async () => {
    const { runtime, clock, store, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) - 1);
    const again = rigOf({ open: async () => store, node: chain.node, now: clock.now(), machines: changed });
    await again.runtime.start();
    expect(again.faults.map(({ code }) => code)).toEqual(['MINER_POISONED']);
  });
});

describe('commands', () => {
  it('start epochs of running miners alone, and end what has bound nothing when one is stopped', async () => {
    const { runtime, records } = await rig();
    for (const miner of ['f01000', 'f01001', 'f01002']) await runtime.command(miner, 'add');
    await runtime.command('f01002', 'stop');
    runtime.epochStarted(1, CONFIG_VALUE);
    await runtime.settled();
    expect([...runtime.live().keys()]).toEqual(['f01000/1', 'f01001/1']);
    await runtime.command('f01001', 'stop');
    expect([...runtime.live().keys()]).toEqual(['f01000/1']);
    expect(records.at(-1)?.outcome).toEqual({ outcome: 'stopped' });
    expect(runtime.effects().map(({ stream }) => stream)).toEqual(['f01000/1']);
    await expect(runtime.command('f01009', 'start')).rejects.toMatchObject({ code: 'MINER_UNKNOWN' });
  });
});

describe('stop', () => {
  it('waits for what is bound to go out, and for nothing else', async () => {
    const { runtime, clock, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    await startEpoch(runtime, EPOCH + 1);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) - 1);
    const stopping = runtime.stop();
    await runUntilIdle(runtime, clock, overAt(EPOCH));
    expect(chain.submitted).toHaveLength(1);
    await stopping;
    expect(runtime.effects()).toEqual([]);
    expect(clock.now()).toBe(beginOf(EPOCH));
  });

  it('waits for no disk: it is tried once more, and again, without a pause', async () => {
    const said: number[] = [];
    let isFull = false;
    const disk = tellingStore(
      () => undefined,
      (n) => (isFull && said.push(n) <= 4 ? 'ENOSPC' : null),
    );
    const { runtime, clock } = await rig({ open: disk.open });
    isFull = true;
    const adding = runtime.command(MINER, 'add');
    await expect(adding).rejects.toMatchObject({ code: 'JOURNAL_UNKNOWN' });
    await runtime.settled();
    expect(said).toHaveLength(2);
    let isOver = false;
    void runtime.stop().then(() => {
      isOver = true;
    });
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    expect([isOver, said.length]).toEqual([true, 5]);
    expect([clock.now(), clock.nextAlarm()]).toEqual([beginOf(0), null]);
  });

  it('leaves a block that the node refuses until it is late to the next start, which sends it again', async () => {
    const { runtime, clock, store, chain } = await rig({
      around: (perform) => (name, input, context) => (name === 'submitBlock' ? Promise.reject(new Error('not this one')) : perform(name, input, context)),
    });
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) + 1);
    let isOver = false;
    const stopping = runtime.stop().then(() => {
      isOver = true;
    });
    await runUntilIdle(runtime, clock, beginOf(EPOCH + 1));
    expect(isOver).toBe(false);
    await runUntilIdle(runtime, clock, beginOf(EPOCH + 3));
    await stopping;
    expect(runtime.effects()).toEqual([]);
    const again = rigOf({ open: async () => store, node: chain.node, now: clock.now() });
    const records: JournalRecord[] = [];
    again.runtime.records$.subscribe((record) => records.push(record));
    await again.runtime.start();
    await runUntilIdle(again.runtime, again.clock, overAt(EPOCH + 4));
    expect(outcomes(records)['f01000/1']).toBe('mined');
    expect(chain.submitted).toHaveLength(1);
  });
});

describe('a late block', () => {
  async function lateRun(other: boolean) {
    const { runtime, clock, store, chain } = await rig();
    await startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, beginOf(EPOCH) - 1);
    const bound = chain.created[0];
    if (bound === undefined) throw new Error('nothing was created');
    if (other) await chain.node.submitBlock({ ...bound, header: { ...bound.header, timestamp: bound.header.timestamp + 1n } }, AbortSignal.timeout(1000));
    const again = rigOf({ open: async () => store, node: chain.node, now: beginOf(EPOCH + 3) });
    const records: JournalRecord[] = [];
    again.runtime.records$.subscribe((record) => records.push(record));
    await again.runtime.start();
    await runUntilIdle(again.runtime, again.clock, overAt(EPOCH + 3));
    return outcomes(records)['f01000/1'];
  }

  it('goes out while the chain still stands on its base', async () => expect(await lateRun(false)).toBe('mined'));
  it('stays when the chain went on', async () => expect(await lateRun(true)).toBe('late'));
});

it('refuses to submit what is not bound', async () => {
  const { runtime, clock, chain, records } = await rig({
    around: (perform) => (name, input, context) => perform(name, input, name === 'submitBlock' ? { ...context, boundCid: () => undefined } : context),
  });
  await startEpoch(runtime, EPOCH);
  await runUntilIdle(runtime, clock, overAt(EPOCH)).catch(() => undefined);
  expect(chain.submitted).toHaveLength(0);
  expect(JSON.stringify(records.at(-1)?.outcome)).toMatch(/rejected|SUBMIT_NOT_BOUND/);
});
