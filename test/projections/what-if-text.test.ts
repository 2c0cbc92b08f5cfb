/**
 * What a what-if says, in words: the records are made by the real machines in the real runtime; only the world is
 * scripted.
 */

import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import type { StoredRecord } from '../../src/journal/journal.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { loadMachines } from '../../src/miner.ts';
import { whatIfLines } from '../../src/projections/what-if-text.ts';
import { whatIf } from '../../src/replay/what-if.ts';
import * as round from '../machines/round.ts';
import { recordsOf, type Script } from './fixtures/told.ts';

const begins = round.deadlines.submit - round.config.blockDelaySecs * 1000;
const since = (secs: number) => ({ value: { ...round.base, since: begins + secs * 1000 } });

/** Lines without the last, which is always the same. */
async function asked(script: Script, change: { readonly [key: string]: Value }): Promise<readonly string[]> {
  const all = await recordsOf(script);
  const recorded = all.filter(({ stream }) => stream === `${round.miner}/${round.epoch}`);
  const { shared } = await openJournal(memoryStore());
  const start = (input: Value): Value => {
    const { config, ...rest } = input as { readonly config: { readonly [key: string]: Value } };
    return { ...rest, config: { ...config, ...change } };
  };
  const answer = await whatIf(stored(recorded), { machines: loadMachines(), shared }, { start }, all);
  const error = answer.end === 'error' ? answer.message : null;
  const lines = whatIfLines({ recorded, records: answer.records, needs: answer.end === 'unknown' ? answer.needs : [], error });
  expect(lines.at(-1)).toBe('Each answer is taken to come as fast as it did.');
  return lines.slice(0, -1);
}

async function* stored(records: readonly JournalRecord[]): AsyncGenerator<StoredRecord> {
  for (const record of records) yield { record, bytes: new Uint8Array(0), hash: new Uint8Array(32) };
}

describe('what if', () => {
  it('8 s instead of 10, the head there by then: as it was', async () => {
    const answers = { getHead: since(3), proveWinningPost: { value: round.proofs, takes: 0.25 } };
    expect(await asked({ answers, begins: -10 }, { propagationDelaySecs: 8 })).toEqual([
      'With propagationDelaySecs 8 instead of 10: same base, proof ready 0.988 s before the cut-off, mined as it was.',
    ]);
  });

  it('8 s instead of 10, and the head came later than that', async () => {
    expect(await asked({ answers: { getHead: since(9) }, begins: -10 }, { propagationDelaySecs: 8 })).toEqual([
      'With propagationDelaySecs 8 instead of 10: nothing is known of it.',
      'How it ends is not known. Missing: which head the node had 8 s into epoch 99; the journal has that of epoch 99, seen 10 s into epoch 99, which it had since 9 s into epoch 99.',
      'As it was: mined.',
    ]);
  });

  it('12 s instead of 10, with a late head that was news by then: another base, the one that the cut-off left of the recorded', async () => {
    const answers = { getHead: [since(3), since(3), { value: { ...round.baseLessLast, since: begins + 11_000 } }] };
    const news = { after: 11, head: round.baseLessLast };
    expect(await asked({ answers, news, begins: -10 }, { propagationDelaySecs: 12 })).toEqual([
      'With propagationDelaySecs 12 instead of 10: on 1 block of epoch 99 instead of 2 blocks of epoch 99, proof ready 0.262 s after the cut-off, mined as it was.',
    ]);
  });

  it('a later give-up: the proof that was given up would still be awaited', async () => {
    const answers = { getHead: since(3), proveWinningPost: { value: round.proofs, takes: 90 } };
    expect(await asked({ answers }, { giveUpSecs: 20 })).toEqual([
      'With giveUpSecs 20 instead of none: same base.',
      'How it ends is not known. Missing: the proof, and how long it takes: it was given up after 29.238 s; there would have been 39.238 s until a block comes too late.',
      'As it was: late: prove.',
    ]);
  });

  it('an earlier give-up: late where it was mined', async () => {
    const answers = { getHead: since(3), proveWinningPost: { value: round.proofs, takes: 25 } };
    expect(await asked({ answers }, { giveUpSecs: 3 })).toEqual(['With giveUpSecs 3 instead of none: same base, late: prove; it was mined.']);
    expect(await asked({ answers }, { giveUpSecs: 6 })).toEqual([
      'With giveUpSecs 6 instead of none: same base, proof ready 23.762 s after the cut-off, block out 0.113 s before it would have been too late, mined as it was.',
    ]);
  });

  it('a lost election is lost whenever it is held', async () => {
    const script = { answers: { getHead: since(3), getMiningBaseInfo: { value: round.powerless } } };
    expect(await asked(script, { propagationDelaySecs: 5 })).toEqual(['With propagationDelaySecs 5 instead of 10: same base, lost as it was.']);
  });
});
