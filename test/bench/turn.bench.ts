/**
 * A durable turn (decode, step, record, one synced batch) beside LevelDB writing the same bytes in a synced batch of
 * its own, turn by turn in the same run.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Level } from 'level';
import { settledInput } from '../../src/journal/chain/settled.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { SharedValues, Value } from '../../src/journal/format/value.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store, StoreOp } from '../../src/ports/store.ts';
import type { TakenInput } from '../../src/replay/replay.ts';
import { type ChartActors, takeTurn } from '../../src/statechart/turn.ts';
import { MACHINES, reMine } from '../journal/fixtures/re-mined.ts';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const EPOCHS = 200;
/** Turns until the compiler has seen them all: a daemon runs for months. */
const WARM_UP = 2000;

export async function run(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mineone-bench-turn-'));
  try {
    return await measured(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Samples {
  /** The turn, until its batch is on disk. */
  readonly ours: number[];
  /** What of it is not the writing of its batch. */
  readonly beyond: number[];
  /** LevelDB's own batch as it is documented, a list. */
  readonly list: number[];
  /** The same written op by op, as the journal's store does, which takes less. */
  readonly chained: number[];
}

async function measured(folder: string): Promise<readonly BenchRow[]> {
  const mined = await openJournal(memoryStore());
  await reMine(mined, EPOCHS);
  const raw = new Level<Uint8Array, Uint8Array>(join(folder, 'raw'), { keyEncoding: 'view', valueEncoding: 'view', compression: false });
  await raw.open();
  const same = await openLevelStore(join(folder, 'same'));
  const told = telling(await openLevelStore(join(folder, 'journal')));
  const journal = await openJournal(told.store);
  const live = new Map<string, ChartActors>();
  const samples: Samples = { ours: [], beyond: [], list: [], chained: [] };
  for await (const { record } of mined.records()) {
    const sent = shareAgain(record.input as unknown as Value, mined.shared, journal);
    samples.ours.push(
      await timed(async () => {
        turn(journal, live, record, sent);
        await journal.flush();
      }),
    );
    const { ops: written, ms } = told.last();
    samples.beyond.push((samples.ours.at(-1) as number) - ms);
    const ops = written.map((op) => ({ ...op }));
    samples.list.push(await timed(() => raw.batch(ops, { sync: true })));
    samples.chained.push(await timed(() => same.write(ops)));
  }
  await journal.close();
  await raw.close();
  await same.close();
  const { ours, beyond, list, chained } = samples;
  return rows({ ours: ours.slice(WARM_UP), beyond: beyond.slice(WARM_UP), list: list.slice(WARM_UP), chained: chained.slice(WARM_UP) });
}

async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function turn(journal: Journal, live: Map<string, ChartActors>, { stream, at }: JournalRecord, sent: Value): void {
  const input = settledInput(journal.shared, sent as unknown as TakenInput);
  const context = { stream, seq: journal.next(), machines: MACHINES, shared: journal.shared, bind: () => ({ verdict: 'bound' }) };
  const taken = takeTurn(live.get(stream) ?? new Map(), input, context);
  if (taken === null) throw new Error(`nobody waited for the result that record ${journal.next()} is of`);
  live.set(stream, taken.actors);
  journal.add({ at, stream, input, steps: taken.steps, binds: taken.binds, outcome: taken.outcome ?? null });
}

function rows({ ours, beyond, list, chained }: Samples): readonly BenchRow[] {
  const durable = summary(ours);
  const beside = (name: string, samples: readonly number[]) => {
    const { median } = summary(samples);
    return { name, median, ratio: durable.median / median };
  };
  const p99 = (samples: readonly number[]): number => samples.toSorted((a, b) => a - b)[Math.floor(samples.length * 0.99)] as number;
  const name = `a durable turn (${ours.length})`;
  return [
    { name, unit: 'ms', ...durable, reference: beside('LevelDB, the same bytes in a synced batch', list), target: 'at most 1.5 times' },
    { name, unit: 'ms', ...durable, reference: beside('the same batch written op by op', chained) },
    { name: 'of it beyond the writing of its batch, 99th percentile', unit: 'ms', ...summary(beyond), median: p99(beyond), target: 'below 1 ms' },
  ];
}

interface Written {
  readonly ops: readonly StoreOp[];
  readonly ms: number;
}

/** What the journal wrote last and how long that took, for the others to write as well. */
function telling(store: Store): { readonly store: Store; readonly last: () => Written } {
  let last: Written = { ops: [], ms: 0 };
  const write = async (ops: readonly StoreOp[]): Promise<void> => {
    const start = performance.now();
    await store.write(ops);
    last = { ops, ms: performance.now() - start };
  };
  return { store: { ...store, write }, last: () => last };
}

/** A value with what one journal keeps once kept once in another. */
function shareAgain(value: Value, from: SharedValues, to: Journal): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (from.hashOf(value) !== undefined) return to.shared.share(value as object) as Value;
  if (Array.isArray(value)) return value.map((item) => shareAgain(item, from, to));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shareAgain(inner, from, to)]));
}
