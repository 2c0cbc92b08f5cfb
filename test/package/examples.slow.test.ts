/**
 * The examples as code of somebody else: compiled strictly under both ways of resolving, and run against the built
 * package, which they import by its name.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { devnet2k } from '../recorded-chains.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'mineone-test-examples-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sources = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));

function node(args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
    );
  });
}

const STRICT = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'ES2023', '--lib', 'ES2023,DOM', '--types', 'node', '--noUncheckedIndexedAccess'];
const compile = (...flags: readonly string[]) =>
  node([join(root, 'node_modules/typescript/bin/tsc'), ...STRICT, ...flags, ...sources.map((name) => `examples/${name}`)], root);

describe('the examples compile in strict mode', () => {
  it.for([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['ESNext', 'bundler'],
  ] as const)('module %s, resolution %s', async ([module, resolution]) => {
    expect(await compile('--module', module, '--moduleResolution', resolution)).toEqual({ code: 0, output: '' });
  });

  it("under exactOptionalPropertyTypes with skipLibCheck, and without it but for xstate's own declarations, as README says", async () => {
    const exact = ['--module', 'node16', '--moduleResolution', 'node16', '--exactOptionalPropertyTypes'];
    expect(await compile(...exact, '--skipLibCheck')).toEqual({ code: 0, output: '' });
    const { output } = await compile(...exact);
    const faults = output.split('\n').filter((line) => line.includes('error TS'));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((line) => !line.startsWith('node_modules/xstate/'))).toEqual([]);
  });
});

describe('the examples run', () => {
  const run = (name: string, ...args: readonly string[]) =>
    node(['--import', fileURLToPath(import.meta.resolve('tsx')), join(root, 'examples', `${name}.ts`), ...args], home);

  it('each but those that only show a form', () => {
    expect(sources.map((name) => name.replace('.ts', '')).sort()).toEqual(['devnet', 'embedding', 'own-ports', 'rules', 'statecharts', 'story']);
  });

  it('devnet', async () => {
    const { code, output } = await run('devnet');
    expect(`${code} ${output}`).toMatch(/^0 (f0100\d epoch \d: (mined|lost)\n){8}$/);
  });

  it('embedding, as README shows it, and the story of the journal that it leaves', async () => {
    const { code, output } = await run('embedding');
    expect(`${code} ${output}`).toMatch(/^0 0 /);
    expect(output).toMatch(/^\d+ f01000\/4$/m);
    expect(output).toMatch(/^f01000 4 (mined|lost)$/m);
    const story = await run('story', './journal', 'f01000', '4');
    expect(`${story.code} ${story.output}`).toMatch(/^0 f01000, epoch 4 of [\s\S]*\d+ wins where [\d.]+ were to be expected\n$/);
  });

  it('rules', async () => {
    const { blocks } = await devnet2k();
    const { cid, header, bytes } = blocks.at(-1) as (typeof blocks)[number];
    const { code, output } = await run('rules', toHex(bytes), '1', '2');
    expect(code).toBe(0);
    expect(output).toContain(`${cid} of epoch ${header.height}\nclaims ${header.electionProof?.winCount} wins; `);
  });

  it.for(['own-ports', 'statecharts'])('%s does nothing by itself', async (name) => {
    expect(await run(name)).toEqual({ code: 0, output: '' });
  });
});
