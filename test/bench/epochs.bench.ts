/**
 * What an epoch costs in a journal that grows to 100,000 of them: the records of one lost epoch, signatures and all,
 * taken again under each next epoch's name, each turn computed, each epoch one synced batch on a real LevelDB.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { settledInput } from '../../src/journal/chain/settled.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { TakenInput } from '../../src/replay/replay.ts';
import { type ChartActors, takeTurn } from '../../src/statechart/turn.ts';
import { MACHINES, MINERS, reMine } from '../journal/fixtures/re-mined.ts';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const EPOCHS = Number(process.env['MINEONE_EPOCHS'] ?? 100_000);
const WINDOW = Math.floor(EPOCHS / 20);

export async function run(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mineone-bench-epochs-'));
  try {
    const records = await lostEpoch();
    const journal = await openJournal(await openLevelStore(folder));
    const costs: number[] = [];
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      const start = performance.now();
      live(journal, records, epoch);
      await journal.flush();
      costs.push((performance.now() - start) * 1000);
    }
    const count = journal.next();
    await journal.close();
    const began = performance.now();
    await (await openJournal(await openLevelStore(folder))).close();
    return rows(costs, count, performance.now() - began);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rows(costs: readonly number[], records: number, openMs: number): readonly BenchRow[] {
  // The first window is warm-up for the compiler: the second stands for the beginning.
  const first = summary(costs.slice(WINDOW, 2 * WINDOW)).median;
  const last = summary(costs.slice(-WINDOW));
  const name = `a lost epoch among the last ${WINDOW} of ${EPOCHS} (${records} records)`;
  return [
    {
      name,
      unit: 'µs',
      ...last,
      reference: { name: `the ${WINDOW} after as many at the beginning`, median: first, ratio: last.median / first },
      target: 'flat: a ratio near 1',
    },
    { name: 'opening that journal', unit: 'ms', median: openMs, spread: [openMs, openMs] },
  ];
}

async function lostEpoch(): Promise<readonly JournalRecord[]> {
  const mined = await openJournal(memoryStore());
  await reMine(mined, 20);
  for (let epoch = 1; epoch <= 20; epoch++) {
    for (const miner of MINERS) {
      const records: JournalRecord[] = [];
      for await (const { record } of mined.stream(`${miner}/${epoch}`)) records.push(record);
      if ((records.at(-1)?.outcome as { readonly outcome?: string } | null)?.outcome === 'lost') return records;
    }
  }
  throw new Error('nobody lost an epoch');
}

/** The epoch again: the same answers to the same questions, under their new names. */
function live(journal: Journal, records: readonly JournalRecord[], epoch: number): void {
  const seqs = new Map<number, number>();
  const stream = `f01000/${epoch}`;
  let actors: ChartActors = new Map();
  for (const { seq, at, input } of records) {
    seqs.set(seq, journal.next());
    const given = input as TakenInput;
    const named =
      given.type === 'start'
        ? { ...given, input: { ...(given.input as object), epoch } }
        : { ...given, key: [seqs.get(given.key[0]) as number, given.key[1]] as const };
    const taken = settledInput(journal.shared, named as TakenInput);
    const turn = takeTurn(actors, taken, { stream, seq: journal.next(), machines: MACHINES, shared: journal.shared, bind: () => null });
    if (turn === null) throw new Error(`nobody waits for the answer of record ${seq}`);
    actors = turn.actors;
    journal.add({ at, stream, input: taken, steps: turn.steps, binds: turn.binds, outcome: turn.outcome ?? null });
  }
}
