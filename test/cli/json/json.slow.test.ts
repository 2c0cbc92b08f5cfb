/**
 * JSON is a contract: every line that each command prints with `--json`, on a fresh data directory, held against its
 * schema; and docs/json.md, which tells of the same fields.
 */

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mineone, type RunOptions } from '../run.ts';
import { COMMANDS, SAID } from './commands.ts';
import { page } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-json-'));
const [data, observed, keys] = [join(folder, 'devnet'), join(folder, 'observed'), join(folder, 'keys')];
const seen = new Set<string>();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * Runs it with `--json`; every line of both streams has a type and the fields of that type, and no CID is in
 * hexadecimal.
 */
async function linesOf(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly code: number | null; readonly lines: readonly Line[] }> {
  const { code, stdout, stderr } = await mineone([...command.split(' '), ...args, '--json'], options);
  const known = COMMANDS.find((one) => one.command === command || command.startsWith('key '))?.lines ?? expect.fail(`no schema of ${command}`);
  const schemas = command === 'key export' ? linesNamed('key export') : command.startsWith('key ') ? linesNamed('key generate') : known;
  const check = (text: string, among: typeof schemas): readonly Line[] =>
    text
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => {
        const line = JSON.parse(one) as Line;
        const schema = among[line.type] ?? expect.fail(`${command} prints a line of type ${line.type}: ${one.slice(0, 200)}`);
        const found = schema.safeParse(line);
        expect(found.success ? [] : found.error.issues, `${command}: ${one.slice(0, 400)}`).toEqual([]);
        expect(one, 'a CID in hexadecimal').not.toMatch(/"(0171a0e40220[0-9a-f]{64})+"/);
        seen.add(`${command} ${line.type}`);
        return line;
      });
  check(stderr, SAID);
  return { code, lines: check(stdout, schemas) };
}

function linesNamed(command: string): (typeof COMMANDS)[number]['lines'] {
  return COMMANDS.find((one) => one.command === command)?.lines ?? expect.fail(command);
}

const FAULTS = ['missing-beacon:0.1', 'slow-prove:0.2', 'failing-call:0.2', 'ineligible:0.1', 'reorg:0.3', 'equivocation:0.2'];
const EPOCHS = 16;
let rows: readonly Line[] = [];
const headHashes: unknown[] = [];

beforeAll(async () => {
  const args = ['--miners', '2', '--epochs', String(EPOCHS), '--speed', 'max', '--seed', 'json', '--data', data];
  const { lines } = await linesOf('devnet', [...args, ...FAULTS.flatMap((fault) => ['--fault', fault])]);
  rows = lines.filter(({ type }) => type === 'epoch');
  headHashes.push(lines.at(-1)?.['headHash']);
}, 120_000);

describe('each line has the fields of its type, and no others', { timeout: 120_000 }, () => {
  it('of devnet: the beginning, each epoch and miner, the end', () => {
    expect(rows).toHaveLength(2 * EPOCHS);
    const outcomes = new Set(rows.map(({ outcome }) => (outcome as { readonly outcome: string }).outcome));
    expect(outcomes.size).toBeGreaterThan(3);
  });

  it('of journal stat, verify, tail, and they name one head', async () => {
    for (const command of ['journal stat', 'journal verify']) headHashes.push((await linesOf(command, ['--data', data])).lines[0]?.['headHash']);
    expect(new Set(headHashes).size).toBe(1);
    const tail = await linesOf('journal tail', ['-n', '1000', '--data', data]);
    expect(tail.lines.length).toBeGreaterThan(100);
  });

  it('of epochs, times and luck', async () => {
    expect((await linesOf('epochs', ['--data', data])).lines).toHaveLength(2 * EPOCHS + 1);
    for (const command of ['times', 'luck']) expect((await linesOf(command, ['--data', data])).lines).toHaveLength(1);
  });

  it('of explain, with the fate that epochs tells, of an epoch of each outcome', async () => {
    const listed = (await linesOf('epochs', ['--data', data])).lines;
    const kinds = new Map(rows.map((row) => [(row['outcome'] as { readonly outcome: string }).outcome, row]));
    for (const { epoch, miner } of kinds.values()) {
      const { lines } = await linesOf('explain', ['--epoch', String(epoch), '--miner', String(miner), '--data', data]);
      const fate = listed.find((row) => row['epoch'] === epoch && row['miner'] === miner)?.['fate'];
      expect(lines).toMatchObject([{ type: 'explain', epoch, miner, fate }]);
    }
    const told = listed.find(({ fate }) => fate !== null && fate !== undefined) ?? expect.fail('no fate is known');
    const { lines } = await linesOf('explain', ['--epoch', String(told['epoch']), '--miner', String(told['miner']), '--data', data]);
    expect(lines[0]?.['fate']).toBe(told['fate']);
  });

  it('of replay, its steps, its signatures, and what-if', async () => {
    const part = ['--epoch', '2', '--miner', 'f01000', '--data', data];
    expect((await linesOf('replay', ['--crypto', '--data', data])).lines).toMatchObject([{ type: 'replay', divergence: null, crypto: { fault: null } }]);
    const stepped = (await linesOf('replay', ['--step', ...part])).lines;
    expect(new Set(stepped.map(({ type }) => type))).toEqual(new Set(['record', 'replay']));
    for (const asked of ['propagationDelaySecs=0.25', 'observe=true'])
      expect((await linesOf('replay', ['--what-if', asked, ...part])).lines).toMatchObject([{ type: 'what-if' }]);
  });

  it('of run, luck and explain where past epochs were mined again', async () => {
    const cassette = 'test/cassette/devnet-2k';
    const chain = ['--node', `${cassette}.car.gz`, '--network', `${cassette}.network.json`, '--key', 'test/cassette/devnet-worker-key.json'];
    const { code, lines } = await linesOf('run', ['--observe', ...chain, '--miner', 'f01000', '--to', '4', '--data', observed]);
    expect([code, lines.at(-1)]).toMatchObject([0, { type: 'end', blocks: 4, headHash: expect.any(String) }]);
    await linesOf('explain', ['--epoch', '2', '--miner', 'f01000', '--data', observed]);
    await linesOf('luck', ['--data', observed]);
    await linesOf('journal tail', ['-n', '1000', '--data', observed]);
    await linesOf('config show', ['--data', observed, ...chain], { env: { MINEONE_PASSPHRASE: 'secret', MINEONE_KEEP: '3d' } });
  });

  it('of audit: genesis, blocks, sums', async () => {
    const { lines } = await linesOf('audit', ['test/cassette/devnet-2k.car.gz', '--network', 'test/cassette/devnet-2k.network.json', '--to', '20']);
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['audit', 'genesis', 'block', 'check', 'miner', 'end']));
  });

  it('of journal export, import, seal and prune', async () => {
    const file = join(folder, 'one.epoch');
    await linesOf('journal export', ['--epoch', '2', '--miner', 'f01000', '--out', file, '--data', data]);
    await linesOf('journal import', [file, '--data', join(folder, 'elsewhere')]);
    await linesOf('journal import', [file, '--check', '--data', join(folder, 'elsewhere')]);
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(join(folder, 'seal.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await linesOf('journal seal', ['--data', data]);
    const sealed = ['--key', join(folder, 'seal.pem'), '--out', join(folder, 'a.seal'), '--data', data];
    expect((await linesOf('journal seal', sealed)).lines).toMatchObject([{ file: join(folder, 'a.seal'), seal: { hash: headHashes[0] } }]);
    expect((await linesOf('journal verify', ['--sealed', join(folder, 'a.seal'), '--data', data])).lines).toMatchObject([{ seals: [{ seal: { v: 1 } }] }]);
    expect((await linesOf('journal prune', ['--before', '4', '--data', observed])).lines).toMatchObject([{ type: 'prune', epochs: 3 }]);
  });

  it('of keys', async () => {
    const env = { MINEONE_PASSPHRASE: 'correct horse' };
    const made = (await linesOf('key generate', ['--data', keys], { env })).lines[0]?.['keys'] as readonly string[];
    await linesOf('key list', ['--data', keys], { env });
    const exported = (await linesOf('key export', [made[0] as string, '--data', keys], { env })).lines[0]?.['export'];
    await linesOf('key import', ['-', '--data', join(folder, 'other')], { env, input: String(exported) });
  });

  it('of the version, of an error and of a warning', async () => {
    await linesOf('--version', []);
    expect(await linesOf('explain', ['--epoch', '999', '--miner', 'f01000', '--data', data])).toMatchObject({ code: 3, lines: [] });
    expect(await linesOf('epochs', ['--frm', '3'])).toMatchObject({ code: 2, lines: [] });
    rmSync(join(data, 'journal', 'anchor'));
    expect((await linesOf('journal stat', ['--data', data])).lines).toHaveLength(1);
  });
});

describe('docs/json.md', () => {
  it('tells of the fields of the schemas, and of no others: npm run docs:json writes it', () => {
    expect(readFileSync(new URL('../../../docs/json.md', import.meta.url), 'utf8')).toBe(page());
  });

  it('has a schema for each command that has --json', async () => {
    const { stdout } = await mineone(['help']);
    const names = [...stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name as string).filter((name) => !['complete', 'help'].includes(name));
    const known = new Set(COMMANDS.map(({ command }) => command.split(' ')[0]));
    expect(names.filter((name) => /[a-z]/.test(name) && !known.has(name) && name !== 'mineone')).toEqual([]);
  });
});
