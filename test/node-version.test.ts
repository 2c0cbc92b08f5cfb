/**
 * An older Node is told what it needs: it once printed a SyntaxError of a file deep inside. CI names a Node 18 in
 * CI_NODE18.
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeRefusal } from '../src/node-version.ts';
import { finished } from './cli/run.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const node18 = process.env['CI_NODE18'] ?? '';

describe('a version of Node', () => {
  it.for(['18.20.8', '20.18.3', '16.0.0'])('%s is too old', (version) => {
    expect(nodeRefusal(version)).toBe(`mineone needs Node 20.19 or later, and this is Node ${version}; install one from nodejs.org or by your version manager`);
  });

  it.for(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeRefusal(version)).toBeNull();
  });

  it('is the one that the package asks for', () => {
    expect(manifest.engines.node).toBe('>=20.19');
  });
});

/** Runs the command on a Node that says it is an older one, or is. */
const run = (node: string, ...args: readonly string[]) => finished(spawn(node, [...args], { cwd: root }));
const lie = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.8"})';
const said = 'mineone needs Node 20.19 or later, and this is Node 18.20.8; install one from nodejs.org or by your version manager';

describe('the command on Node 18', () => {
  it('says what it needs before it loads anything else', async () => {
    expect(await run(process.execPath, '--import', lie, 'dist/src/main.js', 'devnet')).toEqual({
      code: 3,
      stdout: '',
      stderr: `mineone: NODE_VERSION: ${said}\n`,
    });
    const { stderr } = await run(process.execPath, '--import', lie, 'dist/src/main.js', 'devnet', '--json');
    expect(JSON.parse(stderr)).toEqual({ type: 'error', code: 'NODE_VERSION', message: said });
    for (const file of ['main', 'node-version'])
      expect(readFileSync(`${root}dist/src/${file}.js`, 'utf8').match(/^(import|export) .*from .*$/gm) ?? []).toEqual(
        file === 'main' ? ["import { nodeRefusal } from './node-version.js';"] : [],
      );
  });

  it.skipIf(node18 === '')(`a real one too${node18 === '' ? ' (skipped: CI_NODE18 names no binary of Node 18)' : ''}`, async () => {
    const { code, stderr } = await run(node18, 'dist/src/main.js', '--version');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^mineone: NODE_VERSION: mineone needs Node 20\.19 or later, and this is Node 18\./)]);
  });
});
