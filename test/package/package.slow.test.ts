/**
 * The package as it is published: packed, installed in an empty project by each package manager, its examples compiled
 * in strict mode and run on each Node.
 */

import { type ExecFileException, execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteName } from '../shared-data.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Folder where pnpm, yarn, publint, attw, an older TypeScript and other Nodes are installed: `.ci/run` makes it. */
const tools = process.env['CI_PACKAGE_TOOLS'] ?? '';
const absent = tools === '' ? 'CI_PACKAGE_TOOLS names no folder with package managers; .ci/run makes one' : false;
const folder = mkdtempSync(join(tmpdir(), 'mineone-test-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, npm_config_update_notifier: 'false', YARN_CACHE_FOLDER: join(folder, 'yarn-cache') };
    execFile(command, args, { cwd, env, maxBuffer: 16 * 1024 * 1024 }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
    );
  });
}

/** Throws what it printed where it failed. */
async function must(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended ${code}:\n${output}`);
  return output;
}

const tool = (name: string): string => join(tools, 'node_modules', '.bin', name);
const nodes = { 20: process.execPath, 22: process.env['CI_NODE22'] ?? process.execPath, 24: process.env['CI_NODE24'] ?? process.execPath };

let tarball = '';

interface Installer {
  readonly name: string;
  readonly peers: Readonly<Record<string, string>>;
  readonly install: (cwd: string) => Promise<unknown>;
}

/** An empty project that depends on the packed package, and on what it asks its users to have. */
async function project({ name, peers, install }: Installer): Promise<string> {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  const dependencies = { mineone: `file:${tarball}`, ...peers };
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ name, private: true, type: 'module', dependencies, devDependencies: { '@types/node': '20.19.43' } }),
  );
  await install(cwd);
  cpSync(join(root, 'examples'), join(cwd, 'examples'), { recursive: true });
  return cwd;
}

const LEFT_OUT = /\/(node_modules|dist|target|\.git|\.ci)$/;
const STALE = 'dist/src/gone.js';

/** Packing builds anew: beside other tests, not in their place. With the output of a file that is gone. */
function copyOf(from: string): string {
  const to = join(folder, 'checkout');
  cpSync(from, to, { recursive: true, filter: (path) => !LEFT_OUT.test(path) });
  symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
  mkdirSync(join(to, 'dist/src'), { recursive: true });
  writeFileSync(join(to, STALE), '');
  return to;
}

/** The ends of the ranges that package.json promises for its peers. */
const OLDEST = { rxjs: '7.8.0', xstate: '5.33.0' };
const PINNED = { rxjs: '7.8.2', xstate: '5.33.3' };

const installers: readonly Installer[] = [
  { name: 'npm', peers: PINNED, install: (cwd) => must('npm', ['install', '--no-audit', '--no-fund'], cwd) },
  { name: 'pnpm', peers: PINNED, install: (cwd) => must(tool('pnpm'), ['install', '--store-dir', join(folder, 'pnpm-store')], cwd) },
  { name: 'yarn', peers: OLDEST, install: (cwd) => must(tool('yarn'), ['install', '--no-progress', '--non-interactive'], cwd) },
];

/** Strict, and with the declarations of libraries checked too. */
function options(module: string, resolution: string): readonly string[] {
  const flags = ['--strict', '--target', 'ES2023', '--lib', 'ES2023,DOM', '--types', 'node', '--noUncheckedIndexedAccess'];
  return ['--ignoreConfig', ...flags, '--module', module, '--moduleResolution', resolution];
}

describe.skipIf(absent)(suiteName('the package', absent), () => {
  beforeAll(async () => {
    const printed = await must('npm', ['pack', '--silent', '--pack-destination', folder], copyOf(root));
    tarball = join(folder, printed.trim().split('\n').at(-1) ?? '');
  });

  it('has what was built when it was packed, the addon with it, and nothing older', async () => {
    const names = (await must('tar', ['-tzf', tarball], folder)).split('\n').map((name) => name.replace(/^package\//, ''));
    expect(names).toContain('dist/src/main.js');
    expect(names).not.toContain(STALE);
    const addons = readdirSync(join(root, 'native/bls')).filter((name) => name.endsWith('.node'));
    expect(names).toEqual(expect.arrayContaining(addons.map((name) => `dist/native/bls/${name}`)));
  });

  it('is clean to publint and to are-the-types-wrong', async () => {
    expect(await must(tool('publint'), ['run', tarball, '--strict'], folder)).toContain('All good!');
    await must(tool('attw'), [tarball, '--profile', 'esm-only'], folder);
  });

  it.for(installers)('installs with $name; the examples compile and run', async (installer) => {
    const cwd = await project(installer);
    const sources = readdirSync(join(cwd, 'examples')).filter((name) => name.endsWith('.ts'));
    const files = sources.map((name) => join('examples', name));
    const compile = (compiler: string, args: readonly string[]) => must('node', [join(tools, 'node_modules', compiler, 'bin/tsc'), ...args, ...files], cwd);
    await compile('typescript', [...options('ESNext', 'bundler'), '--noEmit']);
    await compile('typescript', [...options('node16', 'node16'), '--noEmit']);
    await compile('typescript-oldest', [...options('node16', 'node16').filter((flag) => flag !== '--ignoreConfig'), '--outDir', 'built']);
    for (const [version, node] of Object.entries(nodes)) {
      const { code, output } = await run(node, ['built/devnet.js'], cwd);
      expect(`Node ${version}: ${code} ${output}`).toMatch(/: 0 (f0100\d epoch \d: (mined|lost)\n){8}/);
    }
  });
});
