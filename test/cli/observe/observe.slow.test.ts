/**
 * `mineone run --observe` on a recorded chain, and what reads its journal afterwards: replay, verify, stat, tail,
 * explain.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mineone, type Ran } from '../run.ts';

const chain = 'test/cassette/devnet-2k.car.gz';
const network = 'test/cassette/devnet-2k.network.json';
const keys = 'test/cassette/devnet-worker-key.json';
const data = mkdtempSync(join(tmpdir(), 'mineone-test-observe-'));
const observe = (...more: readonly string[]) =>
  mineone([
    'run',
    '--observe',
    '--node',
    chain,
    ...(more.includes('--network') ? [] : ['--network', network]),
    '--key',
    keys,
    '--miner',
    'f01000',
    '--miner',
    'f01001',
    ...more,
  ]);
const linesOf = ({ stdout }: Ran) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('a network with an upgrade that nobody here knows', () => {
  const nova = (height: number): string => {
    const path = join(data, `nova-${height}.json`);
    writeFileSync(
      path,
      readFileSync(network, 'utf8').replace('"UpgradeXxHeight": 99999999', `"UpgradeSolsticeHeight": 99999999, "UpgradeNovaHeight": ${height}`),
    );
    return path;
  };

  it('is mined again up to it and no further', async () => {
    const ran = await observe('--network', nova(4), '--to', '6', '--data', join(data, 'nova'), '--json');
    expect(JSON.parse(ran.stderr)).toMatchObject({ type: 'warning', code: 'UPGRADE_UNKNOWN' });
    expect(linesOf(ran).map(({ type, epoch, epochs }) => epoch ?? [type, epochs])).toEqual([1, 1, 2, 2, 3, 3, ['end', 3]]);
    expect(ran.code).toBe(0);
  });

  it('is not mined at all from it on', async () => {
    const ran = await observe('--network', nova(4), '--from', '4', '--data', join(data, 'nova-late'));
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr).toMatch(
      /^mineone: warning: UPGRADE_UNKNOWN: [^\n]+\nmineone: UPGRADE_UNKNOWN: network devnet-2k has upgrade Nova \(epoch 4\), [^\n]+\n$/,
    );
  });
});

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
    expect(end).toMatchObject({ type: 'end', epochs: 6, blocks: 5, reproduced: 5, headHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
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
    expect(await mineone(['replay', '--data', data, '--epoch', '99'])).toMatchObject({ code: 3, stderr: expect.stringMatching(/^mineone: REPLAY_EMPTY: /) });
  });

  it('what-if: where it would have gone another way, and what nobody recorded', async () => {
    const asked = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'observe=false', '--json']);
    expect(JSON.parse(asked.stdout)).toMatchObject({ end: 'unknown', needs: ['createBlock'] });
    const later = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'propagationDelaySecs=1.5']);
    expect([later.code, later.stdout.split('\n')[0]]).toEqual([
      0,
      'With propagationDelaySecs 1.5 instead of 1: same base, proof ready as the cut-off came, observed as it was.',
    ]);
    const below = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'propagationDelaySecs=-1']);
    expect(below).toMatchObject({ code: 2, stderr: expect.stringContaining('expected a number, such as 8 or 0.625, not below zero') });
    const wrong = await mineone(['replay', '--data', data, '--epoch', '2', '--miner', 'f01000', '--what-if', 'luck=1']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no parameter of an epoch; there are observe, ') });
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

  it("replay --crypto: every recorded signature good, the beacon's by the network that was kept beside the journal", async () => {
    const { code, stdout } = await mineone(['replay', '--data', data, '--crypto', '--json']);
    expect([code, JSON.parse(stdout).crypto]).toMatchObject([0, { fault: null, network: 'devnet-2k' }]);
    expect(JSON.parse(stdout).crypto.beaconEntries).toBeGreaterThan(5);
    // An election for each of 12 rounds, a ticket for those that were won.
    expect(JSON.parse(stdout).crypto.vrfs).toBeGreaterThan(12);
  });

  it('replay --crypto under the rules of another network: refused, and no fault of the journal', async () => {
    const { code, stdout, stderr } = await mineone(['replay', '--data', data, '--crypto', '--network', 'calibnet']);
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringMatching(/^mineone: NETWORK_MISMATCH: genesis of the journal's network devnet-2k /)]);
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
    expect(stdout).toMatch(/^f01000, epoch 2 of devnet-2k: won, observing, on the chain\.\n3 wins: it would have been mined/);
    expect(await mineone(['explain', '--data', data, '--epoch', '99', '--miner', 'f01000'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^mineone: EPOCH_UNKNOWN: /),
    });
  });
});

describe('three epochs mined again, and three more after a gap', () => {
  const gapped = join(data, 'gapped');
  beforeAll(async () => {
    for (const range of [
      ['--to', '3'],
      ['--from', '7', '--to', '9'],
    ])
      expect((await observe(...range, '--data', gapped, '--json')).code).toBe(0);
  });

  it('luck knows what is on the chain, what is not and why, and whom nobody attended to', async () => {
    const { stdout } = await mineone(['luck', '--data', gapped, '--json']);
    const { all, miners } = JSON.parse(stdout);
    const sum = (what: readonly { readonly wins: number }[]) => what.reduce((wins, of) => wins + of.wins, 0);
    expect(all.observed).toEqual({ epochs: 0, wins: 0 });
    expect(sum([all.observedOnChain, ...(all.lost as { wins: number }[])])).toBe(all.wins);
    expect(all.lost).toMatchObject([{ outcome: 'orphaned', reason: 'not-seen', name: 'not on the chain: not-seen' }]);
    expect(miners.map(({ unattended }: { unattended: unknown }) => unattended)).toEqual([{ 'not-running': 3 }, { 'not-running': 3 }]);
    const text = (await mineone(['luck', '--data', gapped])).stdout;
    expect(text).not.toContain('Nothing that was won was lost');
    expect(text).toMatch(/f01000 {2}observed, on the chain +\d+ +\d+ +\d/);
    expect(text).toMatch(/f01000 {2}unattended: not-running +3\n/);
    expect(text).toMatch(/Lost, and not by luck: \d+ of \d+ wins\. 6 epochs were unattended: about \d+\.\d wins were expected there\.\n$/);
  });

  it('explain knows an epoch that nobody attended to; one that is to come is an error still', async () => {
    const { code, stdout } = await mineone(['explain', '--data', gapped, '--epoch', '5', '--miner', 'f01000']);
    expect([code, stdout.split('\n').slice(0, 2)]).toEqual([
      0,
      [
        'f01000, epoch 5: unattended (not-running).',
        'Epochs 4 to 6 (3 epochs) were not begun. No mineone was running; the next one began later. What would have been won there nobody drew.',
      ],
    ]);
    const json = JSON.parse((await mineone(['explain', '--data', gapped, '--epoch', '5', '--miner', 'f01000', '--json'])).stdout);
    expect(json).toMatchObject({ miner: 'f01000', epoch: 5, outcome: { outcome: 'unattended', why: 'not-running', from: 4, to: 6 } });
    expect((await mineone(['explain', '--data', gapped, '--epoch', '10', '--miner', 'f01000'])).stderr).toMatch(/^mineone: EPOCH_UNKNOWN: /);
  });

  it('epochs: a line each, those without records too; filtered by outcome, miner and range', async () => {
    const rows = linesOf(await mineone(['epochs', '--data', gapped, '--json']));
    expect(rows.pop()).toMatchObject({ type: 'end', epochs: 18, outcomes: { unattended: 6 } });
    expect(rows.map(({ epoch, miner }) => `${miner}/${epoch}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((epoch) => ['f01000', 'f01001'].map((miner) => `${miner}/${epoch}`)),
    );
    expect(rows[2]).toMatchObject({ type: 'epoch', miner: 'f01000', epoch: 2, outcome: 'observed', wins: 3, fate: 'on the chain' });
    const absent = await mineone(['epochs', '--data', gapped, '--outcome', 'unattended', '--miner', 'f01001', '--from', '5']);
    expect(absent.stdout).toMatch(/^epoch {2}miner .*\n {4}5 {2}f01001 {2}unattended: not-running +-\n {4}6 .*\n\n2 epochs: 2 unattended\.\n$/);
    const orphaned = linesOf(await mineone(['epochs', '--data', gapped, '--outcome', 'orphaned', '--json'])).slice(0, -1);
    expect(orphaned.length).toBeGreaterThan(0);
    for (const { fate } of orphaned) expect(fate).toBe('not on the chain (not-seen)');
    expect(await mineone(['epochs', '--data', gapped, '--outcome', 'won'])).toMatchObject({ code: 2, stderr: expect.stringContaining('An outcome is one of') });
    expect((await mineone(['epochs', '--data', gapped, '--miner', 'f077'])).stderr).toMatch(/^mineone: MINER_UNKNOWN: /);
  });

  it('times: each step that epochs came to', async () => {
    const { epochs, steps } = JSON.parse((await mineone(['times', '--data', gapped, '--to', '3', '--json'])).stdout);
    expect([epochs, steps[0]]).toMatchObject([6, { step: 'base', epochs: 6, unanswered: 0, p50: 0, worst: { ms: 0 } }]);
    expect((await mineone(['times', '--data', gapped])).stdout).toMatch(
      /^step +epochs +p50 +p90 +p99 +worst +of +unanswered\n(.|\n)*\n12 epochs; every answer came at once\.\n$/,
    );
  });
});

describe.concurrent('what cannot be', () => {
  it('a chain file takes no blocks', async () => {
    expect(await mineone(['run', '--node', chain])).toMatchObject({ code: 2, stderr: expect.stringContaining('give --observe') });
  });

  it.for(['http://127.0.0.1:1234/rpc/v1', 'wss://node.example/rpc', 'eyJhbGciOiJIUzI1NiJ9.e30.x:/ip4/127.0.0.1/tcp/1234/http'])(
    'a live node (%s) is named as what comes later, its token hidden',
    async (node) => {
      const { code, stdout, stderr } = await mineone(['run', '--node', node]);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(
        /^mineone: NODE_LIVE: run: \S+ is a live node, and mining beside one comes with a later version; this one mines past epochs [^\n]+\n$/,
      );
      expect(stderr).not.toContain('eyJ');
    },
  );

  const on = ['run', '--observe', '--node', chain, '--network', network, '--to', '1', '--data', join(data, 'refused')];

  it('no key at all is wrong usage', async () => {
    expect(await mineone(on)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^mineone: USAGE: run: no key: give --key, /) });
  });

  it('a miner that is not on the chain, said before anything is mined', async () => {
    const ran = await mineone([...on, '--key', keys, '--miner', 'f01000', '--miner', 'f09999']);
    expect(ran).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: MINER_UNKNOWN: f09999 is no miner on this chain: /) });
  });

  it('a key that is no worker of theirs: alone, and beside the right one', async () => {
    const other = join(data, 'other.json');
    writeFileSync(other, JSON.stringify({ Type: 'bls', PrivateKey: Buffer.alloc(32, 7).toString('base64') }));
    const alone = await mineone([...on, '--key', other]);
    expect(alone).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^mineone: SIGNER_KEY_MISSING: the key of f3\w+, worker of f01000, is /),
    });
    const beside = await mineone([...on, '--key', keys, '--key', other]);
    expect(beside).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: KEY_UNUSED: .*other\.json holds the key of f3\w+, which /) });
    expect(readdirSync(data)).not.toContain('refused');
  });

  it('a journal that is not there', async () => {
    expect(await mineone(['journal', 'verify', '--data', join(data, 'none')])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^mineone: JOURNAL_MISSING: /),
    });
  });
});
