/**
 * What counts as bound and not yet out: what a stop waits for, what a word about a miner ends, what a fence's refusal
 * makes void (docs/architecture.md 3, «The order around a block»).
 */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import type { BindInput } from '../../src/mining/effects.ts';
import { deadlinesOf } from '../../src/mining/round.ts';
import { emptyWorld, type FoldedState, foldRecord, freshStream, isHolding, type LiveStream, type Start } from '../../src/runtime/folded-state.ts';
import { heldAreOut } from '../../src/runtime/held.ts';
import { endUnbound, isRefusedUnsent } from '../../src/runtime/rescue.ts';
import { waitersOn } from '../../src/runtime/waiters.ts';
import { beginOf, CONFIG, MINER } from './fixtures/small-chain.ts';

const asked = (epoch: number) => ({ miner: MINER, epoch, cid: Uint8Array.of(epoch) }) as unknown as BindInput;
const startOf = (epoch: number): Start => ({ type: 'start', machine: 'epoch', input: { miner: MINER, epoch, config: CONFIG as unknown as Value } });
const live = (epoch: number, change: Partial<LiveStream> = {}): LiveStream => ({ ...freshStream(startOf(epoch)), ...change });
const bound = (epoch: number, change: Partial<LiveStream> = {}): LiveStream => live(epoch, { bound: asked(epoch), ...change });
const worldOf = (streams: Readonly<Record<string, LiveStream>>): FoldedState => ({ ...emptyWorld(), streams: new Map(Object.entries(streams)) });

/** A record of epoch 1 that asked for a bind, and what it was told. */
function folded(verdict: Value, outcome: Value = null): LiveStream | undefined {
  const world = worldOf({ [`${MINER}/1`]: live(1) });
  const step = { actor: 'create', from: 'confirming', to: 'binding', digest: new Uint8Array(8) };
  const record: JournalRecord = {
    v: 1,
    seq: 9,
    prev: new Uint8Array(32),
    back: null,
    at: 0,
    stream: `${MINER}/1`,
    input: { type: 'result', actor: 'create', id: 'getHead', key: [8, 0], ok: true, value: null },
    steps: [{ ...step, effects: [{ n: 0, name: 'bind', input: asked(1) as unknown as Value }] }],
    binds: [{ n: 0, verdict }],
    outcome,
  };
  foldRecord(world, record, new Map());
  return world.streams.get(`${MINER}/1`);
}

describe('what a step bound', () => {
  it('is held from then on', () => {
    const stream = folded({ verdict: 'bound' });
    expect(stream?.bound).toEqual(asked(1));
    expect(isHolding(stream as LiveStream)).toBe(true);
  });

  it('is nothing where the slash filter refused it: no stop waits for it, and nobody sends it', () => {
    const stream = folded({ verdict: 'refused', fault: 'double-fork', why: 'epoch 1 already has another' });
    expect(stream?.bound).toBeNull();
    expect(isHolding(stream as LiveStream)).toBe(false);
  });
});

describe('a stop', () => {
  const lastCall = (epoch: number): number => deadlinesOf(CONFIG, epoch).lastCall;

  function stopping(world: FoldedState) {
    const clock = virtualClock(beginOf(1));
    const waiters = waitersOn();
    const told = { isOver: false };
    void heldAreOut(clock, waiters, () => world).then(() => {
      told.isOver = true;
    });
    const look = async (): Promise<boolean> => {
      waiters.look();
      await new Promise(setImmediate);
      return told.isOver;
    };
    return { clock, look };
  }

  it.each([
    [1, 2],
    [2, 1],
  ])('waits for the last of several bound blocks, in whichever order they were bound: %i, %i', async (...epochs) => {
    const world = worldOf(Object.fromEntries(epochs.map((epoch) => [`${MINER}/${epoch}`, bound(epoch)])));
    const { clock, look } = stopping(world);
    expect(clock.nextAlarm()).toBe(lastCall(2));
    world.streams.delete(`${MINER}/1`);
    expect(await look()).toBe(false);
    world.streams.delete(`${MINER}/2`);
    expect(await look()).toBe(true);
    expect([clock.now(), clock.nextAlarm()]).toEqual([beginOf(1), null]);
  });

  it('waits no longer than the last of them is in time', async () => {
    const { clock, look } = stopping(worldOf({ [`${MINER}/1`]: bound(1), [`${MINER}/2`]: bound(2) }));
    clock.ring();
    expect([await look(), clock.now()]).toEqual([true, lastCall(2)]);
  });

  it('waits for a block that was taken over from its epoch', () => {
    const input = { config: CONFIG as unknown as Value, bound: asked(2) as unknown as Value, winCount: 1 };
    const { clock } = stopping(worldOf({ [`${MINER}/2/rescue`]: freshStream({ type: 'start', machine: 'deliver', input }) }));
    expect(clock.nextAlarm()).toBe(lastCall(2));
  });

  it('waits for nothing where nothing is held: not bound, or out', async () => {
    const { clock, look } = stopping(worldOf({ [`${MINER}/1`]: bound(1, { submitted: true }), [`${MINER}/2`]: live(2) }));
    expect([await look(), clock.nextAlarm()]).toEqual([true, null]);
  });
});

describe('a word that ends a miner’s epochs', () => {
  it('ends those that have bound nothing, and no other: a bound block goes out, and is looked for when it is out', () => {
    const world = worldOf({
      [`${MINER}/1`]: bound(1, { submitted: true }),
      [`${MINER}/2`]: bound(2),
      [`${MINER}/3`]: live(3),
      [`${MINER}/1/fate`]: freshStream({ type: 'start', machine: 'fate', input: null }),
      'f01001/3': live(3),
    });
    expect(endUnbound(world, MINER, 'stopped')).toEqual([{ stream: `${MINER}/3`, input: { type: 'abandoned', why: 'stopped' } }]);
  });
});

describe('a bound block that the fence refused', () => {
  const refused: Value = { outcome: 'refused', why: 'fence-conflict', detail: '' };

  it('is void where no submission of it was ever asked for', () => {
    expect(isRefusedUnsent(bound(1), refused)).toBe(true);
  });

  it('stays where one was, or where the fence only never said', () => {
    expect(isRefusedUnsent(bound(1, { submits: new Set(['9/0']) }), refused)).toBe(false);
    expect(isRefusedUnsent(bound(1), { outcome: 'refused', why: 'fence-unknown', detail: '' })).toBe(false);
    expect(isRefusedUnsent(live(1), refused)).toBe(false);
  });
});
