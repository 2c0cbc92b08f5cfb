/**
 * Every function that an embedder calls, generated over the package's exports: each argument in turn left out, `null`,
 * a number, a text, an empty object. What comes is an error with a code that names the argument and what was expected,
 * and never a TypeError from within. A new export must be added here, with what it takes.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, isObservable } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { idAddress } from '../../src/chain/address.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import type { Miner } from '../../src/miner.ts';

type Wrong = 'nothing' | 'null' | 'number' | 'text' | 'object';
const WRONG: Readonly<Record<Wrong, unknown>> = { nothing: undefined, null: null, number: 5, text: 'x', object: {} };

interface Argument {
  readonly name: string;
  readonly value: unknown;
  /** What is no mistake here. */
  readonly takes: readonly Wrong[];
}
const arg = (name: string, value: unknown, ...takes: readonly Wrong[]): Argument => ({ name, value, takes });
/** Options, none of which is needed. */
const options = (name = 'options'): Argument => arg(name, {}, 'nothing', 'object');

type Call = (...args: readonly unknown[]) => unknown;
type Calls = Readonly<Record<string, Call>>;

/** The built package, by the names that it exports. */
async function functionsOf(name: string): Promise<Calls> {
  const entries = Object.entries<unknown>(await import(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, Call] => typeof entry[1] === 'function'));
}
const methodsOf = (value: object): Calls =>
  Object.fromEntries(Object.entries(value).flatMap(([name, call]) => (typeof call === 'function' ? [[name, (...args) => call.apply(value, args)]] : [])));

const folder = mkdtempSync(join(tmpdir(), 'mineone-arguments-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { loadBls } = (await import('mineone/native/bls' as string)) as typeof import('../../native/bls.ts');
const { createMiner } = (await import('mineone' as string)) as typeof import('../../src/embedding.ts');
const { createDevnet } = (await import('mineone/devnet' as string)) as typeof import('../../src/devnet/devnet.ts');
const { keySigner } = (await import('mineone/adapters/key-signer' as string)) as typeof import('../../src/adapters/key-signer.ts');
const { mockProver } = (await import('mineone/adapters/mock-prover' as string)) as typeof import('../../src/adapters/mock-prover.ts');
const { virtualClock } = (await import('mineone/adapters/virtual-clock' as string)) as typeof import('../../src/adapters/virtual-clock.ts');
const { memoryStore } = (await import('mineone/journal/store/memory-store' as string)) as typeof import('../../src/journal/store/memory-store.ts');
const { luckFold } = (await import('mineone/projections/luck' as string)) as typeof import('../../src/projections/luck.ts');

const { bls } = loadBls();
const clock = virtualClock(1_700_000_000_000);
const devnetOptions = { seed: 'arguments', clock, bls, miners: 1, rivals: [{}] };
const devnet = createDevnet(devnetOptions);
const keys = devnet.miners.map(({ privateKey }) => privateKey);
const minerOptions = { network: devnet.network, miners: ['f01000'], node: devnet.node, signer: keySigner(bls, keys), prover: mockProver(), clock, bls };
const miner: Miner = await createMiner({ ...minerOptions, store: memoryStore() });
await miner.start();
afterAll(() => miner.stop());

const chain = { head: {}, lastUpTo: () => undefined, firstFrom: () => undefined, tipset: () => undefined };
const range = [options('options')];
const store = arg('store', memoryStore());
const place = arg('folder', join(folder, 'place'), 'text');
const NONE: readonly Argument[] = [];

/** Module → function → what it takes. `null`: it takes any value and says of each what it is. */
const MODULES: Readonly<Record<string, Readonly<Record<string, readonly Argument[] | null>>>> = {
  mineone: { createMiner: [arg('options', minerOptions)] },
  'mineone/devnet': { createDevnet: [arg('options', devnetOptions)] },
  'mineone/audit': { openAudit: [arg('source', '-', 'text'), arg('options', { network: () => MAINNET })] },
  'mineone/native/bls': { loadBls: [arg('choice', 'auto', 'nothing')], loadBlsAddon: null, addonFolders: null, checkKnownAnswers: null },
  'mineone/journal': { openJournal: [store] },
  'mineone/journal/verify': { verifyJournal: [store] },
  'mineone/journal/store/level-store': { openLevelStore: [place, options()] },
  'mineone/journal/store/level-reader': { openLevelReader: [place, options()], anchorOf: null },
  'mineone/journal/store/memory-store': { memoryStore: NONE },
  'mineone/adapters/system-clock': { systemClock: NONE },
  'mineone/adapters/mock-prover': { mockProver: NONE },
  'mineone/adapters/local-fence': { localFence: NONE },
  'mineone/adapters/virtual-clock': { virtualClock: [arg('start', 0, 'number')] },
  'mineone/adapters/paced-clock': { pacedClock: [arg('clock', clock), arg('options', { start: 0, speed: 2 })] },
  'mineone/adapters/key-signer': { keySigner: [arg('bls', bls), arg('privateKeys', keys)] },
  'mineone/adapters/observers-prover': { observersProver: [arg('network', MAINNET)] },
  'mineone/adapters/chain-node': { chainNode: [arg('chain', chain), arg('judge', { params: MAINNET }), arg('clock', clock)] },
  'mineone/adapters/key-file': {
    encryptKey: [arg('address', 'f3aa'), arg('privateKey', keys[0]), arg('passphrase', 'a phrase', 'text')],
    decryptKey: [arg('key file', { v: 1 })],
    saveKey: [place, arg('key file', { v: 1 })],
    listKeys: [place],
    loadKey: [place, arg('address', 'f3aa', 'text')],
    encryptedKeyOf: [arg('key file', { v: 1 })],
  },
  'mineone/adapters/wallet-export': {
    walletExport: [arg('privateKey', keys[0])],
    walletImport: [arg('key', '00')],
    privateKeyOf: [arg('key', '00', 'text'), arg('form', 'hex')],
    keysOfJson: null,
  },
  'mineone/projections/explain': { explain: [arg('records', [])], fateTold: null },
  'mineone/projections/luck': { luckFold: range },
  'mineone/projections/epoch-list': { epochList: range },
  'mineone/projections/step-times': { stepTimes: range, isWithin: null },
};

const wrongOf = (args: readonly Argument[]) =>
  args.flatMap((argument, at) =>
    (Object.keys(WRONG) as Wrong[]).flatMap((wrong) => (argument.takes.includes(wrong) ? [] : [{ at, wrong, name: argument.name }])),
  );

/** What it throws, rejects with, or ends its stream with. */
async function errorOf(call: Call, args: readonly unknown[]): Promise<unknown> {
  try {
    const answer = await call(...args);
    if (isObservable(answer)) await firstValueFrom(answer);
    return null;
  } catch (error) {
    return error;
  }
}

async function refusalsOf(call: Call, args: readonly Argument[]): Promise<readonly string[]> {
  const good = args.map(({ value }) => value);
  const answers = wrongOf(args).map(async ({ at, wrong, name }) => {
    const error = await errorOf(call, wrong === 'nothing' && at === args.length - 1 ? good.slice(0, at) : good.with(at, WRONG[wrong]));
    const { name: kind, code, message } = (error ?? {}) as { readonly name?: string; readonly code?: string; readonly message?: string };
    const isTold = kind === 'MineOneError' && /^[A-Z]+(_[A-Z]+)+$/.test(code ?? '') && /expected .+/.test(message ?? '');
    // Of an object the first thing that lacks is named.
    const isNamed = wrong === 'object' || message?.includes(name) === true;
    return isTold && isNamed ? [] : [`${name} as ${wrong}: ${error === null ? 'taken' : `${kind} ${code}: ${message}`}`];
  });
  return (await Promise.all(answers)).flat();
}

describe.each(Object.entries(MODULES))('%s', (name, table) => {
  it('exports what is in the table', async () => {
    expect(Object.keys(await functionsOf(name)).sort()).toEqual(expect.arrayContaining(Object.keys(table).sort()));
    const checks = Object.keys(await functionsOf(name)).filter((call) => !(call in table));
    expect(checks.filter((call) => !/^check|^ENGINES/.test(call))).toEqual([]);
  });

  it.each(Object.entries(table).filter(([, args]) => args !== null && args.length > 0))('%s names an argument that is none', async (call, args) => {
    const functions = await functionsOf(name);
    expect(await refusalsOf(functions[call] ?? expect.fail(`no ${call}`), args ?? [])).toEqual([]);
  });
});

const record = [arg('record', { stream: 'network', input: {} })];
const from = arg('from', 1, 'number');
const METHODS: Readonly<Record<string, { readonly of: () => object; readonly calls: Readonly<Record<string, readonly Argument[]>> }>> = {
  miner: {
    of: () => miner,
    calls: {
      journal: NONE,
      start: NONE,
      stop: NONE,
      isSettled: NONE,
      settled: NONE,
      command: [arg('miner', 'f01000'), arg('command', 'stop')],
      replay: [options()],
    },
  },
  transitions$: { of: () => ({ from: miner.transitions$.from }), calls: { from: [arg('seq', 0, 'number')] } },
  devnet: { of: () => devnet, calls: { head: NONE, start: NONE, stop: NONE, on: [arg('listener', () => undefined)] } },
  world: {
    of: () => devnet.world,
    calls: {
      reorg: [arg('depth', 1, 'nothing', 'number')],
      cheat: [arg('cheat', 'two-blocks'), from],
      nullRounds: [from, arg('to', 6, 'number')],
      setMiner: [arg('miner', idAddress(1000)), arg('change', {}, 'object'), from],
      restart: [arg('awayMs', 0, 'number')],
    },
  },
  luck: { of: () => luckFold(), calls: { add: record, report: NONE } },
};

describe.each(Object.entries(METHODS))('%s', (_, { of, calls }) => {
  it('has the calls of the table', () => {
    expect(Object.keys(methodsOf(of())).sort()).toEqual(Object.keys(calls).sort());
  });

  it.each(Object.entries(calls).filter(([, args]) => args.length > 0))('%s names an argument that is none', async (call, args) => {
    expect(await refusalsOf(methodsOf(of())[call] ?? expect.fail(`no ${call}`), args)).toEqual([]);
  });
});
