/**
 * A journal that is not where a command looked, and epochs that a journal does not hold: the error says where they are.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mineone } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-journals-'));
const env = { HOME: home };
beforeAll(async () => {
  expect((await mineone(['devnet', '--speed', 'max', '--epochs', '4'], { env })).code).toBe(0);
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.concurrent('a command after `mineone devnet`', { timeout: 60_000 }, () => {
  it.for([
    'epochs',
    'times',
    'luck',
    'replay',
    'explain --epoch 2 --miner f01000',
    'journal stat',
    'journal tail -n 3',
    'journal verify',
    'epochs --unverified',
  ])('%s names the folder that holds the journal, in a line to be pasted', async (line) => {
    const { code, stdout, stderr } = await mineone(line.split(' '), { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`but there is one in ~/.mineone/devnet-max; run: node dist/src/main.js ${line} --data ~/.mineone/devnet-max\n`);
  });

  it.for(['epochs --from 100', 'times --from 100', 'epochs --from 100 --to 200 --unverified'])('%s says which epochs there are', async (line) => {
    const ran = await mineone([...line.split(' '), '--data', join(home, '.mineone/devnet-max')]);
    expect(ran).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(': the journal holds epochs 1 to 4; choose --from and --to among them') });
  });

  it('an audit and a run of epochs past the end of their source say the same', async () => {
    const source = 'test/cassette/devnet-2k.car.gz';
    const { code, stderr } = await mineone(['audit', source, '--network', '2k', '--from', '9999']);
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('there is no epoch from 9999 on: the source holds epochs 0 to 368; choose --from and --to among them'),
    ]);
  });
});
