/**
 * `mineone audit` as a shell sees it: text and JSON, files and pipes, exit codes, and what is said of a chain that is
 * wrong.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { carBytes, headed, headerIn, keyAt, type ShortChain, shortChainTo46, without } from '../audit/fixtures/hostile-car.ts';
import { mineone, type Ran, shell, withoutProgress } from './run.ts';

const NETWORK = 'test/cassette/devnet-2k.network.json';
const TAIL = ['--network', NETWORK, '--from', '45'];
const bls = loadBls().bls.name;

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

let made: ShortChain;
let car: string;
let packed: string;
beforeAll(async () => {
  made = await shortChainTo46();
  car = fileOf('short.car', carBytes(made.chain));
  packed = fileOf('short.car.gz', gzipSync(carBytes(made.chain)));
}, 60_000);

/** Runs an audit; its progress on stderr is not kept. */
async function audit(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await mineone(['audit', ...args], { env });
  return { ...ran, stderr: withoutProgress(ran.stderr) };
}

describe.concurrent('a network with an upgrade that nobody here knows', { timeout: 60_000 }, () => {
  const fileWith = (name: string, fields: string): string =>
    fileOf(name, Buffer.from(readFileSync(NETWORK, 'utf8').replace('"UpgradeXxHeight": 99999999', `"UpgradeSolsticeHeight": 99999999, ${fields}`)));

  it('is judged on, with a warning, each verdict beyond its height marked', async () => {
    const nova = fileWith('nova.json', '"UpgradeNovaHeight": 45');
    const said = 'network devnet-2k has upgrade Nova (epoch 45), not known to this version (the newest it knows is Solstice, nv 29): ';
    const [text, json] = await Promise.all([audit([car, '--network', nova, '--from', '45']), audit([car, '--network', nova, '--from', '45', '--json'])]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(text.stderr).toContain(`mineone: warning: UPGRADE_UNKNOWN: ${said}`);
    expect(JSON.parse(json.stderr)).toEqual({ type: 'warning', code: 'UPGRADE_UNKNOWN', message: expect.stringContaining(said) });
    expect(text.stdout).toContain(
      'Epochs 46 to 46 are judged by the rules of nv 28; upgrade Nova (epoch 45) is not known to this version. Their verdicts are marked «beyond».',
    );
    expect(text.stdout).toMatch(/^ +45 .* 17 ok {2}4 ok~ {2}2 -$/m);
    expect(text.stdout).toMatch(/^ +46 .* 17 ok {2}4 ok~ {2}2 - {2}beyond$/m);
    expect(text.stdout).toContain('1 of the blocks lie beyond an upgrade that this version does not know');
    const lines = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      known: { upgrade: 'Solstice', networkVersion: 29, epoch: 99_999_999 },
      unknownUpgrades: [{ name: 'Nova', height: 45 }],
      rules: 'judged by the rules of nv 28; upgrade Nova (epoch 45) is not known to this version',
    });
    const marks = lines.filter(({ type }) => type === 'block').map(({ epoch, checks }) => [epoch, new Set(checks.map(({ beyond = null }) => beyond))]);
    expect(marks).toEqual([
      [45, new Set([null])],
      [45, new Set([null])],
      [46, new Set(['upgrade Nova'])],
    ]);
    expect(lines.at(-1)).toMatchObject({ type: 'end', wrongBlocks: 0, beyondBlocks: 1 });
  });

  it('is judged without a mark up to it', async () => {
    const { code, stdout } = await audit([car, '--network', fileWith('later.json', '"UpgradeNovaHeight": 46'), '--from', '45']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('beyond');
  });
});

describe.concurrent('a chain that is right', { timeout: 60_000 }, () => {
  it('as text: what is judged, a line a block, totals by check and by miner, exit code 0', async () => {
    const { code, stdout, stderr } = await audit([car, ...TAIL]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('Chain of network devnet-2k (network version 28), epochs 0 to 46, 41 tipsets, in 658 blocks of data.');
    expect(lines[1]).toMatch(new RegExp(`^Judging epochs 45 to 46, signatures by ${bls}\\. «ok~»`));
    expect(stdout).toContain(
      [
        '  epoch  nulls  miner      wins  lambda  quality  messages  checks',
        '     45         f01000        3  2.8571   0.4470         3  17 ok  4 ok~  2 -',
        '     45         f01002        2  0.7143   0.3597         3  17 ok  4 ok~  2 -',
        '     46         f01000        2  2.8571   0.4589         2  17 ok  4 ok~  2 -',
      ].join('\n'),
    );
    expect(stdout).toMatch(/^check +ok +ok~ +wrong +- +remarks\nform +3 +0 +0 +0$/m);
    expect(stdout).toMatch(/^bls-aggregate +3 +0 +0 +0 +2 aggregates of 4 messages \(2 unique\)$/m);
    expect(stdout).toMatch(/^receipts-root +0 +0 +0 +3 +messages are not executed here$/m);
    // Two epochs of shares 4/7 and 1/7 of five wins.
    expect(stdout).toMatch(
      /^miner +blocks +wins +expected +95 % of stretches +of expected\nf01000 +2 +5 +5\.71 +2 to 11 +87\.5 %\nf01002 +1 +2 +1\.43 +0 to 4 +140\.0 %$/m,
    );
    expect(lines.slice(-2)).toEqual([
      '3 blocks in 2 tipsets, 0 null rounds, 4 BLS and 4 signed messages.',
      '21 of 23 rules held on 3 blocks, 4 of them by states that are not known to be right («ok~»); state and receipts roots were not executed.',
    ]);
  });

  it.for([[], ['--from', '45'], ['--from', '3', '--to', '4', '--json'], ['--miner', 'f01000']] as const)(
    'of a miner that is not on the chain nothing is judged, and that is an error: %j',
    async (args) => {
      const { code, stdout, stderr } = await audit([car, '--network', NETWORK, '--miner', 'f09999', ...args]);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toContain('MINER_UNKNOWN');
      expect(stderr).toContain('f09999 is no miner on this chain: it is not in its states, and it made no block from epoch 0 to 46');
    },
  );

  it('of a miner of the chain that made no block in the range: what was to expect, exit code 0', async () => {
    const { code, stdout } = await audit([car, ...TAIL, '--miner', 'f01001']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^f01001 +0 +0 +\d/m);
    expect(stdout).toMatch(/^No block but genesis was judged\.$/m);
  });

  it('from standard input, packed, the same as from the file', async () => {
    const [piped, file] = await Promise.all([shell(`cat ${packed} | MINEONE audit - ${TAIL.join(' ')}`), audit([car, ...TAIL])]);
    expect({ ...piped, stderr: withoutProgress(piped.stderr) }).toEqual(file);
  });

  it('as JSON: a line each for the audit, blocks, checks, miners and the end', async () => {
    const { code, stdout, stderr } = await audit([car, ...TAIL, '--json', '--miner', 't01002']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string });
    expect(lines.map(({ type }) => type)).toEqual(['audit', 'genesis', 'block', ...new Array<string>(23).fill('check'), 'miner', 'end']);
    expect(lines[0]).toEqual({
      type: 'audit',
      network: 'devnet-2k',
      chain: { first: 0, head: 46, tipsets: 41 },
      range: { from: 45, to: 46 },
      bls,
      blocks: 658,
      unknownHash: 0,
      leftOut: 0,
    });
    expect(lines[1]).toEqual({
      type: 'genesis',
      cid: String(keyAt(made.chain, 0)[0]),
      checks: [
        { check: 'genesis-cid', verdict: { verdict: 'not-checkable', missing: 'the CID of the genesis of the network is not known' } },
        { check: 'genesis-form', verdict: { verdict: 'ok' } },
      ],
    });
    expect(lines[2]).toMatchObject({
      epoch: 45,
      nullRounds: 0,
      miner: 'f01002',
      winCount: 2,
      checks: expect.arrayContaining([{ check: 'form', verdict: { verdict: 'ok' } }]),
    });
    expect(lines.at(-2)).toMatchObject({ miner: 'f01002', blocks: 1, wins: 2, interval: { low: 0, high: 4 } });
  });

  it('of one miner of several, named twice or by either prefix', async () => {
    const { stdout } = await audit([car, '--network', NETWORK, '--from', '42', '--to', '43', '--miner', 'f01000', '--miner', 't01002']);
    expect([...stdout.matchAll(/^ +4[23] +(f0\d+)/gm)].map(([, miner]) => miner).sort()).toEqual(['f01000', 'f01000', 'f01002', 'f01002']);
    expect(stdout).not.toContain('f01001');
  });

  it('says that it runs in JavaScript when told so', async () => {
    const { stdout } = await audit([car, ...TAIL], { MINEONE_BLS: 'noble' });
    expect(stdout).toMatch(/signatures by noble\. /);
    const wrong = await audit([car, ...TAIL], { MINEONE_BLS: 'fast' });
    expect(wrong).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: BLS_CHOICE: [^\n]+\n$/) });
  });
});

describe.concurrent('a chain that is wrong', { timeout: 60_000 }, () => {
  /** The head unsigned anew: its weight is one more. */
  function heavier(): string {
    return fileOf('heavier.car', carBytes(headed(made.chain, { ...made.head, parentWeight: made.head.parentWeight + 1n })));
  }

  it('as text: what was expected and what found, under the block; exit code 1', async () => {
    const { code, stdout, stderr } = await audit([heavier(), '--network', NETWORK, '--from', '46']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { parentWeight } = made.head;
    expect(stdout).toMatch(/^ +46 .* 2 WRONG$/m);
    expect(stdout).toContain(`\n        wrong  parent-weight: expected ${parentWeight}, found ${parentWeight + 1n}\n`);
    expect(stdout).toContain('\n        wrong  block-signature: expected a block signature by the worker key, found one that does not verify\n');
    expect(stdout).toMatch(
      /\n1 of 1 blocks are wrong; 19 of 23 rules held on 1 blocks, [^\n]+ were not executed; 1 headers that no root leads to were not looked at\.\n$/,
    );
  });

  it('as JSON: exit code 1, and every verdict', async () => {
    const { code, stdout } = await audit([heavier(), '--network', NETWORK, '--from', '46', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toMatchObject({ type: 'end', blocks: 1, wrongBlocks: 1 });
  });

  it('with a block missing: not wrong, and named', async () => {
    const bytes = carBytes(without(made.chain, keyAt(made.chain, 44)[1] as (typeof made.chain.roots)[number]));
    const { code, stdout } = await audit([fileOf('missing.car', bytes), '--network', NETWORK, '--from', '44']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +44 +\? .* {2}23 -$/m);
    expect(stdout).toMatch(/\n1 of 5 blocks could not be read: not in the source; [^\n]+\n$/);
  });

  it('without its genesis: nothing is wrong, and it says where it begins', async () => {
    const { chain } = made;
    const bytes = carBytes(without(chain, ...keyAt(chain, 40)));
    const { code, stdout } = await audit([fileOf('late.car', bytes), '--network', NETWORK]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/epochs 41 to 46, 6 tipsets, .*\nIt begins at epoch 41: the parents of that tipset are not in the source\./);
    expect(headerIn(chain, keyAt(chain, 41)[0] as (typeof chain.roots)[number]).height).toBe(41);
  });

  it('under rules of another network: refused, or found wrong', async () => {
    const mainnet = await audit([car]);
    expect(mainnet).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: NETWORK_MISMATCH: [^\n]+--network\n$/) });
    // Lotus' own 2k network draws from another drand, and from another time.
    const lotus = await audit([car, '--network', '2k', '--from', '1', '--to', '3']);
    expect(lotus.code).toBe(1);
    expect(lotus.stdout).toContain('wrong  beacon-signatures');
  });

  it('outside of its epochs: an error that says which it has', async () => {
    const { code, stderr } = await audit([car, '--network', NETWORK, '--from', '400']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'mineone: AUDIT_RANGE: there is no epoch from 400 on: the source holds epochs 0 to 46; choose --from and --to among them\n',
    });
  });

  it.for(['1000', 'f1abc', 'f3vlbd', ''])('a miner by no id (%s) is wrong usage', async (miner) => {
    const { code, stderr } = await audit([car, '--miner', miner]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mineone: USAGE: [^\n]*A miner is named by its id address, such as f01000; for help, add --help\n$/);
  });
});

describe.concurrent('a chain of which little can be asked', { timeout: 60_000 }, () => {
  /** Epochs 40 to 46 without states and messages. */
  function headersOnly(): string {
    const headers = [40, 41, 42, 43, 44, 45, 46].flatMap((epoch) => keyAt(made.chain, epoch)).map(String);
    const blocks = new Map(headers.map((cid) => [cid, made.chain.blocks.get(cid) as Uint8Array]));
    return fileOf('headers.car', carBytes({ roots: made.chain.roots, blocks }));
  }

  it('says how many rules could be asked and why no more, and never that nothing is wrong', async () => {
    const { code, stdout } = await audit([headersOnly(), '--network', NETWORK, '--from', '42']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n6 of 23 rules could be asked: this file holds headers only\.\n$/);
  });

  it('with rules required that could not be asked: exit code 3, and their names', async () => {
    const [all, asked, roots] = await Promise.all([
      audit([headersOnly(), '--network', NETWORK, '--from', '42', '--require', 'all']),
      audit([headersOnly(), '--network', NETWORK, '--from', '42', '--require', 'form,parents', '--require', 'timestamp']),
      audit([car, ...TAIL, '--require', 'win-count,state-root', '--json']),
    ]);
    expect([all.code, asked.code, roots.code]).toEqual([3, 0, 3]);
    expect(all.stdout).toMatch(/\nRequired and not asked of every block: claim, minimum-power, [^\n]+, state-root, receipts-root\.\n$/);
    expect(asked.stdout).not.toContain('Required');
    expect(JSON.parse(roots.stdout.trimEnd().split('\n').at(-1) as string)).toMatchObject({
      conclusion: expect.stringMatching(/^21 of 23 rules held on 3 blocks/),
      unasked: ['state-root'],
    });
  });

  it('with a wrong block, exit code 1 is what counts', async () => {
    const wrong = fileOf('wrong-required.car', carBytes(headed(made.chain, { ...made.head, parentWeight: 1n })));
    expect((await audit([wrong, '--network', NETWORK, '--from', '46', '--require', 'all'])).code).toBe(1);
  });

  it('a rule that there is not is wrong usage, with the nearest name', async () => {
    const { code, stderr } = await audit([car, '--require', 'winning-pots']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mineone: USAGE: [^\n]*There is no rule "winning-pots"; did you mean winning-post\?[^\n]*\n$/);
  });
});

describe('a reader that has seen enough', () => {
  it('ends the audit quietly', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await shell(`MINEONE audit ${car} --network ${NETWORK} | head -n 1`);
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(stdout).toMatch(/^Chain of network devnet-2k/);
  });
});
