/**
 * The same seed gives the same chain and the same journal whatever runs it: signatures in Rust or in JavaScript, Node
 * 20 or 24.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry, finished, mineone, type Ran } from '../run.ts';

const node24 = process.env['CI_NODE24'] ?? '';
const reason = node24 === '' ? ' (skipped: CI_NODE24 names no binary of Node 24)' : '';
const home = mkdtempSync(join(tmpdir(), 'mineone-test-devnet-twice-'));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = (name: string): readonly string[] => [
  'devnet',
  '--speed',
  'max',
  '--seed',
  '7',
  '--epochs',
  '12',
  '--fault',
  'failing-call:0.1',
  '--json',
  '--data',
  join(home, name),
];

/** Hash of the journal's last record, the chain's head, and how epochs ended. */
function endOf({ stdout, stderr }: Ran): readonly unknown[] {
  expect(stderr).toBe('');
  const { headHash, chainHead, outcomes, replay } = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
  expect(replay).toMatchObject({ divergence: null });
  return [headHash, chainHead, outcomes];
}

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('one seed', () => {
  let here: readonly unknown[];
  beforeAll(async () => {
    here = endOf(await mineone(run('here')));
  });

  it('is a journal that XState itself steps to the same states, faults and all', async () => {
    const { code, stdout } = await mineone(['replay', '--engine', 'xstate', '--data', join(home, 'here'), '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { engine: 'xstate', divergence: null }]);
    expect(JSON.parse(stdout).steps).toBeGreaterThan(500);
  });

  it('with signatures in JavaScript', async () => {
    expect(endOf(await mineone(run('noble'), { env: { MINEONE_BLS: 'noble' } }))).toEqual(here);
  });

  it.skipIf(node24 === '')(`on Node 24${reason}`, async () => {
    expect(endOf(await finished(spawn(node24, [...entry, ...run('node24')], { cwd: root })))).toEqual(here);
  });
});
