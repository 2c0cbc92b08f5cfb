/**
 * `mineone devnet` in its own process: mines, says what came of it, is the same twice, goes on where it stopped, and
 * names who holds its folder.
 */

import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../../native/bls.ts';
import { roomRange } from '../../../src/journal/format/keys.ts';
import type { Value } from '../../../src/journal/format/value.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import { bindAsked } from '../../../src/journal/slash/bind-made.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import type { MiningInfo } from '../../../src/mining/round.ts';
import { finished, mineone, type Ran, startMineone } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-devnet-'));
const folder = (name: string): string => join(home, name);
const devnet = (...args: readonly string[]): Promise<Ran> => mineone(['devnet', ...args], { env: { MINEONE_DATA: home } });
const lines = ({ stdout }: Ran) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/**
 * Writes the journal once more, whole in its hashes, with another signature under the beacon entries of epoch 2; gives
 * the first record that has them.
 */
async function forgeBeacon(path: string): Promise<number> {
  const old = await openJournal(await openLevelStore(path));
  const forged = await openJournal(await openLevelStore(`${path}.forged`));
  let seq = -1;
  for await (const { record } of old.records()) {
    const { at, stream, input, steps, binds, outcome } = record;
    const isInfo = input.type === 'result' && input.id === 'getMiningBaseInfo' && stream.endsWith('/2');
    // The rows of the slash filter go with the records that bound.
    for (const { effects } of steps) for (const { name, input: asked } of effects) if (name === 'bind') forged.slash.bind(bindAsked(asked), forged.next());
    const added = forged.add({ at, stream, input: isInfo ? { ...input, value: withForged(input.value) } : input, steps, binds, outcome });
    if (isInfo && seq === -1) seq = added.seq;
  }
  for await (const [key, value] of old.store.range(...roomRange('blobs'))) await forged.store.write([{ type: 'put', key, value }]);
  await forged.flush();
  await forged.close();
  await old.close();
  rmSync(path, { recursive: true });
  renameSync(`${path}.forged`, path);
  return seq;
}

function withForged(value: Value): Value {
  const info = value as unknown as MiningInfo;
  const entries = info.beacon.entries.map((entry) => ({ ...entry, data: bls.signG1(bls.keygen(new Uint8Array(32).fill(9)), entry.data) }));
  return { ...info, beacon: { ...info.beacon, entries } } as unknown as Value;
}

const { bls } = loadBls();

afterAll(() => rmSync(home, { recursive: true }));

describe('as fast as it goes', () => {
  it('mines, replays, and fits on a terminal of 80 columns', async () => {
    const { code, stdout, stderr } = await devnet('--speed', 'max', '--epochs', '4');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^A chain of its own: 3 miners, an epoch every 2 s, as fast as it goes\.\nIt begins now, with the seed "mineone": epochs 1 to 4\.\n/,
    );
    expect(stdout).toMatch(/\nEpochs {3}4, 12 outcomes: \d+ mined, \d+ lost\nBlocks {3}\d+ mined, with \d+ messages: every one passed full validation\n/);
    const [, done, all] = /\nreplay: (\d+)\/(\d+) transitions identical/.exec(stdout) ?? [];
    expect(Number(done)).toBeGreaterThan(100);
    expect(done).toBe(all);
    const rows = stdout.split('\n').filter((line) => /^ +\d+ {2}f0100\d /.test(line));
    expect(rows.map((row) => row.trim().split(/ +/).slice(0, 2).join('/'))).toEqual(
      [1, 2, 3, 4].flatMap((epoch) => ['f01000', 'f01001', 'f01002'].map((miner) => `${epoch}/${miner}`)),
    );
    const folderLine = `Signatures by`;
    for (const line of stdout.split('\n')) if (!line.startsWith(folderLine) && !line.includes(home)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('is the same twice, begun anew each time, and another with another seed', async () => {
    const end = async (seed: string) => lines(await devnet('--speed', 'max', '--epochs', '5', '--seed', seed, '--json')).at(-1);
    const [first, again, other] = [await end('a'), await end('a'), await end('b')];
    expect(first).toMatchObject({ type: 'end', epochs: 5, replay: { divergence: null } });
    expect([again.headHash, again.chainHead, again.bytes]).toEqual([first.headHash, first.chainHead, first.bytes]);
    expect(other.headHash).not.toBe(first.headHash);
  });

  it('goes on in a folder of its own, which explain, luck and verify read', async () => {
    const data = folder('goes-on');
    const rows = async () => lines(await devnet('--speed', 'max', '--epochs', '3', '--data', data, '--json')).filter(({ type }) => type === 'epoch');
    const [first, second] = [await rows(), await rows()];
    const epochs = [...first, ...second].map(({ epoch }) => epoch);
    expect([...new Set(epochs)]).toEqual([1, 2, 3, 4, 5, 6]);
    const mined = [...first, ...second].find(({ outcome }) => outcome.outcome === 'mined');
    const explained = await mineone(['explain', '--epoch', `${mined.epoch}`, '--miner', mined.miner, '--data', data]);
    expect(explained.stdout).toMatch(new RegExp(`^${mined.miner}, epoch ${mined.epoch} of devnet: mined[^\\n]*\\.\\nBlock bafy`));
    expect((await mineone(['luck', '--data', data])).stdout).toMatch(/^Epochs 1 to 6\.\n/);
    expect((await mineone(['journal', 'verify', '--data', data])).stdout).toMatch(/^Whole: /);
    const byXState = await mineone(['replay', '--engine', 'xstate', '--data', data, '--json']);
    expect([byXState.code, JSON.parse(byXState.stdout)]).toMatchObject([0, { engine: 'xstate', divergence: null }]);
  });

  it('keeps its network beside its journal: replay --crypto checks its beacon too, and finds one that was forged', async () => {
    const data = folder('crypto');
    await devnet('--speed', 'max', '--epochs', '3', '--data', data);
    const crypto = async (...more: readonly string[]) => {
      const { code, stdout } = await mineone(['replay', '--crypto', '--data', data, '--json', ...more]);
      return { code, ...JSON.parse(stdout).crypto };
    };
    const good = await crypto();
    expect(good).toMatchObject({ code: 0, fault: null, network: 'devnet', uncheckedBeaconEntries: 0 });
    expect(good.beaconEntries).toBeGreaterThanOrEqual(3);
    expect((await mineone(['replay', '--crypto', '--data', data])).stdout).toMatch(
      /\nEvery signature good: \d+ tickets and election proofs, \d+ beacon entries of devnet, \d+ blocks\.\n$/,
    );
    expect(await crypto('--epoch', '2', '--miner', 'f01001')).toMatchObject({ code: 0, fault: null, network: 'devnet', uncheckedBeaconEntries: 0 });
    const seq = await forgeBeacon(join(data, 'journal'));
    expect(await crypto()).toMatchObject({ code: 1, fault: { seq, what: expect.stringMatching(/^beacon round \d+ is not signed by devnet-drand$/) } });
    rmSync(join(data, 'network.json'));
    const unknown = await mineone(['replay', '--crypto', '--data', data]);
    expect(unknown.stdout).toMatch(/ blocks; \d+ beacon entries not checked: name their network with --network\.\n$/);
  });

  it('says that a run which goes on tells of itself alone, and replays a journal of which a part was given up', async () => {
    const data = folder('pruned');
    await devnet('--speed', 'max', '--epochs', '4', '--data', data, '--fault', 'missing-beacon:1');
    const pruned = JSON.parse((await mineone(['journal', 'prune', '--before', '3', '--data', data, '--json'])).stdout);
    expect(pruned.epochs).toBeGreaterThanOrEqual(6);
    const { code, stdout } = await devnet('--speed', 'max', '--epochs', '2', '--data', data);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\nEpochs {3}2 since it went on, 6 outcomes: \d+ mined/)]);
    expect(stdout).toMatch(/\nreplay: (\d+)\/\1 transitions identical/);
  });

  it('says what went wrong where something was made to', async () => {
    const { stdout, code } = await devnet('--speed', 'max', '--epochs', '2', '--fault', 'failing-prove:1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nFaults: failing-prove at 1\.\n/);
    expect(stdout).toMatch(/ failed: prove PROVE_FAILED\n/);
    expect(stdout).not.toMatch(/ mined\n/);
  });
});

describe('is refused', () => {
  it.for<readonly [readonly string[], string]>([
    [['--fault', 'slow-proof'], 'There is no fault "slow-proof"; did you mean slow-prove? For help, add --help'],
    [['--fault', 'gremlins'], 'There is no fault "gremlins"; there are late-beacon, '],
    [['--fault', 'slow-prove:2'], 'The rate of slow-prove is a number above 0 and at most 1'],
    [['--block-delay', '500ms'], 'Epochs are whole seconds'],
    [['--speed', '0'], 'A speed is a number above 0 up to 1000, or max'],
    [['--miners', '0'], 'A count is a whole number, 1 or more'],
  ])('%j is wrong usage', async ([args, said]) => {
    const { code, stdout, stderr } = await devnet(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  it('a folder with a journal that no devnet wrote: nothing is told of a run, and nothing is left in it', async () => {
    const data = folder('foreign');
    await devnet('--speed', 'max', '--epochs', '1', '--data', data);
    for (const name of ['devnet.json', 'chain']) rmSync(join(data, name), { recursive: true });
    const { code, stdout, stderr } = await devnet('--speed', 'max', '--epochs', '1', '--data', data);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^mineone: DEVNET_OTHER: \S+ holds a journal that no devnet wrote; /);
    expect(readdirSync(data)).not.toContain('devnet.json');
  });

  it('another seed, other miners, in a folder that has a chain', async () => {
    const data = folder('other');
    await devnet('--speed', 'max', '--epochs', '1', '--data', data);
    const { code, stderr } = await devnet('--speed', 'max', '--epochs', '1', '--data', data, '--miners', '5');
    expect([code, stderr]).toEqual([
      3,
      `mineone: DEVNET_OTHER: the devnet in ${data} was begun with --miners 3, not 5; leave out --miners to continue it, or name another folder with --data\n`,
    ]);
  });
});

describe('in real time', () => {
  it('ends at Ctrl-C with what came of it, goes on where it stopped, and lets nobody else in meanwhile', async () => {
    const data = folder('real');
    const child = startMineone(['devnet', '--data', data, '--json'], { MINEONE_DATA: home });
    const ran = finished(child);
    // Epoch 2, or the first after it that a busy machine attends to.
    await new Promise<void>((resolve) => child.stdout.on('data', (text: string) => /"epoch":([2-9]|\d\d+),/.test(text) && resolve()));
    const { code, stderr } = await devnet('--data', data);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(
        new RegExp(`^mineone: JOURNAL_HELD: the journal in ${join(data, 'journal')} is held by process ${child.pid} of .*; stop that process, .*\n$`),
      ),
    ]);
    child.kill('SIGINT');
    const stopped = await ran;
    expect([stopped.code, stopped.stderr]).toEqual([130, '']);
    const end = lines(stopped).at(-1);
    expect(end).toMatchObject({ type: 'end', replay: { divergence: null }, blocks: { rejected: {} } });
    const again = lines(await devnet('--data', data, '--epochs', '2', '--speed', 'max', '--json'));
    expect(again[0].from).toBeGreaterThanOrEqual(3);
    expect(again.at(-1)).toMatchObject({ replay: { divergence: null } });
    expect(again.at(-1).records).toBeGreaterThan(end.records);
  });
});
