/** `mineone luck`: what it says of draws and losses, in words and as JSON, and what it refuses. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { luckLines } from '../../src/cli/luck-text.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { luckFold } from '../../src/projections/luck.ts';
import { reMine } from '../journal/fixtures/re-mined.ts';
import * as round from '../machines/round.ts';
import { epochRecords, type MadeEpoch } from '../projections/fixtures/made-records.ts';
import { mineone } from './run.ts';

const told = (epochs: readonly MadeEpoch[]): string => {
  const fold = luckFold();
  for (const epoch of epochs) for (const record of epochRecords(epoch)) fold.add(record);
  return luckLines(fold.report()).join('\n');
};
const epochOf = (epoch: number, miner: string, outcome: MadeEpoch['outcome'], draw: number | null): MadeEpoch => ({
  miner,
  epoch,
  election: draw === null ? null : { power: 1n, networkPower: 1n, vrfProof: Uint8Array.of(draw) },
  outcome,
});
/** With all the power there is 5 wins are expected; these draws give 1, 11 and none. */
const [POOR, RICH, NONE] = [5, 0, 248];

describe('in words', () => {
  it('draws, then what became of them, loss by its reason', () => {
    const mined = { outcome: 'mined', cid: round.cid(1), winCount: 11 } as const;
    const epochs = [
      epochOf(1, 'f01000', mined, RICH),
      epochOf(1, 'f01001', { outcome: 'late', stage: 'base' }, null),
      epochOf(2, 'f01000', { outcome: 'late', stage: 'prove' }, POOR),
      epochOf(2, 'f01001', { ...mined, winCount: 1 }, POOR),
      epochOf(3, 'f01000', { outcome: 'rejected', failure: round.fault }, POOR),
    ];
    expect(told(epochs)).toMatchInlineSnapshot(`
      "Epochs 1 to 3.

      miner   elections  expected  wins  95 % of stretches    luck
      f01000          3     15.00    13            8 to 23  86.7 %
      f01001          1      5.00     1            1 to 10  20.0 %
      all             4     20.00    14           12 to 29  70.0 %

      The draws are what chance gives: everybody's wins lie where 95 of 100 such stretches have them.

      miner   what became of it        epochs  wins  of its wins
      f01000  mined                         1    11       84.6 %
      f01000  late: prove                   1     1        7.7 %
      f01000  rejected: NODE_REFUSED        1     1        7.7 %
      f01001  mined                         1     1      100.0 %
      f01001  no election: late: base       1
      f01001  unattended: asleep            1

      Lost, and not by luck: 2 of 14 wins. 1 epoch held no election; nobody knows what was won there. 1 epoch was unattended: about 5.0 wins were expected there."
    `);
  });

  it('says whose draws chance hardly gives, and that chance does so at times', () => {
    const poor = Array.from({ length: 9 }, (_, epoch) => epochOf(epoch, 'f01000', null, NONE));
    expect(told(poor)).toContain('Outside of what 95 of 100 such stretches have: f01000 below. One stretch in twenty is, by chance.');
  });

  it('of a journal without epochs: one sentence', () => {
    expect(luckLines(luckFold().report())).toEqual(['The journal holds no epoch yet: there are no wins to count.']);
  });
});

describe('the command', () => {
  const data = mkdtempSync(join(tmpdir(), 'mineone-test-luck-'));
  const empty = mkdtempSync(join(tmpdir(), 'mineone-test-luck-'));
  beforeAll(async () => {
    const journal = await openJournal(await openLevelStore(join(data, 'journal')));
    await reMine(journal, 6);
    await journal.close();
    await (await openJournal(await openLevelStore(join(empty, 'journal')))).close();
  });
  afterAll(() => {
    rmSync(data, { recursive: true });
    rmSync(empty, { recursive: true });
  });
  const luck = (...args: readonly string[]) => mineone(['luck', '--data', data, ...args]);

  it('tells of every miner, and of all', async () => {
    const { code, stdout, stderr } = await luck();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Epochs 1 to 6\.\n\nminer {3}elections {2}expected {2}wins {2}95 % of stretches +luck\nf01000 +6 +17\.14 /);
    expect(stdout).toMatch(/\nall +18 +30\.00 /);
  });

  it('of one, and of the last epochs alone, as one JSON document', async () => {
    const { all, miners, from, to } = JSON.parse((await luck('--miner', 't01001', '--window', '12s', '--json')).stdout);
    expect([from, to, miners.length, all.elections]).toEqual([4, 6, 1, 3]);
    expect(miners[0]).toEqual({ ...all, miner: 'f01001' });
  });

  it('of a window that is longer than the journal: all of it', async () => {
    const [whole, asked] = await Promise.all([luck('--json'), luck('--window', '30d', '--json')]);
    expect([asked.code, asked.stdout]).toEqual([0, whole.stdout]);
  });

  it('of a journal that holds nothing: exit code 0, a sentence; of a miner that it does not know: an error', async () => {
    const { code, stdout } = await mineone(['luck', '--data', empty]);
    expect([code, stdout]).toEqual([0, 'The journal holds no epoch yet: there are no wins to count.\n']);
    const of = await mineone(['luck', '--data', empty, '--miner', 'f01000']);
    expect(of).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: MINER_UNKNOWN: /) });
  });

  it.for([
    [['--miner', 'f077'], 3, 'MINER_UNKNOWN: the journal holds no epoch of f077 in that time; see `mineone journal stat`'],
    [['--window', '3'], 2, 'A duration is a number and its unit, such as 30d, 12h, 90m, 45s or 500ms'],
    [['--window', '0d'], 2, 'A duration is a number and its unit'],
  ] as const)('%j is refused with exit code %i', async ([args, exit, said]) => {
    const { code, stdout, stderr } = await luck(...args);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(said);
  });

  it('without a journal: the folder and what to do', async () => {
    const { code, stderr } = await mineone(['luck', '--data', join(data, 'nowhere')]);
    expect([code, stderr.split(':')[1]]).toEqual([3, ' JOURNAL_MISSING']);
  });
});
