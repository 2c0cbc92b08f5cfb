/**
 * A forger's journal: the hash chain fits, `verify` finds it whole, and replay finds what its machines never did
 * (docs/journal.md, «What the chain can promise»).
 */

import { beforeAll, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { replay } from '../../src/replay/replay.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { type Forgery, forge } from '../journal/fixtures/forger.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './fixtures/small-chain.ts';

/**
 * Three epochs, each its own end: mined and its fate known, given up at a word, halted by a step that threw; and a
 * fourth that goes on.
 */
async function written(): Promise<Store> {
  const store = memoryStore();
  const { node } = smallChain(bls);
  const first = rigOf({ open: async () => store, node, now: beginOf(0) });
  await first.runtime.start();
  await first.runtime.command(MINER, 'add');
  await startEpoch(first.runtime, 1);
  await runUntilIdle(first.runtime, first.clock);
  const [again, epoch] = [first.clock.now(), Math.ceil((first.clock.now() - beginOf(0)) / 30_000) + 1];
  await startEpoch(first.runtime, epoch);
  await first.runtime.command(MINER, 'stop');
  await first.runtime.command(MINER, 'start');
  await first.runtime.stop();
  const second = rigOf({ open: async () => store, node, now: again });
  await second.runtime.start();
  await startEpoch(second.runtime, epoch + 1);
  await second.runtime.send(`${MINER}/${epoch + 1}`, { type: 'poison', message: 'a bug', input: null });
  await startEpoch(second.runtime, epoch + 2);
  await runUntilIdle(second.runtime, second.clock, overAt(epoch) - 1);
  await second.runtime.journal().flush();
  return store;
}

const records: JournalRecord[] = [];
let bytes: readonly (readonly [Uint8Array, Uint8Array])[] = [];

beforeAll(async () => {
  const store = await written();
  for await (const { record } of (await openJournal(store)).records()) records.push(record);
  const entries: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const entry of store.range(new Uint8Array(0), new Uint8Array(64).fill(0xff))) entries.push(entry);
  bytes = entries;
});

async function forged(forgery: Forgery): Promise<Store> {
  const store = memoryStore();
  await store.write(bytes.map(([key, value]) => ({ type: 'put', key, value })));
  await forge(store, forgery);
  return store;
}

const replayed = async (store: Store) => {
  const journal = await openJournal(store);
  return replay(journal.records(), MACHINES, journal.shared);
};

const outcomeOf = (record: JournalRecord): string => JSON.stringify(record.outcome, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
const found = (is: (record: JournalRecord) => boolean): JournalRecord => {
  const record = records.find(is);
  if (record === undefined) throw new Error(`none of ${records.map(outcomeOf)}`);
  return record;
};
/** Changes the first record that is such. */
const changed = (is: (record: JournalRecord) => boolean, change: (record: JournalRecord) => JournalRecord | null): Forgery => {
  const { seq } = found(is);
  return (record) => (record.seq === seq ? change(record) : record);
};
const MINED: Value = { outcome: 'mined', cid: new Uint8Array(38), sentAt: 1 };
const REFUSED: Value = { verdict: 'refused', fault: 'double-fork', why: 'two' };
const STEPLESS = { steps: [], binds: [] } as const;

const endedBy = (text: string) => (record: JournalRecord) => record.outcome !== null && outcomeOf(record).includes(text);
const isStart = ({ input }: JournalRecord) => input.type === 'start';
const isStop = ({ input }: JournalRecord) => input.type === 'abandoned';
const isBind = ({ binds }: JournalRecord) => binds.length > 0;
const isPoison = ({ input, outcome }: JournalRecord) => input.type === 'poison' && outcome !== null;

const FORGERIES: readonly (readonly [what: string, forgery: () => Forgery, finds: string])[] = [
  ['an outcome that its machine did not come to', () => changed(endedBy('mined'), (record) => ({ ...record, outcome: { outcome: 'lost' } })), 'outcome'],
  ['a fate changed', () => changed(endedBy('unknown'), (record) => ({ ...record, outcome: { fate: 'orphaned' } })), 'outcome'],
  ['a stream that does not end where it did', () => changed(endedBy('unknown'), (record) => ({ ...record, outcome: null })), 'outcome'],
  ['a stopped epoch as mined', () => changed(isStop, (record) => ({ ...record, outcome: MINED })), 'outcome'],
  ['a halted epoch as mined', () => changed(isPoison, (record) => ({ ...record, outcome: MINED })), 'outcome'],
  [
    'an end from outside put for the end by its machine',
    () => changed(endedBy('unknown'), (record) => ({ ...record, ...STEPLESS, input: { type: 'abandoned', why: 'stopped' }, outcome: { fate: 'orphaned' } })),
    'outcome',
  ],
  [
    'an outcome of a record that ends nothing',
    () =>
      changed(
        ({ input }) => input.type === 'opened',
        (record) => ({ ...record, outcome: MINED }),
      ),
    'outcome',
  ],
  [
    'steps of a record that no machine takes',
    () =>
      changed(
        ({ input }) => input.type === 'opened',
        (record) => ({ ...record, steps: found(isStart).steps }),
      ),
    'step 0',
  ],
  ['a bind that nobody asked for', () => changed(isStart, (record) => ({ ...record, binds: [{ n: 0, verdict: { verdict: 'bound' } }] })), 'binds'],
  ['an end of a stream that has none', () => changed(isStop, (record) => ({ ...record, stream: `${MINER}/7000` })), 'input'],
  [
    'a beginning for the second time',
    () =>
      changed(
        ({ input }) => input.type === 'result',
        (record) => ({ ...record, ...found(isStart), at: record.at }),
      ),
    'input',
  ],
];

/** What the rows of the slash filter do not fit any more: no such journal is opened, and so none is replayed. */
const AGAINST_ROWS: readonly (readonly [what: string, forgery: () => (record: JournalRecord) => JournalRecord | null])[] = [
  ['a bind left out', () => changed(isBind, (record) => ({ ...record, binds: [] }))],
  ['a bind refused that was not', () => changed(isBind, (record) => ({ ...record, binds: record.binds.map(({ n }) => ({ n, verdict: REFUSED })) }))],
  [
    'a record left out',
    () =>
      changed(
        ({ input }) => input.type === 'result',
        () => null,
      ),
  ],
];

describe('a forged journal', () => {
  it('is found whole as it was, each kind of end in it', async () => {
    expect(
      records
        .filter(({ outcome }) => outcome !== null)
        .map(outcomeOf)
        .join(),
    ).toMatch(/"mined".*"unknown".*"stopped".*"poisoned"/);
    const store = await forged((record) => record);
    await verifyJournal(store);
    expect((await replayed(store)).divergence).toBeNull();
  });

  it.each(FORGERIES)('%s: replay finds it, at its record', async (_, forgery, finds) => {
    const store = await forged(forgery());
    // The chain fits: whoever has the folder can write it anew.
    const journal = await openJournal(store);
    for await (const { record } of journal.records()) expect(record.v).toBe(1);
    const { divergence } = await replayed(store);
    expect(divergence?.what).toContain(finds);
  });

  it.each(AGAINST_ROWS)('%s: an open finds it by the rows of the slash filter', async (_, forgery) => {
    const refused = { code: 'JOURNAL_CORRUPT', message: expect.stringContaining('slash filter') };
    await expect(openJournal(await forged(forgery()))).rejects.toMatchObject(refused);
    await expect(verifyJournal(await forged(forgery()))).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
  });

  it('passes verify where it is of outcomes alone: a chain without a key says what follows what, and not who wrote it', async () => {
    const store = await forged(changed(isStop, (record) => ({ ...record, outcome: MINED })));
    await expect(verifyJournal(store)).resolves.toMatchObject({ records: records.length });
  });
});

describe('a start on a forged journal', () => {
  const start = async (store: Store) => {
    const { runtime, faults } = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(1840) });
    await runtime.start();
    return { runtime, faults };
  };

  it('goes on with the epoch that goes on, where nothing was forged', async () => {
    const { runtime, faults } = await start(await forged((record) => record));
    expect([runtime.live().size, faults]).toEqual([1, []]);
  });

  it('halts the miner of an epoch that ended and is made to go on', async () => {
    const { seq, stream } = found(endedBy('unknown'));
    const { runtime, faults } = await start(await forged((record) => (record.seq === seq ? { ...record, outcome: null } : record)));
    expect(faults).toMatchObject([{ code: 'MINER_POISONED', message: expect.stringContaining(stream) }]);
    expect(runtime.effects().map((effect) => effect.stream)).not.toContain(stream);
  });

  it('halts the miner of an epoch that goes on, and binds what it did not ask for', async () => {
    const last = records.findLast(isStart) as JournalRecord;
    const binds = [{ n: 0, verdict: REFUSED }];
    const { faults } = await start(await forged((record) => (record.seq === last.seq ? { ...record, binds } : record)));
    expect(faults).toMatchObject([{ code: 'MINER_POISONED', message: expect.stringContaining(last.stream) }]);
  });
});
