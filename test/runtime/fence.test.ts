/**
 * What a fence, or a node that does not answer, makes of a bound block; what its slash rows forbid afterwards
 * (docs/architecture.md 3, «The order around a block»).
 */

import { describe, expect, it } from 'vitest';
import type { VirtualClock } from '../../src/adapters/virtual-clock.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Fence, FenceVerdict } from '../../src/ports/fence.ts';
import type { Node } from '../../src/ports/node.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Machine } from '../../src/statechart/machine.ts';
import { bls, MACHINES, overAt, type RigParts, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, smallChain } from './fixtures/small-chain.ts';

const fenceOf = (claim: (epoch: number) => FenceVerdict | 'granted'): Fence => ({
  async claim({ epoch, cid }) {
    const said = claim(epoch);
    return said === 'granted' ? { verdict: 'granted', cid } : said;
  },
});
const conflict: FenceVerdict = { verdict: 'conflict', kind: 'double-fork', by: 'another instance' };

/** Epochs one after another, each until it should be over. */
async function run(fence: Fence, epochs: readonly number[], parts: Partial<RigParts> = {}, chain = smallChain(bls)) {
  const store = memoryStore();
  const records: JournalRecord[] = [];
  const rig = rigOf({ open: async () => store, node: chain.node, now: beginOf(0), fence, ...parts });
  rig.runtime.records$.subscribe((record) => records.push(record));
  await rig.runtime.start();
  for (const epoch of epochs) {
    await startEpoch(rig.runtime, epoch);
    await runUntilIdle(rig.runtime, rig.clock, overAt(epoch));
  }
  const ends = records.filter(({ stream, outcome }) => outcome !== null && !stream.endsWith('/fate'));
  const outcomes = Object.fromEntries(ends.map(({ stream, outcome }) => [stream, outcome]));
  return { ...rig, chain, store, records, outcomes, row: (epoch: number) => rig.runtime.journal().slash.atEpoch(1000n, epoch) };
}

describe('a claim', () => {
  it('that is refused for good, of a block that was never sent, leaves the base to the next epoch', async () => {
    const { chain, store, outcomes, row, runtime } = await run(
      fenceOf((epoch) => (epoch === 1 ? conflict : 'granted')),
      [1, 2],
    );
    expect(outcomes).toMatchObject({ 'f01000/1': { outcome: 'refused', why: 'fence-conflict' }, 'f01000/2': { outcome: 'mined' } });
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([2]);
    expect([row(1), row(2)?.epoch]).toEqual([undefined, 2]);
    expect((await verifyJournal(store)).bound).toBe(2);
    await runtime.stop();
    // As a start reads it.
    const again = rigOf({ open: async () => store, node: chain.node, now: beginOf(3) });
    await again.runtime.start();
    expect(again.runtime.journal().slash.atEpoch(1000n, 1)).toBeUndefined();
    expect(again.runtime.journal().slash.atEpoch(1000n, 2)).toBeDefined();
  });

  it('that is refused to a rescue leaves its row: the epoch may have sent the block', async () => {
    const machines = new Map([...MACHINES, ['epoch', failingAt(MACHINES.get('epoch') as Machine, 'epochBegins')]]);
    let claims = 0;
    const { outcomes, row } = await run(
      fenceOf(() => (claims++ === 0 ? 'granted' : conflict)),
      [1],
      { machines },
    );
    expect(outcomes).toMatchObject({ 'f01000/1': { outcome: 'abandoned' }, 'f01000/1/rescue': { outcome: 'refused', why: 'fence-conflict' } });
    expect(row(1)).toBeDefined();
  });

  it('that the fence does not answer is made again until it does, while the chain waits for the block', async () => {
    let asked = 0;
    const { outcomes, chain } = await run(
      fenceOf(() => (asked++ < 57 ? { verdict: 'unknown' } : 'granted')),
      [1, 2, 3, 4],
    );
    expect(outcomes['f01000/1']).toMatchObject({ outcome: 'mined' });
    expect(chain.submitted.map(({ header }) => header.height)).toContain(1);
  });

  it('that the fence never answers is given up when the chain has gone on, and its row stays', async () => {
    const { outcomes, row, chain, runtime, clock, records } = await run(
      fenceOf(() => ({ verdict: 'unknown' })),
      [1],
    );
    expect(outcomes).toEqual({});
    const made = chain.created[0] as BlockMessage;
    await chain.node.submitBlock({ ...made, header: { ...made.header, forkSignaling: 1n } }, AbortSignal.timeout(1000));
    await runUntilIdle(runtime, clock, overAt(3));
    expect(records.at(-1)).toMatchObject({ stream: 'f01000/1', outcome: { outcome: 'refused', why: 'fence-unknown' } });
    expect(row(1)).toBeDefined();
  });
});

describe('a grant', () => {
  it('of another claim grants nothing: the fence is asked again, and only then the block goes out', async () => {
    const asked: string[] = [];
    const chain = smallChain(bls);
    const { outcomes } = await run(
      {
        async claim({ cid }) {
          asked.push(`${chain.submitted.length} sent`);
          return { verdict: 'granted', cid: asked.length === 1 ? cidOf(Uint8Array.of(1)) : cid };
        },
      },
      [1],
      {},
      chain,
    );
    expect([asked, chain.submitted.length, outcomes]).toMatchObject([['0 sent', '0 sent'], 1, { 'f01000/1': { outcome: 'mined' } }]);
  });
});

describe('a call that is never answered', () => {
  it.for(['claim', 'submitBlock', 'tipsetAt'] as const)('%s, is made again, and the block is mined', async (call) => {
    const chain = smallChain(bls);
    let clock: VirtualClock | undefined;
    let asked = 0;
    /** For ever, and on the clock, so that time goes on without it. */
    const hanging =
      <Args extends readonly [unknown, AbortSignal], Result>(name: string, perform: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        if (name === call && asked++ === 0) await clock?.until(Number.POSITIVE_INFINITY, args[1]);
        return perform(...args);
      };
    const granted: Fence['claim'] = async ({ cid }) => ({ verdict: 'granted', cid });
    const { submitBlock, tipsetAt } = chain.node;
    const node: Node = { ...chain.node, submitBlock: hanging('submitBlock', submitBlock), tipsetAt: hanging('tipsetAt', tipsetAt) };
    const made = await run({ claim: hanging('claim', granted) }, [], { node }, chain);
    clock = made.clock;
    await startEpoch(made.runtime, 1);
    await runUntilIdle(made.runtime, made.clock, overAt(1));
    expect(made.records.filter(({ stream, outcome }) => stream === 'f01000/1' && outcome !== null)).toMatchObject([{ outcome: { outcome: 'mined' } }]);
    expect([asked > 0, chain.submitted.length]).toEqual([true, 1]);
  });
});

describe('a call that hangs, whatever is done to end it', () => {
  it.for(['claim', 'submitBlock'] as const)('%s, is under way once and not beside itself until it is lost, and goes on when it ends', async (call) => {
    const chain = smallChain(bls);
    let clock: VirtualClock | undefined;
    let [asked, hanging, most] = [0, 0, 0];
    const nobody = new AbortController();
    /** Sleeps on its signal, so that time goes on, and sleeps on when that is aborted. */
    const hang =
      <Args extends readonly [unknown, AbortSignal], Result>(name: string, perform: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        if (name !== call) return perform(...args);
        asked++;
        most = Math.max(most, ++hanging);
        const until = (signal: AbortSignal): Promise<void> => clock?.until(beginOf(1) + 20_000, signal) ?? Promise.resolve();
        if (asked === 1) await until(args[1]).catch(() => until(nobody.signal));
        hanging--;
        return perform(...args);
      };
    const granted: Fence['claim'] = async ({ cid }) => ({ verdict: 'granted', cid });
    const node: Node = { ...chain.node, submitBlock: hang('submitBlock', chain.node.submitBlock) };
    const made = await run({ claim: hang('claim', granted) }, [], { node }, chain);
    clock = made.clock;
    await startEpoch(made.runtime, 1);
    await runUntilIdle(made.runtime, made.clock, overAt(16));
    expect([asked, most]).toEqual([1, 1]);
    expect(chain.submitted).toHaveLength(1);
  });
});

/** The machine, and those below it, throwing on a result of `id`. */
function failingAt(machine: Machine, id: string): Machine {
  return {
    ...machine,
    children: new Map([...machine.children].map(([name, child]) => [name, failingAt(child, id)])),
    step(state, event) {
      if (event.id === id) throw new Error('a bug');
      return machine.step(state, event);
    },
  };
}
