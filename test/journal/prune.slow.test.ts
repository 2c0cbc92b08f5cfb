/**
 * A real process that prunes a real LevelDB, killed with SIGKILL at every batch and at random: what is left opens,
 * verifies and replays, and pruning again ends as if nothing had been.
 */

import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { settledInput } from '../../src/journal/chain/settled.ts';
import { EVERYTHING, type Room, roomOfKey } from '../../src/journal/format/keys.ts';
import type { Input } from '../../src/journal/format/record.ts';
import { sha256 } from '../../src/journal/format/sha256.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { replay } from '../../src/replay/replay.ts';
import { actorsAtBeginning, retain } from '../../src/replay/retention.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from '../runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../runtime/fixtures/small-chain.ts';
import { firstSeed } from '../sample.ts';

const CHILD = fileURLToPath(new URL('fixtures/pruning-child.mjs', import.meta.url));
const EPOCHS = 12;
const KEPT_FROM = 11;
/** When all epochs are over, and their fates too: the checkpoint's. */
const AT = beginOf(EPOCHS + 2000);
/** News that come before each epoch: so many that their removal takes several batches, records and values. */
const NEWS = 80;
const RANDOM_KILLS = 8;
const SEED = firstSeed;

const home = mkdtempSync(join(tmpdir(), 'mineone-prune-'));
const whole = join(home, 'whole');
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Kill = { readonly when: 'before' | 'after'; readonly n: number } | { readonly when: 'random'; readonly ms: number } | { readonly when: 'never' };

interface Pruned {
  readonly killed: boolean;
  /** How long it took, where it was not. */
  readonly ms: number;
}

function prune(folder: string, kill: Kill): Promise<Pruned> {
  const child = fork(CHILD, [JSON.stringify({ folder, epoch: KEPT_FROM, at: AT, kill: 'n' in kill ? kill : { when: '', n: -1 } })], {
    execArgv: [],
  });
  let ms = 0;
  child.on('message', (said: unknown) => {
    if (typeof said === 'number') ms = said;
    else if (kill.when === 'random') setTimeout(() => child.kill('SIGKILL'), kill.ms);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code, by) => {
      if (by === 'SIGKILL' || code === 0) resolve({ killed: by === 'SIGKILL', ms });
      else reject(new Error(`the child ended with ${code}`));
    });
  });
}

/** The same in this process. */
async function pruneHere(store: Store): Promise<void> {
  const journal = await openJournal(store);
  const write = async (asked: Input): Promise<boolean> => {
    const input = settledInput(journal.shared, asked);
    journal.add({ at: AT, stream: 'checkpoint', input, steps: [], binds: [], outcome: null });
    await journal.flush();
    return true;
  };
  await retain(journal, { machines: MACHINES, keep: { epoch: KEPT_FROM }, write });
}

async function rowsOf(store: Store, rooms: readonly Room[] | null): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const [key, value] of store.range(...EVERYTHING))
    if (rooms === null || rooms.includes(roomOfKey(key) as Room)) rows.push(`${toHex(key)} ${toHex(sha256(value))}`);
  return rows;
}

async function withLevel<T>(folder: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openLevelStore(folder, { checkedBytes: Number.POSITIVE_INFINITY });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Opens, verifies and replays what is there; gives its slash rows, and how much was left to remove. */
async function look(folder: string) {
  return withLevel(folder, async (store) => {
    const journal = await openJournal(store);
    const { given, first, bound } = await verifyJournal(store);
    const begin = actorsAtBeginning(journal.checkpoint(), MACHINES);
    expect(await replay(journal.records(), MACHINES, journal.shared, begin)).toMatchObject({ divergence: null });
    return { given, first, bound, slash: await rowsOf(store, ['slashEpochs', 'slashParents']) };
  });
}

let slash: readonly string[];
/** What is left when nothing ends it. */
let wanted: readonly string[];
/** Milliseconds that it takes then. */
let takes: number;

beforeAll(async () => {
  const memory = memoryStore();
  const rig = rigOf({ open: async () => memory, node: smallChain(bls).node, now: beginOf(0) });
  await rig.runtime.start();
  await rig.runtime.command(MINER, 'add');
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const { shared } = rig.runtime.journal();
    const news = (i: number): Value =>
      shared.share({ height: epoch, timestamp: i, parents: new Uint8Array(38).fill(i), blocks: [] } as unknown as object) as unknown as Value;
    for (let i = 0; i < NEWS; i++) void rig.runtime.send('network', { type: 'seen', what: 'head', value: news(i) });
    await startEpoch(rig.runtime, epoch);
    await runUntilIdle(rig.runtime, rig.clock, overAt(epoch));
  }
  await runUntilIdle(rig.runtime, rig.clock);
  await rig.runtime.stop();
  await withLevel(whole, async (store) => {
    for await (const [key, value] of memory.range(...EVERYTHING)) await store.write([{ type: 'put', key, value }]);
  });
  ({ slash } = await look(whole));
  const ended = join(home, 'ended');
  cpSync(whole, ended, { recursive: true });
  takes = (await prune(ended, { when: 'never' })).ms;
  wanted = await withLevel(ended, (store) => rowsOf(store, null));
});

/** `false` where it was through before it could be killed. */
async function killed(kill: Kill): Promise<boolean> {
  const folder = join(home, 'killed');
  rmSync(folder, { recursive: true, force: true });
  cpSync(whole, folder, { recursive: true });
  const by = JSON.stringify(kill);
  const wasKilled = (await prune(folder, kill)).killed;
  expect((await look(folder)).slash, by).toEqual(slash);
  await withLevel(folder, pruneHere);
  expect(await look(folder), by).toMatchObject({ given: 0, first: expect.toSatisfy((first: number) => first > NEWS * (KEPT_FROM - 1)), slash });
  expect(await withLevel(folder, (store) => rowsOf(store, null)), by).toEqual(wanted);
  return wasKilled;
}

it('loses nothing that is kept, whenever it is killed', async () => {
  expect(slash).toHaveLength(2 * EPOCHS);
  let kills = 0;
  for (const when of ['before', 'after'] as const) for (let n = 0; await killed({ when, n }); n++) kills++;
  const boundaries = kills;
  let random = SEED;
  for (let tries = 0; kills < boundaries + RANDOM_KILLS && tries < 3 * RANDOM_KILLS; tries++) {
    random = (random * 48_271) % 2_147_483_647;
    if (await killed({ when: 'random', ms: (random % 1000) * (takes / 1000) })) kills++;
  }
  console.log(`${kills} kills, ${boundaries} of them at batches, of a prune that takes ${takes.toFixed(0)} ms`);
  expect(boundaries).toBeGreaterThanOrEqual(12);
  expect(kills).toBeGreaterThanOrEqual(20);
});
