/**
 * What an embedder meets who calls too early, too late, or with what is no option: a coded error that says what to do
 * (docs/commands.md, «Embedding»). From the package as it is exported.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkParams } from '../src/consensus/network/network.ts';
import type { JournalRecord } from '../src/journal/format/record.ts';
import type { Miner, MinerOptions } from '../src/miner.ts';

/** The built package, by the names that it exports. */
const exported = async <T>(name: string): Promise<T> => (await import(name)) as T;
const { createMiner } = await exported<typeof import('../src/miner.ts')>('mineone');
const { createDevnet } = await exported<typeof import('../src/devnet/devnet.ts')>('mineone/devnet');
const { keySigner } = await exported<typeof import('../src/adapters/key-signer.ts')>('mineone/adapters/key-signer');
const { mockProver } = await exported<typeof import('../src/adapters/mock-prover.ts')>('mineone/adapters/mock-prover');
const { virtualClock } = await exported<typeof import('../src/adapters/virtual-clock.ts')>('mineone/adapters/virtual-clock');
const { memoryStore } = await exported<typeof import('../src/journal/store/memory-store.ts')>('mineone/journal/store/memory-store');
const { loadBls } = await exported<typeof import('../native/bls.ts')>('mineone/native/bls');

const { bls } = loadBls();
const clock = virtualClock(1_700_000_000_000);
const folder = mkdtempSync(join(tmpdir(), 'mineone-embedding-'));
afterAll(() => rmSync(folder, { recursive: true }));

const devnetOptions = { seed: 'embedding', clock, bls, miners: 1 };
const devnet = createDevnet(devnetOptions);

function optionsWith(changed: Readonly<Record<string, unknown>> = {}): MinerOptions {
  const keys = devnet.miners.map(({ privateKey }) => privateKey);
  const ports = { node: devnet.node, signer: keySigner(bls, keys), prover: mockProver(), clock };
  return { network: devnet.network, miners: ['f01000'], ...ports, bls, store: memoryStore(), ...changed } as MinerOptions;
}

describe('a miner that is asked too early, too late or twice', () => {
  let miner: Miner;
  beforeEach(async () => {
    miner = await createMiner(optionsWith());
    return () => miner.stop();
  });

  it('says of a command before the start that it is not started', async () => {
    await expect(miner.command('f01000', 'stop')).rejects.toMatchObject({
      code: 'MINER_NOT_STARTED',
      message: 'command: this miner is not started; await start() first',
    });
    expect((await miner.replay()).divergence).toBeNull();
  });

  it('says of a second start that it was started, also of one beside the first, and mines on', async () => {
    const first = miner.start();
    await expect(miner.start()).rejects.toMatchObject({ code: 'MINER_STARTED' });
    await first;
    await expect(miner.start()).rejects.toMatchObject({ code: 'MINER_STARTED' });
    await miner.command('f01000', 'stop');
    expect((await miner.replay()).records).toBe(miner.journal().next());
  });

  it.each(['never started', 'started'])('says after stop, %s, that it was stopped and how to go on', async (how) => {
    if (how === 'started') await miner.start();
    await miner.stop();
    const stopped = { code: 'MINER_STOPPED', message: expect.stringMatching(/make another with createMiner and the same dataDir$/) };
    await expect(miner.start()).rejects.toMatchObject(stopped);
    await expect(miner.command('f01000', 'stop')).rejects.toMatchObject(stopped);
    // Whoever is told of an argument would mend that and be told of the end then.
    await expect(miner.command(5 as never, 'pause' as 'stop')).rejects.toMatchObject(stopped);
    await expect(miner.replay({ epoch: -1 })).rejects.toMatchObject(stopped);
    await expect(firstValueFrom(miner.transitions$.from(-1))).rejects.toMatchObject(stopped);
    await expect(miner.replay()).rejects.toMatchObject(stopped);
    await expect(firstValueFrom(miner.transitions$.from(0))).rejects.toMatchObject(stopped);
    expect(await lastValueFrom(miner.transitions$.pipe(toArray()))).toEqual([]);
    expect(await lastValueFrom(miner.outcomes$.pipe(toArray()))).toEqual([]);
    expect(await lastValueFrom(miner.tipset$.pipe(toArray()))).toEqual([]);
  });

  it.each([
    [{ epcoh: 4 }, 'there is no option epcoh; did you mean epoch?'],
    [{ epoch: 'x' }, 'epoch: expected an epoch'],
    [{ epoch: 1.5 }, 'epoch: expected an epoch'],
    [{ miner: 'nobody' }, 'miner: expected an id address'],
    [{ miner: 1000 }, 'miner: expected an id address'],
  ])('replays no part that is none: %o', async (part, message) => {
    await miner.start();
    await expect(miner.replay(part as never)).rejects.toMatchObject({ code: 'MINER_OPTION', message: expect.stringContaining(`miner.replay: ${message}`) });
  });

  it('replays a miner by either spelling of its address, and says of one that is not there that there is no record', async () => {
    await miner.start();
    await expect(miner.replay({ miner: 'f09' })).rejects.toMatchObject({ code: 'REPLAY_EMPTY', message: expect.stringContaining('f09') });
    await expect(miner.replay({ miner: 't09' })).rejects.toMatchObject({ code: 'REPLAY_EMPTY', message: expect.stringContaining('f09') });
  });

  it('stops once, however often it is told', async () => {
    await miner.start();
    const told: JournalRecord[] = [];
    miner.transitions$.from(0).subscribe((record) => told.push(record));
    await Promise.all([miner.stop(), miner.stop()]);
    await miner.stop();
    expect(told).toHaveLength(miner.journal().next());
  });

  it('takes no command that there is not, and no place that is none', async () => {
    await miner.start();
    await expect(miner.command('f01000', 'pause' as 'stop')).rejects.toMatchObject({ code: 'MINER_COMMAND', message: expect.stringContaining('"pause"') });
    await expect(miner.command('nobody', 'stop')).rejects.toMatchObject({ code: 'MINER_ADDRESS', message: expect.stringContaining('"nobody"') });
    await expect(firstValueFrom(miner.transitions$.from(-1))).rejects.toMatchObject({ code: 'MINER_OPTION', message: expect.stringContaining('seq') });
  });
});

it('a miner whose journal would not open may be started again when it does', async () => {
  let fails = false;
  const store = memoryStore();
  const opening = async () => {
    if (fails) throw Object.assign(new Error('no disk'), { code: 'EIO' });
    return { ...store, close: async () => undefined };
  };
  const before = await createMiner(optionsWith({ store: opening }));
  await before.start();
  await before.stop();
  const miner = await createMiner(optionsWith({ store: async () => ({ ...(await opening()), write: () => Promise.reject(new Error('full')) }) }));
  await expect(miner.start()).rejects.toThrow('full');
  fails = true;
  await expect(miner.start()).rejects.toThrow('no disk');
  await miner.stop();
});

describe('options of createMiner', () => {
  it.each([
    ['node', {}],
    ['node', undefined],
    ['signer', { sign: () => undefined }],
    ['prover', null],
    ['fence', {}],
    ['clock', { now: 5 }],
    ['network', {}],
    ['network', undefined],
    ['miners', 'f01000'],
    ['miners', [1000]],
    ['miners', []],
    ['bls', {}],
    ['observe', 'yes'],
    ['ordered', 1],
    ['store', {}],
    ['network', { blockDelaySecs: 30 }],
    ['lastEpoch', -1],
    ['lastEpoch', 1.5],
    ['keepMs', 0],
    ['keepMs', Number.NaN],
    ['dataDir', ''],
    ['dataDir', 7],
    ['runDir', ''],
    ['onFault', 'log'],
  ])('names %s where it is %o', async (option, value) => {
    await expect(createMiner(optionsWith({ [option]: value }))).rejects.toMatchObject({
      code: 'MINER_OPTION',
      message: expect.stringMatching(new RegExp(`^createMiner: ${option}: expected .+, got .+`)),
    });
  });

  it.each([
    ['network.upgrades.nova', (network: NetworkParams) => ({ upgrades: { ...network.upgrades, nova: 4 } })],
    ['network.upgrades.smoke', (network: NetworkParams) => ({ upgrades: { ...network.upgrades, smoke: 4n } })],
    ['network.upgrades.solstice', ({ upgrades: { solstice: _, ...upgrades } }: NetworkParams) => ({ upgrades })],
    ['network.upgrades', () => ({ upgrades: null })],
    ['network.unknownUpgrades', () => ({ unknownUpgrades: 'Nova' })],
    ['network.unknownUpgrades[0].height', () => ({ unknownUpgrades: [{ name: 'Nova', height: 6n }] })],
    ['network.unknownUpgrades[0].height', () => ({ unknownUpgrades: [{ name: 'Nova', height: '6' }] })],
    ['network.unknownUpgrades[0].name', () => ({ unknownUpgrades: [null] })],
    ['network.unknownFields', () => ({ unknownFields: 'NovaGasDuration' })],
    ['network.unknownFields', () => ({ unknownFields: [7] })],
  ])('names %s of a network: an upgrade that is not understood would be mined past', async (option, changed) => {
    const network = { ...devnet.network, ...changed(devnet.network) };
    await expect(createMiner(optionsWith({ network }))).rejects.toMatchObject({
      code: 'MINER_OPTION',
      message: expect.stringContaining(`createMiner: ${option}: expected `),
    });
  });

  it('names a dataDir that is a file, and one that nothing can be kept in', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const [dataDir, code] of [
      [file, 'FOLDER_IS_FILE'],
      [join(file, 'journal'), 'FOLDER_IS_FILE'],
      ['/proc/mineone', 'FOLDER_REFUSED'],
    ])
      await expect(createMiner(optionsWith({ store: undefined, dataDir, runDir: folder }))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(dataDir === '/proc/mineone' ? dataDir : file),
      });
    await expect(createMiner(optionsWith({ store: undefined }))).rejects.toMatchObject({ code: 'MINER_STORE' });
    await expect(createMiner(optionsWith({ miners: ['f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za'] }))).rejects.toMatchObject({ code: 'MINER_ADDRESS' });
    await expect(createMiner(optionsWith({ miners: ['f01000', 't01000'] }))).rejects.toMatchObject({
      code: 'MINER_OPTION',
      message: expect.stringContaining('miners[1]: f01000 is named twice'),
    });
  });
});

const MISSPELLED = [
  [{ obsreve: true }, 'obsreve', 'observe'],
  [{ keep: 5 }, 'keep', 'keepMs'],
  [{ miner: ['f01000'] }, 'miner', 'miners'],
] as const;

describe('an option that there is not', () => {
  it.each(MISSPELLED)('of createMiner is refused, with the nearest: %o', async (more, name, meant) => {
    const message = `createMiner: there is no option ${name}; did you mean ${meant}?`;
    await expect(createMiner(optionsWith(more))).rejects.toMatchObject({ code: 'MINER_OPTION', message });
  });
});

it('a miner whose store opens to what is no store says so', async () => {
  await expect(createMiner(optionsWith({ store: async () => ({}) }))).rejects.toMatchObject({
    code: 'MINER_OPTION',
    message: expect.stringContaining('createMiner: store(): expected an open store'),
  });
});
