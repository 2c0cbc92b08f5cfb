/**
 * Each fault alone, on the real devnet under the real miner: how often epochs end how, and what `explain` says of those
 * that it changed.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../../native/bls.ts';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { FAULT_NAMES, type FaultName, needsRival } from '../../../src/devnet/faults/fault.ts';
import { rememberingBls } from '../../../src/devnet/setting/remembering-bls.ts';
import type { JournalRecord } from '../../../src/journal/format/record.ts';
import type { EpochOutcome } from '../../../src/mining/outcome.ts';
import { explain } from '../../../src/projections/explain.ts';
import { secs } from '../../../src/projections/figures.ts';
import { luckFold } from '../../../src/projections/luck.ts';
import { outcomeName } from '../../../src/projections/outcome-name.ts';
import { mineEpochs, streamsOf } from '../fixtures/mined-epochs.ts';

const EPOCHS = 12;
const SEED = 'goldens b';
const RATE = 0.4;
/** Of a clock it is how wrong it goes: with this seed it is fast. */
const RATES: Partial<Record<FaultName, number>> = { 'clock-skew': 0.4 };
/** Stories a fault at most. */
const TOLD = 4;

interface Story {
  readonly outcome: string;
  readonly text: string;
}

/** What `mineone explain` reads beside the epoch's own records. */
const BESIDE = ['EPOCH/rescue', 'EPOCH/fate', 'network'];

type Stories = ReadonlyMap<string, Story>;

interface Gone {
  readonly stories: Stories;
  readonly became: string;
  /** How much later than they came the heads were seen. */
  readonly seen: string;
  /** SHA-256 of the journal's last record. */
  readonly headHash: string;
}

const bls = rememberingBls(loadBls().bls);
const quiet = new Map<boolean, Gone>();

/** How each epoch of each miner went, and what became of what was won. */
async function goneThrough(name: FaultName | null, rival: boolean): Promise<Gone> {
  const faults = name === null ? [] : [{ name, rate: RATES[name] ?? RATE }];
  const { records, seenAfter, headHash } = await mineEpochs({
    seed: SEED,
    miners: 3,
    epochs: EPOCHS,
    bls,
    faults,
    world: { rivals: rival ? [{ power: 3n * 10n * 2n ** 35n }] : [] },
  });
  const streams = streamsOf(records);
  const stories = new Map<string, Story>();
  for (const [stream, own] of streams) {
    const outcome = own.at(-1)?.outcome as unknown as EpochOutcome | null;
    if (stream.split('/').length !== 2 || outcome === null) continue;
    stories.set(stream, {
      outcome: outcomeName(outcome),
      text: explain([...own, ...BESIDE.flatMap((name) => streams.get(name.replace('EPOCH', stream)) ?? [])])
        .join('\n')
        .replaceAll(/bafy\w+/g, 'bafy…'),
    });
  }
  return { stories, became: becameOf(records), seen: seenText(seenAfter), headHash: toHex(headHash) };
}

function becameOf(records: readonly JournalRecord[]): string {
  const fold = luckFold();
  for (const record of records) fold.add(record);
  const { wins, kept, lost } = fold.report().all;
  return [`${wins} wins, ${kept.wins} kept`, ...lost.map(({ name, wins: own }) => `${own} ${name}`)].join(', ');
}

function seenText(after: readonly (number | null)[]): string {
  const counts = new Map<string, number>();
  for (const ms of after) {
    const when = ms === null ? 'never' : ms === 0 ? 'at once' : `late by ${secs(ms)}`;
    counts.set(when, (counts.get(when) ?? 0) + 1);
  }
  return [...counts].map(([when, count]) => `${count} ${when}`).join(', ');
}

function countsOf(stories: Stories): string {
  const counts = new Map<string, number>();
  for (const { outcome } of stories.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

/** Stories that are others without the fault, those of lost elections left out: the first that ends in each way. */
function changed(stories: Stories, without: Stories): readonly Story[] {
  const other = [...stories].filter(([stream, { outcome, text }]) => outcome !== 'lost' && without.get(stream)?.text !== text).map(([, story]) => story);
  return other.filter((story, i) => other.findIndex((first) => endOf(first) === endOf(story)) === i).slice(0, TOLD);
}

/** `mined, and orphaned (base-differs)`, of a story's first line. */
function endOf({ text }: Story): string {
  const [first = ''] = text.split('\n');
  return first.slice(first.indexOf(': '));
}

beforeAll(async () => {
  for (const rival of [false, true]) quiet.set(rival, await goneThrough(null, rival));
});

describe('a devnet', () => {
  it('without faults mines every epoch that is won', () => {
    for (const { stories } of quiet.values()) expect(countsOf(stories)).toMatch(/^\d+ lost, \d+ mined$/);
  });

  it.for(FAULT_NAMES)('with %s', async (name) => {
    const rival = needsRival({ name, rate: RATE });
    const [gone, without] = [await goneThrough(name, rival), quiet.get(rival) as Gone];
    expect(gone.stories.size).toBe(without.stories.size);
    const told = changed(gone.stories, without.stories);
    const lines = [
      `${EPOCHS} epochs of 3 miners${rival ? ' and a rival' : ''}`,
      `  without it: ${countsOf(without.stories)}; ${without.became}`,
      `  with it:    ${countsOf(gone.stories)}; ${gone.became}`,
      '',
      // Where that is all that there is to tell: no record is another one, and so no story.
      ...(told.length === 0
        ? [
            `Nothing is told in another way: the journal is ${gone.headHash === without.headHash ? 'the same, hash for hash' : 'another one'}. Heads were seen:`,
            `  without it: ${without.seen}`,
            `  with it:    ${gone.seen}`,
            '',
          ]
        : told.flatMap(({ text }) => [text, ''])),
    ];
    await expect(lines.join('\n')).toMatchFileSnapshot(`goldens/${name}.txt`);
  });
});
