/** `mineone run --observe` on a recorded chain, and what reads its journal afterwards: replay, verify, stat, tail, explain. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mineone, type Ran } from './run.ts';

const chain = 'test/cassette/devnet-2k.car.gz';
const network = 'test/cassette/devnet-2k.network.json';
const keys = 'test/cassette/devnet-worker-key.json';
const data = mkdtempSync(join(tmpdir(), 'mineone-test-observe-'));
const observe = (...more: readonly string[]) =>
  mineone(['run', '--observe', '--node', chain, '--network', network, '--key', keys, '--miner', 'f01000', '--miner', 'f01001', ...more]);
const linesOf = ({ stdout }: Ran) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('six epochs mined again', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await observe('--to', '6', '--data', data, '--json');
  });

  it('one outcome for each miner and epoch, each block on the chain reproduced', () => {
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const rows = linesOf(ran);
    const end = rows.pop();
    expect(rows.map(({ miner, epoch }) => `${miner}/${epoch}`)).toEqual(
      [1, 2, 3, 4, 5, 6].flatMap((epoch) => ['f01000', 'f01001'].map((miner) => `${miner}/${epoch}`)),
    );
    expect(rows.filter((row) => row.chain === 'reproduced').map(({ miner, epoch, wins }) => [miner, epoch, wins])).toEqual([
      ['f01000', 1, 1],
      ['f01000', 2, 3],
      ['f01000', 3, 4],
      ['f01000', 4, 1],
      ['f01000', 5, 1],
    ]);
    expect(end).toMatchObject({ type: 'end', epochs: 6, blocks: 5, reproduced: 5, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('once more into the same journal: nothing is mined a second time', async () => {
    const again = await observe('--to', '6', '--data', data, '--json');
    expect(again.code).toBe(0);
    expect(linesOf(again).slice(0, -1)).toEqual(linesOf(ran).slice(0, -1));
  });

  it('replay: every transition identical; an epoch that is not there is an error', async () => {
    const { code, stdout } = await mineone(['replay', '--data', data, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { divergence: null }]);
    expect(JSON.parse(stdout).records).toBeGreaterThan(12 * 6);
    const one = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--step']);
    expect(one.stdout).toMatch(/ start epoch .*awaitingBase(.|\n)* = observed\nEvery transition identical/);
    expect((await mineone(['replay', '--data', data, '--engine', 'xstate'])).stdout).toMatch(
      /^Every transition identical: \d+ records, \d+ steps, stepped by XState itself, in /,
    );
    expect(await mineone(['replay', '--data', data, '--epoch', '99'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^mineone: REPLAY_EMPTY: /) });
  });

  it('what-if: where it would have gone another way, and what nobody recorded', async () => {
    const asked = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'observe=false', '--json']);
    expect(JSON.parse(asked.stdout)).toMatchObject({ end: 'unknown', needs: ['createBlock'] });
    const wrong = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'luck=1']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no parameter of an epoch; there are network, ') });
  });

  it('journal verify, stat and tail', async () => {
    const verified = await mineone(['journal', 'verify', '--data', data]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Whole: \d+ records, each names the one before it; /) });
    const stat = await mineone(['journal', 'stat', '--data', data, '--json']);
    expect(
      JSON.parse(stat.stdout)
        .miners.map(({ miner, from, to }: { miner: string; from: number; to: number }) => [miner, from, to])
        .sort(),
    ).toEqual([
      ['f01000', 1, 6],
      ['f01001', 1, 6],
    ]);
    const tail = await mineone(['journal', 'tail', '--data', data, '-n', '2', '--json']);
    const [before, last] = linesOf(tail);
    expect(last.seq).toBe(before.seq + 1);
  });

  it('replay --crypto: every recorded signature good', async () => {
    const { code, stdout } = await mineone(['replay', '--data', data, '--crypto', '--network', network, '--json']);
    expect([code, JSON.parse(stdout).crypto]).toMatchObject([0, { fault: null }]);
    // An election for each of 12 rounds, a ticket for those that were won.
    expect(JSON.parse(stdout).crypto.vrfs).toBeGreaterThan(12);
  });

  it('one epoch to a file, and from it replayed without the journal', async () => {
    const file = join(data, 'two.epoch');
    expect(await mineone(['journal', 'export', '--data', data, '--epoch', '2', '--miner', 'f01000', '--out', file])).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await mineone(['journal', 'import', '--check', file]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'f01000, epoch 2 of devnet-2k: won, observing.']);
    expect(stdout).toMatch(/\nEvery transition identical: \d+ records, \d+ steps\.\n$/);
  });

  it('explain tells an epoch; one that is not there is an error', async () => {
    const { code, stdout } = await mineone(['explain', '--data', data, '--epoch', '2', '--miner', 'f01000']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^f01000, epoch 2 of devnet-2k: won, observing\.\n3 wins: it would have been mined/);
    expect(await mineone(['explain', '--data', data, '--epoch', '99', '--miner', 'f01000'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^mineone: EPOCH_UNKNOWN: /),
    });
  });
});

describe.concurrent('what cannot be', () => {
  it('a chain file takes no blocks', async () => {
    expect(await mineone(['run', '--node', chain])).toMatchObject({ code: 2, stderr: expect.stringContaining('give --observe') });
  });

  it('a key that nobody holds: the epoch fails, and the block on the chain is missed', async () => {
    const ran = await mineone(['run', '--observe', '--node', chain, '--network', network, '--to', '1', '--data', join(data, 'nokey')]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/1 {2}f01000 +failed: election SIGNER_KEY_MISSING +- +MISSED/);
  });

  it('a journal that is not there', async () => {
    expect(await mineone(['journal', 'verify', '--data', join(data, 'none')])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^mineone: JOURNAL_MISSING: /),
    });
  });
});
