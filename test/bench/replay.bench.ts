/**
 * Replay of a re-mined journal held in memory, on one core, beside plain XState taking as many events: what of a replay
 * is the machines' own.
 */

import { performance } from 'node:perf_hooks';
import { assign, createActor, setup } from 'xstate';
import { openJournal, type StoredRecord } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { replay } from '../../src/replay/replay.ts';
import { MACHINES, reMine } from '../journal/fixtures/re-mined.ts';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const EPOCHS = 60;
const SAMPLES = 31;
const WARM_UP = 10;

const toggle = setup({ types: { context: {} as { readonly n: number } } }).createMachine({
  id: 'toggle',
  context: { n: 0 },
  initial: 'a',
  states: { a: { on: { x: 'b' } }, b: { on: { x: { target: 'a', actions: assign({ n: ({ context }) => context.n + 1 }) } } } },
});

export async function run(): Promise<readonly BenchRow[]> {
  const journal = await openJournal(memoryStore());
  await reMine(journal, EPOCHS);
  const records: StoredRecord[] = [];
  for await (const stored of journal.records()) records.push(stored);
  const decoding: number[] = [];
  const whole: number[] = [];
  const stepping: number[] = [];
  const plain: number[] = [];
  for (let i = 0; i < SAMPLES + WARM_UP; i++) {
    const start = performance.now();
    for await (const _ of journal.records());
    const decoded = performance.now();
    const { steps, divergence } = await replay(inMemory(records), MACHINES, journal.shared);
    const replayed = performance.now();
    if (divergence !== null) throw new Error(`the replay differs at record ${divergence.seq}: ${divergence.what}`);
    const again = performance.now();
    await replay(journal.records(), MACHINES, journal.shared);
    const throughout = performance.now() - again;
    const actor = createActor(toggle).start();
    const began = performance.now();
    for (let n = 0; n < steps; n++) actor.send({ type: 'x' });
    if (i < WARM_UP) continue;
    plain.push((steps * 1000) / (performance.now() - began));
    whole.push((steps * 1000) / throughout);
    decoding.push((records.length * 1000) / (decoded - start));
    stepping.push((steps * 1000) / (replayed - decoded));
  }
  const stepped = summary(stepping);
  const reference = summary(plain).median;
  return [
    {
      name: `replay, ${records.length} records of ${EPOCHS} epochs, 3 miners`,
      unit: 'steps/s',
      ...stepped,
      reference: { name: 'plain XState, send to a toggle', median: reference, ratio: stepped.median / reference },
      target: 'at least 30000',
    },
    { name: 'the same with reading: decode, hash chain, compare', unit: 'steps/s', ...summary(whole) },
    { name: 'reading the journal: decode, hash chain', unit: 'records/s', ...summary(decoding) },
  ];
}

async function* inMemory(records: readonly StoredRecord[]): AsyncGenerator<StoredRecord> {
  yield* records;
}
