/**
 * Rows of the slash filter across a checkpoint: those that a refused claim made void, before it, beside it and after
 * it; the whole journal verifies all the same.
 */

import { describe, expect, it } from 'vitest';
import { roomOfKey } from '../../src/journal/format/keys.ts';
import type { Input } from '../../src/journal/format/record.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { decodeSlashRow } from '../../src/journal/slash/slash-rows.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Fence } from '../../src/ports/fence.ts';
import type { Store } from '../../src/ports/store.ts';
import { type Retained, retain } from '../../src/replay/retention.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, MACHINES, overAt, type Rig, rigOf, startEpoch } from '../runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../runtime/fixtures/small-chain.ts';

/** Of these epochs another instance has the block: they are refused, and their rows are void. */
function refusing(...epochs: readonly number[]): Fence {
  return {
    claim: async ({ epoch, cid }) =>
      epochs.includes(epoch) ? { verdict: 'conflict', kind: 'double-fork', by: 'another instance' } : { verdict: 'granted', cid },
  };
}

async function mine(rig: Rig, ...epochs: readonly number[]): Promise<void> {
  for (const epoch of epochs) {
    await startEpoch(rig.runtime, epoch);
    await runUntilIdle(rig.runtime, rig.clock, overAt(epoch));
  }
}

/** Through the mailbox, as beside a miner. */
const retainBeside = ({ runtime }: Rig, epoch: number): Promise<Retained> =>
  retain(runtime.journal(), { machines: MACHINES, keep: { epoch }, write: async (input: Input) => (await runtime.send('checkpoint', input)) !== null });

const voids = async (store: Store): Promise<number> => {
  let count = 0;
  for await (const [key, value] of store.range(Uint8Array.of(0), Uint8Array.of(255)))
    if (['slashEpochs', 'slashParents'].includes(roomOfKey(key) ?? '') && decodeSlashRow(value).isVoid) count++;
  return count;
};

describe('a void row of the slash filter', () => {
  it('whose bind was given up counts in no sum, before another block takes its base and after it', async () => {
    const store = memoryStore();
    const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0), fence: refusing(2) });
    await rig.runtime.start();
    await mine(rig, 1, 2);
    expect(await voids(store)).toBe(2);
    await retainBeside(rig, 3);
    expect(await verifyJournal(store)).toMatchObject({ given: 0, bound: 2 });
    await mine(rig, 3);
    // On the base of 2: of its rows the one by parents is another block's now.
    expect(await voids(store)).toBe(1);
    expect(await verifyJournal(store)).toMatchObject({ given: 0, bound: 3 });
    await retainBeside(rig, 4);
    expect(await verifyJournal(store)).toMatchObject({ given: 0, bound: 3 });
    await rig.runtime.stop();
  });

  it('that becomes void while its checkpoint is planned is cut by none', async () => {
    const inner = memoryStore();
    let armed = false;
    let held: (() => void) | null = null;
    let isHeld: () => void = () => undefined;
    const atVoid = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const store: Store = {
      ...inner,
      async write(ops) {
        const isEnd = armed && ops.some((op) => op.type === 'put' && roomOfKey(op.key) === 'slashEpochs' && decodeSlashRow(op.value).isVoid);
        if (isEnd) {
          await new Promise<void>((resolve) => {
            held = resolve;
            isHeld();
          });
        }
        await inner.write(ops);
      },
    };
    const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0), fence: refusing(1, 2) });
    await rig.runtime.start();
    await mine(rig, 1);
    armed = true;
    const mining = mine(rig, 2);
    await atVoid;
    // The end of epoch 2 is on its way to the disk: in memory it has ended, and on disk its row is not void.
    const retaining = retainBeside(rig, 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    (held as unknown as () => void)();
    await mining;
    expect((await retaining).epochs).toBeGreaterThan(0);
    await rig.runtime.stop();
    expect(await voids(inner)).toBe(3);
    await verifyJournal(inner);
  });
});

describe('streams that begin while a checkpoint is planned', () => {
  it('are not cut, however little is to be kept', async () => {
    const inner = memoryStore();
    let reading: (() => Promise<void>) | null = null;
    const store: Store = {
      ...inner,
      async *range(from, to) {
        yield* inner.range(from, to);
        const act = reading;
        if (roomOfKey(from) !== 'live' || act === null) return;
        reading = null;
        await act();
      },
    };
    const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0), fence: refusing(1, 2) });
    await rig.runtime.start();
    await mine(rig, 1);
    reading = async () => {
      await startEpoch(rig.runtime, 2);
    };
    const { first, epochs } = await retainBeside(rig, 1000);
    expect(epochs).toBe(1);
    const begun = (await openJournal(inner)).stream(`${MINER}/2`);
    for await (const { record } of begun) {
      expect([record.input.type, record.seq >= first]).toEqual(['start', true]);
      break;
    }
    await runUntilIdle(rig.runtime, rig.clock, overAt(2));
    await rig.runtime.stop();
    await verifyJournal(inner);
  });
});

/** Numbers of a seed, the same every time: a linear congruential generator is random enough to mix orders. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const EPOCHS = 8;

describe('refusals, checkpoints and starts in any order', () => {
  it.for(Array.from({ length: 6 }, (_, seed) => seed))('leave a journal that verifies: seed %i', async (seed) => {
    const roll = dice(seed);
    const refused = Array.from({ length: EPOCHS }, (_, i) => i + 1).filter(() => roll(2) === 0);
    const store = memoryStore();
    const chain = smallChain(bls);
    const start = async (epoch: number): Promise<Rig> => {
      const rig = rigOf({ open: async () => store, node: chain.node, now: beginOf(epoch), fence: refusing(...refused) });
      await rig.runtime.start();
      return rig;
    };
    let rig = await start(0);
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      await mine(rig, epoch);
      if (roll(3) === 0) await retainBeside(rig, epoch + 1 - roll(4));
      await verifyJournal(store);
      if (roll(4) > 0) continue;
      await rig.runtime.stop();
      rig = await start(epoch);
    }
    await rig.runtime.stop();
    await verifyJournal(store);
    expect(rig.faults).toEqual([]);
  });
});
