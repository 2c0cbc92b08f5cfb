/**
 * `--unverified`: real journals, damaged in their files, which are refused without it and told as far as they go with
 * it (docs/journal.md, «Reading a damaged one»).
 */

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepNetwork } from '../../../src/cli/journal/journal-network.ts';
import { recordKey, roomRange } from '../../../src/journal/format/keys.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { openDevnet } from '../../audit/fixtures/devnet.ts';
import { reMine } from '../../journal/fixtures/re-mined.ts';
import { mineone } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-unverified-'));
const whole = join(folder, 'whole');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Six epochs of three miners, opened again after each two: tables and a log. */
beforeAll(async () => {
  for (const [from, to] of [
    [1, 2],
    [3, 4],
    [5, 6],
  ] as const) {
    const journal = await openJournal(await openLevelStore(join(whole, 'journal')));
    await reMine(journal, to, from);
    await journal.close();
  }
  keepNetwork(whole, (await openDevnet()).judge.params);
});

let copies = 0;

/** A copy, and its database. */
function copied(): { readonly data: string; readonly db: string } {
  const data = join(folder, `copy-${copies++}`);
  cpSync(whole, data, { recursive: true });
  return { data, db: join(data, 'journal', 'db') };
}

const files = (db: string, kind: RegExp): readonly string[] => readdirSync(db).filter((name) => kind.test(name) && statSync(join(db, name)).size > 0);

function flip(path: string, at: number): void {
  const bytes = new Uint8Array(readFileSync(path));
  bytes[at] = (bytes[at] as number) ^ 0x55;
  writeFileSync(path, bytes);
}

async function removeRecord(db: string, seq: number): Promise<void> {
  const level = new Level<Uint8Array, Uint8Array>(db, { keyEncoding: 'view', valueEncoding: 'view', compression: false });
  await level.open();
  await level.del(recordKey(seq));
  await level.close();
}

const DAMAGES: readonly (readonly [what: string, damage: (db: string) => void | Promise<void>, says: RegExp])[] = [
  ['bytes flipped in a table', (db) => flip(join(db, files(db, /\.ldb$/)[0] as string), 700), /\.ldb: a block of it is damaged, at byte \d+/],
  [
    'bytes flipped in the index of a table',
    (db) => flip(join(db, files(db, /\.ldb$/)[0] as string), statSync(join(db, files(db, /\.ldb$/)[0] as string)).size - 60),
    /\.ldb: /,
  ],
  ['a record taken out', (db) => removeRecord(db, 40), /1 record missing \(40\); not whole: f0/],
  ['a table taken away', (db) => rmSync(join(db, files(db, /\.ldb$/)[0] as string)), /\.ldb: it is missing/],
  ['no manifest', (db) => rmSync(join(db, 'CURRENT')), /MANIFEST: it cannot be read/],
];

const TOLD = ['epochs', 'times', 'journal stat', 'journal tail'];

describe.each(DAMAGES)('a journal with %s', { timeout: 120_000 }, (_, damage, says) => {
  const { data, db } = { data: join(folder, `damaged-${copies++}`), db: '' };
  beforeAll(async () => {
    cpSync(whole, data, { recursive: true });
    await damage(join(data, 'journal', 'db'));
  });

  it('is refused: it could not be looked at', async () => {
    for (const command of TOLD) {
      const ran = await mineone([...command.split(' '), '--data', data]);
      expect([ran.code, ran.stdout]).toEqual([3, '']);
      expect(ran.stderr).toMatch(/JOURNAL_(CORRUPT|READ|OPEN)/);
    }
    expect(db).toBe('');
  });

  it('is told as far as it goes with --unverified, after a warning that says what is lost', async () => {
    for (const command of TOLD) {
      const ran = await mineone([...command.split(' '), '--unverified', '--data', data]);
      expect(ran).toMatchObject({ code: 0 });
      const [first = '', ...rest] = ran.stdout.split('\n');
      expect(first).toMatch(/^Unverified: .*nothing of this journal is verified/);
      expect(first).toMatch(says);
      expect(rest.length).toBeGreaterThan(1);
    }
  });

  it('names the epochs that are whole and those that lack a record, and explains one of each', async () => {
    const { stdout } = await mineone(['epochs', '--unverified', '--json', '--data', data]);
    const [warning, ...rows] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(warning).toMatchObject({ type: 'warning', code: 'JOURNAL_UNVERIFIED', damage: expect.any(Object) });
    const end = rows.pop();
    expect(end).toMatchObject({ type: 'end', epochs: rows.length });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ outcome }) => outcome !== 'unattended')).toBe(true);
    for (const row of [rows.find(({ isWhole }) => isWhole), ...rows.filter(({ isWhole, outcome }) => !isWhole && outcome !== 'unknown').slice(0, 2)]) {
      if (row === undefined) continue;
      const asked = ['--epoch', String(row.epoch), '--miner', row.miner, '--unverified', '--data', data];
      const told = await mineone(['explain', ...asked, '--json']);
      expect(told).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(told.stdout)).toMatchObject({ epoch: row.epoch, miner: row.miner, unverified: expect.any(Object) });
    }
  });
});

describe('an epoch that lost its beginning or its end', { timeout: 120_000 }, () => {
  it.for(['first', 'last'] as const)('has a row that says so, and is counted: its %s record taken out', async (which) => {
    const { data, db } = copied();
    const journal = await openJournal(await openLevelStore(join(data, 'journal')));
    const seqs: number[] = [];
    for await (const { record } of journal.stream('f01000/3')) seqs.push(record.seq);
    await journal.close();
    await removeRecord(db, seqs.at(which === 'first' ? 0 : -1) as number);
    const args = ['--unverified', '--data', data];
    const text = await mineone(['epochs', ...args, '--outcome', 'unknown', '--from', '3', '--to', '3']);
    expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ +3 {2}f01000 {2}unknown \(not whole\) +(-|\d+)$/m) });
    const json = (await mineone(['epochs', ...args, '--json'])).stdout.trimEnd().split('\n');
    const rows = json.map((line) => JSON.parse(line)).filter(({ type }) => type === 'epoch');
    expect(rows).toHaveLength(18);
    const lost = { miner: 'f01000', epoch: 3, outcome: 'unknown', name: 'unknown (not whole)', isWhole: false };
    expect(rows.filter(({ isWhole }) => !isWhole)).toEqual([expect.objectContaining(lost)]);
    const { miners } = JSON.parse((await mineone(['journal', 'stat', ...args, '--json'])).stdout);
    const counted = Object.values(miners.find(({ miner }: { readonly miner: string }) => miner === 'f01000').outcomes as Record<string, number>);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(6);
  });
});

describe('what epochs were mined by', { timeout: 120_000 }, () => {
  const told = async (data: string) => {
    const { stdout } = await mineone(['epochs', '--unverified', '--json', '--data', data]);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };

  /** Takes away the values that records name by their hash. */
  async function withoutValues(): Promise<string> {
    const { data, db } = copied();
    const level = new Level<Uint8Array, Uint8Array>(db, { keyEncoding: 'view', valueEncoding: 'view', compression: false });
    await level.open();
    const [gte, lt] = roomRange('shared');
    for await (const key of level.keys({ gte, lt })) await level.del(key);
    await level.close();
    return data;
  }

  it('is found again beside the journal where all values are lost: every epoch has its outcome, and none counts as whole', async () => {
    const plain = (await mineone(['epochs', '--json', '--data', whole])).stdout.trimEnd().split('\n');
    const [warning, ...rows] = await told(await withoutValues());
    expect(warning.damage).toMatchObject({ files: [], missing: [], unreadable: [], changed: [] });
    expect(warning.damage.partial.length).toBeGreaterThan(18);
    const outcomeOf = ({ miner, epoch, outcome }: { readonly miner: string; readonly epoch: number; readonly outcome: string }) =>
      `${miner}/${epoch} ${outcome}`;
    expect(rows.slice(0, -1).map(outcomeOf)).toEqual(plain.slice(0, -1).map((line) => outcomeOf(JSON.parse(line))));
    expect(rows.slice(0, -1).some(({ isWhole }) => isWhole)).toBe(false);
  });

  it('is lost where no file says it: no outcome is told, and that is said; the records are shown', async () => {
    const data = await withoutValues();
    rmSync(join(data, 'network.json'));
    const [warning, ...rows] = await told(data);
    expect(warning.message).toMatch(/\d+ records without a value that is lost/);
    expect(rows).toHaveLength(19);
    expect(rows.slice(0, -1).every(({ name, isWhole }) => name === 'unknown (not whole)' && !isWhole)).toBe(true);
    expect(rows.at(-1)).toEqual({ type: 'end', epochs: 18, outcomes: { unknown: 18 } });
    const tail = await mineone(['journal', 'tail', '-n', '5', '--unverified', '--data', data]);
    expect(tail).toMatchObject({ code: 0, stderr: '' });
    expect(tail.stdout.trimEnd().split('\n')).toHaveLength(6);
    const gone = await mineone(['explain', '--epoch', '5', '--miner', 'f01000', '--unverified', '--data', data]);
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('EPOCH_UNKNOWN') });
  });
});

describe('--unverified', () => {
  it('of a whole journal tells the same epochs, and that nothing is seen to be missing', async () => {
    const [plain, unverified] = [await mineone(['epochs', '--data', whole]), await mineone(['epochs', '--unverified', '--data', whole])];
    const [first = '', ...rest] = unverified.stdout.split('\n');
    expect(first).toMatch(/^Unverified: nothing is seen to be missing;/);
    expect(rest.join('\n')).toBe(plain.stdout);
  });

  it('says of an epoch that is gone that nothing of it can be read, and follows nothing', async () => {
    const { data, db } = copied();
    await removeRecord(db, 0);
    const gone = await mineone(['explain', '--epoch', '999', '--miner', 'f01000', '--unverified', '--data', data]);
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringMatching(/^mineone: EPOCH_UNKNOWN: nothing of epoch 999 of f01000 can be read/) });
    expect(await mineone(['journal', 'tail', '--follow', '--unverified', '--data', data])).toMatchObject({ code: 2 });
  });

  it('is no option of what mines or replays, nor of a journal of which nothing is left', async () => {
    for (const command of ['replay', 'luck', 'run', 'devnet', 'journal verify', 'journal prune'])
      expect(await mineone([...command.split(' '), '--unverified'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("unknown option '--unverified'"),
      });
    const { data, db } = copied();
    for (const name of files(db, /\.(ldb|log)$/)) writeFileSync(join(db, name), new Uint8Array(100));
    expect(existsSync(db)).toBe(true);
    expect(await mineone(['epochs', '--unverified', '--data', data])).toMatchObject({ code: 3, stderr: expect.stringContaining('no record of the journal') });
  });
});
