/**
 * Disk first: no effect starts before its record is synced, whichever write of an epoch goes wrong, and the epoch ends
 * all the same (docs/architecture.md 3).
 */

import { describe, expect, it } from 'vitest';
import { blockCid } from '../../src/chain/block-header.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { replay } from '../../src/replay/replay.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Perform } from '../../src/runtime/options.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './fixtures/small-chain.ts';
import { type Failing, tellingStore } from './fixtures/telling-store.ts';

const EPOCH = 1;

/**
 * Runs the epoch; `kept` are records that were acknowledged, `orphans` effects that started when no record on disk
 * named them.
 */
async function run(fails: (n: number) => Failing | 'slow' | null, until = overAt(EPOCH)) {
  const chain = smallChain(bls);
  const events: string[] = [];
  const store = tellingStore((event) => events.push(event), fails);
  const kept: JournalRecord[] = [];
  const orphans: string[] = [];
  let started = 0;
  const around =
    (perform: Perform): Perform =>
    async (name, input, context) => {
      started++;
      events.push(`effect ${name}`);
      if (!(await isOnDisk(context.key))) orphans.push(`${name} ${context.key}`);
      return perform(name, input, context);
    };
  async function isOnDisk([seq, n]: readonly [number, number]): Promise<boolean> {
    const journal = await openJournal(await store.open());
    for await (const { record } of journal.records(seq)) return record.steps.some(({ effects }) => effects.some((effect) => effect.n === n));
    return false;
  }
  const { runtime, clock, faults } = rigOf({ open: store.open, node: chain.node, now: beginOf(0), around });
  runtime.records$.subscribe({ next: (record) => kept.push(record), error: () => undefined });
  let error: unknown = null;
  try {
    await runtime.start();
    void startEpoch(runtime, EPOCH);
    await runUntilIdle(runtime, clock, until);
  } catch (caught) {
    error = caught;
  }
  return { chain, store, events, kept, orphans, started, faults, error, runtime, now: clock.now() };
}

/** One CID, one outcome, chain whole, everything acknowledged still there, replays. */
async function expectWhole({ chain, store, kept }: Awaited<ReturnType<typeof run>>) {
  const journal = await openJournal(await store.open());
  const all: JournalRecord[] = [];
  for await (const { record } of journal.records()) all.push(record);
  for (const record of kept) expect(all[record.seq]).toEqual(record);
  expect(
    all.filter(({ stream, outcome }) => stream === `${MINER}/${EPOCH}` && outcome !== null).map(({ outcome }) => (outcome as { outcome: string }).outcome),
  ).toEqual(['mined']);
  expect(new Set(chain.submitted.map(({ header }) => blockCid(header).toString())).size).toBe(1);
  expect((await replay(journal.records(), MACHINES, journal.shared)).divergence).toBeNull();
}

/** Writes of an undisturbed won epoch. */
const clean = await run(() => null);
const WRITES = clean.store.writes();
const each = Array.from({ length: WRITES }, (_, n) => n);

describe('undisturbed', () => {
  it('starts every effect after the batch that holds its record, and one batch at a time', async () => {
    expect(clean.orphans).toEqual([]);
    expect(clean.started).toBeGreaterThan(12);
    let inFlight = 0;
    for (const event of clean.events) {
      if (event.startsWith('asked')) expect(++inFlight).toBe(1);
      else if (event.startsWith('synced')) inFlight--;
      else expect(inFlight, event).toBe(0);
    }
    await expectWhole(clean);
  });
});

describe.for(['EIO', 'ENOSPC', 'written'] as const)('a batch that fails with %s', (how) => {
  it.for(each)('as the %i-th of the epoch', async (at) => {
    const found = await run((n) => (n === at ? how : null));
    expect(found.orphans).toEqual([]);
    if (at === 0) {
      // The very first batch is the start's own: who starts is told.
      expect(String(found.error)).toContain('the disk says no');
      return;
    }
    expect(found.error).toBeNull();
    expect(found.faults.map(({ code }) => code)).toEqual(['JOURNAL_UNKNOWN']);
    await expectWhole(found);
  });

  it.for(each.slice(1))('from the %i-th on for good: a clear error, and the next start ends the epoch', async (at) => {
    let gone = true;
    const found = await run((n) => (gone && n >= at ? how : null), overAt(EPOCH + 2));
    expect(found.orphans).toEqual([]);
    expect(String(found.error)).toMatch(/RUNTIME_FAILED|nothing is mined any more/);
    gone = false;
    const again = rigOf({ open: found.store.open, node: found.chain.node, now: found.now });
    await again.runtime.start();
    await startEpoch(again.runtime, EPOCH);
    // A block that is sent after its epoch is looked for a while later.
    await runUntilIdle(again.runtime, again.clock, overAt(EPOCH + 3));
    await expectWhole(found);
  });
});

it('a slow disk holds everything up and changes nothing', async () => {
  const found = await run((n) => (n % 3 === 0 ? 'slow' : null));
  expect(found.orphans).toEqual([]);
  expect(found.kept.map(({ seq, steps }) => [seq, steps])).toEqual(clean.kept.map(({ seq, steps }) => [seq, steps]));
  await expectWhole(found);
});

it('a disk that is full for a quarter of a minute costs no more than that', async () => {
  const at = Math.floor(WRITES / 3);
  let failed = 0;
  const found = await run((n) => (n >= at && failed++ < 4 ? 'ENOSPC' : null), overAt(EPOCH + 2));
  expect([found.error, found.orphans]).toEqual([null, []]);
  expect(found.faults.map(({ code }) => code)).toEqual(['JOURNAL_UNKNOWN']);
  await expectWhole(found);
});
