/** Old records given up behind a checkpoint: what is kept is as good as before (src/replay/retention.ts). */

import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { namedBy } from '../../src/journal/chain/named.ts';
import { EVERYTHING, roomOfKey, roomRange } from '../../src/journal/format/keys.ts';
import type { Input } from '../../src/journal/format/record.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { removeGiven } from '../../src/journal/prune.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { subscribe } from '../../src/journal/subscribe.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { replay } from '../../src/replay/replay.ts';
import { actorsAtBeginning, type Keep, type Retained, retain } from '../../src/replay/retention.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, MACHINES, overAt, type Rig, rigOf, startEpoch } from '../runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../runtime/fixtures/small-chain.ts';

const EPOCHS = 14;

type Entries = readonly (readonly [Uint8Array, Uint8Array])[];

async function entriesOf(store: Store): Promise<Entries> {
  const entries: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const entry of store.range(...EVERYTHING)) entries.push(entry);
  return entries;
}

async function storeOf(entries: Entries): Promise<Store> {
  const store = memoryStore();
  await store.write(entries.map(([key, value]) => ({ type: 'put', key, value })));
  return store;
}

const writeTo =
  (journal: Journal) =>
  async (input: Input): Promise<boolean> => {
    const at = beginOf(EPOCHS + 1);
    journal.add({ at, stream: 'checkpoint', input, steps: [], binds: [], outcome: null });
    await journal.flush();
    return true;
  };

const retainIn = (journal: Journal, keep: Keep): Promise<Retained> => retain(journal, { machines: MACHINES, keep, write: writeTo(journal) });

async function replayed(journal: Journal) {
  return replay(journal.records(), MACHINES, journal.shared, actorsAtBeginning(journal.checkpoint(), MACHINES));
}

/** Opens anew; what is there verifies and replays. */
async function whole(store: Store): Promise<Journal> {
  const journal = await openJournal(store);
  const { records, first } = await verifyJournal(store);
  expect(records).toBe(journal.next() - journal.checkpoint().first);
  expect(first).toBe(journal.checkpoint().first);
  expect(await replayed(journal)).toMatchObject({ records, divergence: null });
  expect((await replayed(journal)).unchecked).toBeUndefined();
  return journal;
}

const streamsOf = async (journal: Journal): Promise<ReadonlyMap<string, number>> => {
  const streams = new Map<string, number>();
  for await (const { record } of journal.records()) streams.set(record.stream, (streams.get(record.stream) ?? 0) + 1);
  return streams;
};

async function mine(rig: Rig, from: number, to: number): Promise<void> {
  for (let epoch = from; epoch <= to; epoch++) {
    await startEpoch(rig.runtime, epoch);
    await runUntilIdle(rig.runtime, rig.clock, overAt(epoch));
  }
}

const chain = smallChain(bls);
/** Won epochs, each mined, their fates open; and the same with the fates ended. */
let open: Entries;
let ended: Entries;

beforeAll(async () => {
  const store = memoryStore();
  const rig = rigOf({ open: async () => store, node: chain.node, now: beginOf(0) });
  await rig.runtime.start();
  await rig.runtime.command(MINER, 'add').catch(() => undefined);
  await mine(rig, 1, EPOCHS);
  open = await entriesOf(store);
  await runUntilIdle(rig.runtime, rig.clock);
  await rig.runtime.stop();
  ended = await entriesOf(store);
});

describe('retention', () => {
  it('keeps the epochs from one on, and nothing before them but what still counts', async () => {
    const store = await storeOf(ended);
    const before = await streamsOf(await openJournal(store));
    const slash = async () =>
      (await entriesOf(store)).filter(([key]) => ['slashEpochs', 'slashParents'].includes(roomOfKey(key) as string)).map(([key]) => toHex(key));
    const rows = await slash();
    expect(rows).toHaveLength(2 * EPOCHS);
    const { epochs, first, records } = await retainIn(await openJournal(store), { epoch: 8 });
    expect([epochs, records]).toEqual([7, first]);
    expect(first).toBeGreaterThan(50);
    const journal = await whole(store);
    const after = await streamsOf(journal);
    for (let epoch = 1; epoch <= EPOCHS; epoch++)
      expect(after.get(`${MINER}/${epoch}`), `epoch ${epoch}`).toBe(epoch < 8 ? undefined : before.get(`${MINER}/${epoch}`));
    // Fates went on for hours after the cut: their ends are kept, and replay from what they had come to.
    for (let epoch = 1; epoch <= EPOCHS; epoch++) expect(after.has(`${MINER}/${epoch}/fate`)).toBe(true);
    expect(journal.checkpoint().streams.map(({ stream }) => stream)).toContain(`${MINER}/1/fate`);
    expect(await slash()).toEqual(rows);
  });

  it('leaves no value and no blob that nothing names, and takes none that something names', async () => {
    const store = await storeOf(ended);
    const { values } = await retainIn(await openJournal(store), { epoch: 12 });
    expect(values).toBeGreaterThan(20);
    const named = new Set<string>();
    const left = new Set<string>();
    for (const [key, value] of await entriesOf(store)) {
      const room = roomOfKey(key);
      if (room === 'shared' || room === 'blobs') left.add(toHex(key.subarray(1)));
      if (room !== 'shared' && room !== 'records') continue;
      const { shared, blobs } = namedBy(value);
      for (const hash of [...shared, ...blobs]) named.add(toHex(hash));
    }
    expect([...left].filter((hash) => !named.has(hash))).toEqual([]);
    expect([...named].filter((hash) => !left.has(hash))).toEqual([]);
  });

  it('goes on from checkpoint to checkpoint', async () => {
    const store = await storeOf(ended);
    for (const epoch of [2, 3, 7, 7, 13]) {
      const { first } = await retainIn(await openJournal(store), { epoch });
      expect((await whole(store)).checkpoint().first).toBe(first);
    }
    expect((await openJournal(store)).checkpoint().begun).toEqual({ [MINER]: [[1, 12]] });
    const { records } = await retainIn(await openJournal(store), { epoch: 1000 });
    expect(records).toBeGreaterThan(10);
    const journal = await whole(store);
    expect(journal.next() - journal.checkpoint().first).toBe(1);
    expect(journal.checkpoint().streams.map(({ stream }) => stream)).toEqual(['checkpoint', 'code', MINER]);
  });

  it('counts time from the last record', async () => {
    const store = await storeOf(open);
    const journal = await openJournal(store);
    const times = new Map<number, number>();
    for await (const { record } of journal.records()) {
      if (record.input.type === 'start' && record.input.machine === 'epoch') times.set(Number(record.stream.split('/')[1]), record.at);
      times.set(-1, record.at);
    }
    const since = (epoch: number): number => (times.get(-1) as number) - (times.get(epoch) as number);
    expect((await retainIn(journal, { ms: since(1) })).epochs).toBe(0);
    expect((await retainIn(journal, { ms: since(1) - 1 })).epochs).toBe(1);
  });

  it('cuts no stream that goes on', async () => {
    const store = await storeOf(open);
    const { first } = await retainIn(await openJournal(store), { epoch: 10 });
    const journal = await whole(store);
    for await (const { record } of journal.stream(`${MINER}/1/fate`)) {
      expect(record.input.type).toBe('start');
      expect(record.seq).toBeGreaterThanOrEqual(first);
      break;
    }
    expect(journal.checkpoint().streams.filter(({ stream }) => stream.endsWith('/fate'))).toEqual([]);
  });

  it('ended at any write, before it or after it, goes on with the next', async () => {
    let writes = 0;
    const counting = await storeOf(ended);
    const counted: Store = {
      ...counting,
      write(ops) {
        writes++;
        return counting.write(ops);
      },
    };
    await retainIn(await openJournal(counted), { epoch: 13 });
    const wanted = (await entriesOf(counting)).map(([key]) => toHex(key));
    expect(writes).toBeGreaterThan(3);
    for (let n = 0; n < writes; n++) {
      for (const when of ['before', 'after'] as const) {
        const store = await storeOf(ended);
        let count = 0;
        const dying: Store = {
          ...store,
          async write(ops) {
            if (count === n && when === 'after') await store.write(ops);
            if (count++ >= n) throw new Error('the process is gone');
            await store.write(ops);
          },
        };
        await expect(retainIn(await openJournal(dying), { epoch: 13 })).rejects.toThrow('gone');
        await whole(store);
        await retainIn(await openJournal(store), { epoch: 13 });
        await whole(store);
        expect((await verifyJournal(store)).given).toBe(0);
        expect(
          (await entriesOf(store)).map(([key]) => toHex(key)).filter((key) => !wanted.includes(key)),
          `${when} write ${n}`,
        ).toEqual([]);
      }
    }
  });

  it('reads nothing of what is kept where nothing was given up', async () => {
    const store = await storeOf(ended);
    let read = 0;
    const counting: Store = {
      ...store,
      async *range(from, to) {
        for await (const entry of store.range(from, to)) {
          read++;
          yield entry;
        }
      },
    };
    await retainIn(await openJournal(store), { epoch: 8 });
    const journal = await openJournal(counting);
    read = 0;
    expect(await removeGiven(journal)).toEqual({ records: 0, values: 0 });
    expect(read).toBe(0);
  });

  it('lets a start know miners, code and what was begun', async () => {
    const store = await storeOf(ended);
    await retainIn(await openJournal(store), { epoch: 1000 });
    const rig = rigOf({ open: async () => store, node: chain.node, now: beginOf(EPOCHS) });
    await rig.runtime.start();
    expect([...rig.runtime.miners()]).toEqual([[MINER, { running: true, fenced: null }]]);
    for (const epoch of [1, 7, EPOCHS]) expect(await startEpoch(rig.runtime, epoch)).toBeNull();
    expect(await startEpoch(rig.runtime, EPOCHS + 1)).not.toBeNull();
    await runUntilIdle(rig.runtime, rig.clock, overAt(EPOCHS + 1));
    await rig.runtime.stop();
    expect(rig.faults).toEqual([]);
    await whole(store);
  });

  it('removes while epochs are mined', async () => {
    const store = await storeOf(ended);
    const slow: Store = {
      ...store,
      async *range(from, to) {
        for await (const entry of store.range(from, to)) {
          await new Promise(setImmediate);
          yield entry;
        }
      },
    };
    const rig = rigOf({ open: async () => slow, node: chain.node, now: beginOf(EPOCHS) });
    await rig.runtime.start();
    const published: number[] = [];
    rig.runtime.records$.subscribe(({ seq }) => published.push(seq));
    const write = async (input: Input) => (await rig.runtime.send('checkpoint', input)) !== null;
    let over = false;
    const retaining = retain(rig.runtime.journal(), { machines: MACHINES, keep: { epoch: 10 }, write }).finally(() => (over = true));
    let epoch = EPOCHS;
    for (; !over || epoch < EPOCHS + 3; ) await mine(rig, ++epoch, epoch);
    expect((await retaining).values).toBeGreaterThan(10);
    await rig.runtime.stop();
    expect(published).toEqual(published.map((_, i) => (published[0] as number) + i));
    const journal = await whole(store);
    expect((await streamsOf(journal)).get(`${MINER}/${epoch}`)).toBeGreaterThan(5);
  });
});

describe('what was given up', () => {
  it('is not read as if it had never been', async () => {
    const store = await storeOf(ended);
    const journal = await openJournal(store);
    const { first } = await retainIn(journal, { epoch: 8 });
    await expect(subscribe(journal, first - 1).next()).rejects.toMatchObject({ code: 'JOURNAL_PRUNED' });
    const records = subscribe(journal, first);
    expect((await records.next()).value?.record.seq).toBe(first);
    await records.return(undefined);
  });

  it.each(['slashEpochs', 'slashParents'] as const)('misses no row of %s', async (room) => {
    const store = await storeOf(ended);
    await retainIn(await openJournal(store), { epoch: 1000 });
    for await (const [key, value] of store.range(...roomRange(room))) {
      await store.write([{ type: 'del', key }]);
      await expect(verifyJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
      await store.write([{ type: 'put', key, value }]);
    }
  });

  it('with its checkpoint changed is refused', async () => {
    const store = await storeOf(ended);
    const journal = await openJournal(store);
    await retainIn(journal, { epoch: 8 });
    const row = journal.live().get('checkpoint');
    for await (const [key, value] of store.range(...roomRange('records'))) {
      if (toHex(key.subarray(1)) !== (row?.seq ?? 0).toString(16).padStart(12, '0')) continue;
      await store.write([{ type: 'put', key, value: value.map((byte, i) => (i === value.length - 40 ? byte ^ 1 : byte)) }]);
    }
    await expect(openJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
  });
});
