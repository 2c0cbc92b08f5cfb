/**
 * Whole recorded chains mined again: every block that a real Lotus node's chain holds comes out of our machines byte
 * for byte, and the journal replays.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../../native/bls.ts';
import { sharedData, suiteName } from '../../shared-data.ts';
import { mineone } from '../run.ts';

const isFast = loadBls().bls.name === 'native';
const folder = mkdtempSync(join(tmpdir(), 'mineone-test-remine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Again {
  readonly node: string;
  readonly network: string;
  readonly key: string;
  readonly to: number;
}

async function mineAgain({ node, network, key, to }: Again, name: string) {
  const data = join(folder, name);
  const args = ['run', '--observe', '--node', node, '--network', network, '--key', key, '--to', String(to), '--data', data, '--json'];
  const { code, stdout } = await mineone(args);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, data, end: rows.pop(), rows };
}

async function holds(data: string, records: number, network: string): Promise<void> {
  const replayed = await mineone(['replay', '--data', data, '--json', ...(isFast ? ['--crypto', '--network', network] : [])]);
  const report = JSON.parse(replayed.stdout);
  expect([replayed.code, report]).toMatchObject([0, { records, divergence: null }]);
  if (isFast) {
    expect(report.crypto).toMatchObject({ fault: null });
    expect(report.crypto.vrfs).toBeGreaterThan(100);
  }
  const { steps } = report;
  const byXState = await mineone(['replay', '--data', data, '--engine', 'xstate', '--json']);
  expect([byXState.code, JSON.parse(byXState.stdout)]).toMatchObject([0, { engine: 'xstate', records, steps, divergence: null }]);
  const verified = await mineone(['journal', 'verify', '--data', data, '--json']);
  expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, { records }]);
}

const devnet = { node: 'test/cassette/devnet-2k.car.gz', network: 'test/cassette/devnet-2k.network.json', key: 'test/cassette/devnet-worker-key.json' };

describe(isFast ? 'devnet-2k' : 'devnet-2k (60 epochs of 368, as BLS runs in JavaScript)', () => {
  const to = isFast ? 368 : 60;

  it('one outcome for every miner and epoch; every block on the chain reproduced; the journal replays and is whole', async () => {
    const { code, data, end, rows } = await mineAgain({ ...devnet, to }, 'devnet');
    const named = new Set(rows.map(({ miner, epoch }) => `${miner}/${epoch}`));
    const miners = new Set(rows.map(({ miner }) => miner)).size;
    expect([code, rows.length, named.size]).toEqual([0, miners * to, miners * to]);
    if (isFast) expect([end.blocks, end.reproduced, miners]).toEqual([581, 581, 3]);
    expect(end.reproduced).toBe(end.blocks);
    expect(new Set(rows.filter((row) => row.chain === 'none').map(({ outcome }) => outcome.outcome))).toEqual(new Set(['lost']));
    await holds(data, end.records, devnet.network);
  });

  it('the same run twice: the same last hash', async () => {
    const [one, two] = [await mineAgain({ ...devnet, to: 60 }, 'one'), await mineAgain({ ...devnet, to: 60 }, 'two')];
    expect(two.end).toEqual(one.end);
  });
});

const realpost = sharedData('cassette/realpost/devnet-2k-realpost.car.gz');
const realpostKey = sharedData('cassette/realpost/devnet-worker-key.json');

describe.skipIf(realpost.absent || realpostKey.absent || !isFast)(suiteName('devnet-2k-realpost', realpost.absent), () => {
  it('all 118 blocks', async () => {
    const { code, data, end } = await mineAgain(
      { node: realpost.path, network: 'test/cassette/devnet-2k-realpost.network.json', key: realpostKey.path, to: 100_000 },
      'realpost',
    );
    expect([code, end.blocks, end.reproduced]).toEqual([0, 118, 118]);
    await holds(data, end.records, 'test/cassette/devnet-2k-realpost.network.json');
  });
});
