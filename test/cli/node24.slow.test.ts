/**
 * The same journal on another Node: what 20 wrote 24 replays step by step, and a run on 24 writes the same bytes. CI
 * installs one and names it in CI_NODE24.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { entry, finished, mineone, type Ran } from './run.ts';

const node24 = process.env['CI_NODE24'] ?? '';
const reason = node24 === '' ? ' (skipped: CI_NODE24 names no binary of Node 24)' : '';
const folder = mkdtempSync(join(tmpdir(), 'mineone-test-node24-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = fileURLToPath(new URL('../../', import.meta.url));
const network = 'test/cassette/devnet-2k.network.json';
const onNode24 = (args: readonly string[]): Promise<Ran> => finished(spawn(node24, [...entry, ...args], { cwd: root }));
const observing = (data: string): readonly string[] => {
  const chain = ['--node', 'test/cassette/devnet-2k.car.gz', '--network', network, '--key', 'test/cassette/devnet-worker-key.json'];
  return ['run', '--observe', ...chain, '--to', '20', '--data', data, '--json'];
};
const endOf = ({ stdout }: Ran) => JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);

describe.skipIf(node24 === '')(`Node 24${reason}`, () => {
  const data = join(folder, 'here');

  it('is another one', async () => {
    expect((await finished(spawn(node24, ['--version']))).stdout).toMatch(/^v24\./);
    expect(process.version).not.toMatch(/^v24\./);
  });

  it('replays what this one wrote, every transition and signature, to the same end', async () => {
    const here = await mineone(observing(data));
    expect(here).toMatchObject({ code: 0, stderr: '' });
    const replayed = await onNode24(['replay', '--data', data, '--crypto', '--network', network, '--json']);
    expect([replayed.code, JSON.parse(replayed.stdout)]).toMatchObject([0, { records: endOf(here).records, divergence: null, crypto: { fault: null } }]);
    const verified = await onNode24(['journal', 'verify', '--data', data, '--json']);
    expect([verified.code, JSON.parse(verified.stdout).headHash]).toEqual([0, endOf(here).headHash]);
  });

  it('writes the same journal, which this one replays', async () => {
    const other = join(folder, 'there');
    const [here, there] = [await mineone(observing(join(folder, 'again'))), await onNode24(observing(other))];
    expect(there).toMatchObject({ code: 0, stderr: '' });
    expect(endOf(there)).toEqual(endOf(here));
    const replayed = await mineone(['replay', '--data', other, '--json']);
    expect([replayed.code, JSON.parse(replayed.stdout).divergence]).toEqual([0, null]);
  });
});
