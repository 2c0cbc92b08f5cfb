/** A durable turn (decode, step, record, one synced batch) beside LevelDB writing the same bytes in a synced batch of its own, turn by turn in the same run. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/level-store.ts';
import { memoryStore } from '../../src/journal/memory-store.ts';
import type { JournalRecord } from '../../src/journal/record.ts';
import { settledInput } from '../../src/journal/settled.ts';
import type { SharedValues, Value } from '../../src/journal/value.ts';
import type { Store, StoreOp } from '../../src/ports/store.ts';
import type { Taken } from '../../src/runtime/replay.ts';
import { type Actors, takeTurn } from '../../src/runtime/turn.ts';
import { MACHINES, reMine } from '../journal/fixtures/re-mined.ts';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const EPOCHS = 60;
/** Turns until the compiler has seen them all: a daemon runs for months. */
const WARM_UP = 600;

export async function run(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mineone-bench-turn-'));
  try {
    return await measured(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measured(folder: string): Promise<readonly BenchRow[]> {
  const mined = await openJournal(memoryStore());
  await reMine(mined, EPOCHS);
  const raw = await openLevelStore(join(folder, 'raw'));
  const told = telling(await openLevelStore(join(folder, 'journal')));
  const journal = await openJournal(told.store);
  const live = new Map<string, Actors>();
  const ours: number[] = [];
  const theirs: number[] = [];
  for await (const { record } of mined.records()) {
    const sent = shareAgain(record.input as unknown as Value, mined.shared, journal);
    const start = performance.now();
    turn(journal, live, record, sent);
    await journal.flush();
    const taken = performance.now();
    await raw.write(told.last());
    theirs.push(performance.now() - taken);
    ours.push(taken - start);
  }
  await journal.close();
  await raw.close();
  return rows(ours.slice(WARM_UP), theirs.slice(WARM_UP));
}

function turn(journal: Journal, live: Map<string, Actors>, { stream, at }: JournalRecord, sent: Value): void {
  const input = settledInput(journal.shared, sent as unknown as Taken);
  const context = { stream, seq: journal.next(), machines: MACHINES, shared: journal.shared, bind: () => ({ verdict: 'bound' }) };
  const taken = takeTurn(live.get(stream) ?? new Map(), input, context);
  if (taken === null) throw new Error(`nobody waited for the result that record ${journal.next()} is of`);
  live.set(stream, taken.actors);
  journal.add({ at, stream, input, steps: taken.steps, binds: taken.binds, outcome: taken.outcome ?? null });
}

function rows(ours: readonly number[], theirs: readonly number[]): readonly BenchRow[] {
  const durable = summary(ours);
  const reference = summary(theirs).median;
  const overheads = summary(ours.map((ms, i) => Math.max(0, ms - (theirs[i] as number))));
  const p99 = (samples: readonly number[]): number => samples.toSorted((a, b) => a - b)[Math.floor(samples.length * 0.99)] as number;
  return [
    {
      name: `a durable turn (${ours.length})`,
      unit: 'ms',
      ...durable,
      reference: { name: 'LevelDB, the same bytes in a synced batch', median: reference, ratio: durable.median / reference },
      target: 'at most 1.5 times',
    },
    {
      name: 'of it beyond the batch, 99th percentile against 99th',
      unit: 'ms',
      median: p99(ours) - p99(theirs),
      spread: overheads.spread,
      target: 'below 1 ms',
    },
  ];
}

/** What the journal wrote last, for the other store to write as well. */
function telling(store: Store): { readonly store: Store; readonly last: () => readonly StoreOp[] } {
  let last: readonly StoreOp[] = [];
  const write = (ops: readonly StoreOp[]): Promise<void> => {
    last = ops;
    return store.write(ops);
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
