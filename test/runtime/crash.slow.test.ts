/**
 * A real process on a real LevelDB, killed with SIGKILL at every batch of a won epoch and at random; what it sends to
 * its node is held against what it may send (issue: crash).
 */

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { afterAll, expect, it } from 'vitest';
import { blockCid, blockHeader } from '../../src/chain/block-header.ts';
import { blockMessage } from '../../src/chain/block-message.ts';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode, list } from '../../src/chain/encoding/codec.ts';
import { signedMessage } from '../../src/chain/message.ts';
import { tipsetKeyText } from '../../src/chain/tipset.ts';
import { blockTemplate } from '../../src/consensus/block-template.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { replay } from '../../src/replay/replay.ts';
import { amountOf, firstSeed, isSample } from '../sample.ts';
import { bls, MACHINES } from './fixtures/run-epochs.ts';
import { beginOf, CONFIG, MINER, SEED, smallChain } from './fixtures/small-chain.ts';
import { SMALL_NETWORK } from './fixtures/small-network.ts';

const CHILD = fileURLToPath(new URL('fixtures/crash-child.mjs', import.meta.url));
const NETWORK = serialize(SMALL_NETWORK).toString('base64');
/** At batches and at random. */
const KILLS = amountOf('KILLS', { sample: 10, all: 60 });
/** Of the batches of an epoch every one, or in a sample every seventh. */
const EVERY = isSample ? 7 : 1;

const folder = mkdtempSync(join(tmpdir(), 'mineone-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const acks = join(folder, 'acks');
const chain = smallChain(bls);
const signal = AbortSignal.timeout(300_000 * Math.ceil(KILLS / 100));

type Kill = { readonly when: 'before' | 'after'; readonly n: number } | { readonly when: 'random'; readonly ms: number };

/** What the child asks its node. */
const answers: Readonly<Record<string, (argument: string) => Promise<unknown>>> = {
  head: async () => (await chain.node.head(signal)).blocks.map((header) => toHex(encode(blockHeader, header))),
  messages: async () => toHex(encode(list(signedMessage), await chain.node.selectMessages([], 1, signal))),
  create: async (hex) => toHex(encode(blockMessage, await chain.node.createBlock(decode(blockTemplate, fromHex(hex)), signal))),
  submit: (hex) => chain.node.submitBlock(decode(blockMessage, fromHex(hex)), signal),
  tipset: async (height) => (await chain.node.tipsetAt(Number(height), signal)).blocks.map((header) => toHex(encode(blockHeader, header))),
};

/** Resolves with whether it was killed. */
function runChild(epoch: number, now: number, kill: Kill): Promise<boolean> {
  const config = { ...CONFIG, genesisTimestamp: String(CONFIG.genesisTimestamp) };
  const argument = {
    folder: join(folder, 'journal'),
    acks,
    now,
    epoch,
    miner: MINER,
    config,
    seed: toHex(SEED),
    network: NETWORK,
    kill: kill.when === 'random' ? { when: '', n: -1 } : kill,
  };
  const child: ChildProcess = fork(CHILD, [JSON.stringify(argument)], { execArgv: [] });
  child.on('message', async ({ id, method, argument: asked }: { readonly id: number; readonly method: string; readonly argument: string }) => {
    if (method === 'begun') {
      if (kill.when === 'random') setTimeout(() => child.kill('SIGKILL'), kill.ms);
      return;
    }
    const answer = (await answers[method]?.(asked)) ?? null;
    if (child.connected) child.send({ id, answer }, () => undefined);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code, by) => (by === 'SIGKILL' || code === 0 ? resolve(by === 'SIGKILL') : reject(new Error(`the child ended with ${code}`))));
  });
}

interface Ack {
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
}

/** A line that was cut off is one that nobody read. */
function acknowledged(): readonly Ack[] {
  if (!existsSync(acks)) return [];
  const lines = readFileSync(acks, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => line.split(' ')).map(([seq, hash, at]) => ({ seq: Number(seq), hash: hash as string, at: Number(at) }));
}

it('mines every epoch once, with one block, whenever it is killed', async () => {
  let epoch = 0;
  let kills = 0;
  let late = 0;
  /** Time goes on from the last record; at a `lateBy` the process comes back that much later. */
  const next = async (kill: Kill, lateBy = 0): Promise<boolean> => {
    const last = acknowledged().reduce((at, ack) => Math.max(at, ack.at), beginOf(epoch));
    epoch++;
    // What an epoch left open is ended within its own time; the new one begins after that.
    const killed = await runChild(epoch, last + lateBy, kill);
    if (killed) kills++;
    return killed;
  };
  for (const when of ['before', 'after'] as const) {
    for (let n = 0; await next({ when, n }); n += EVERY);
  }
  const boundaries = kills;
  let random = firstSeed;
  // A kill may come when the process is through already: then it was none.
  for (let tries = 0; kills < KILLS && tries < 4 * KILLS; tries++) {
    random = (random * 48_271) % 2_147_483_647;
    const isLate = random % 4 === 0;
    if (isLate) late++;
    await next({ when: 'random', ms: random % 120 }, isLate ? 45_000 : 0);
  }
  await next({ when: 'random', ms: 3_600_000 });
  const killedAtAll = kills;
  const store = await openLevelStore(join(folder, 'journal'));
  const journal = await openJournal(store);
  const records = new Map<number, { readonly record: JournalRecord; readonly hash: string }>();
  for await (const { record, hash } of journal.records()) records.set(record.seq, { record, hash: toHex(hash) });
  // Nothing acknowledged is missing or other than it was.
  for (const { seq, hash } of acknowledged()) expect(records.get(seq)?.hash).toBe(hash);
  // One CID for an epoch, one for a base.
  const cids = new Map<string, Set<string>>();
  for (const { header } of chain.submitted) {
    for (const name of [`epoch ${header.height}`, `parents ${tipsetKeyText(header.parents)}`]) {
      cids.set(name, (cids.get(name) ?? new Set()).add(blockCid(header).toString()));
    }
  }
  for (const [name, set] of cids) expect([...set], name).toHaveLength(1);
  // One outcome for an epoch; mined, but for the few that lose, and those whose process came back too late.
  const outcomes = [...records.values()].filter(({ record: { stream, outcome } }) => outcome !== null && stream.split('/').length === 2);
  const ends = new Map(outcomes.map(({ record: { stream, outcome } }) => [stream, (outcome as { readonly outcome: string }).outcome]));
  expect(ends.size).toBe(outcomes.length);
  const count = (word: string): number => [...ends.values()].filter((outcome) => outcome === word).length;
  console.log(
    `${killedAtAll} kills (${boundaries} at batches), ${late} late returns, ${epoch} epochs: ${count('mined')} mined, ${count('lost')} lost, ${count('late')} late; ${records.size} records`,
  );
  expect(killedAtAll).toBeGreaterThanOrEqual(KILLS);
  expect(boundaries).toBeGreaterThan(isSample ? 4 : 30);
  expect([...ends.values()].filter((outcome) => !['mined', 'lost', 'late'].includes(outcome))).toEqual([]);
  expect(count('late')).toBeLessThanOrEqual(late);
  const begun = new Set(
    [...records.values()].filter(({ record }) => record.input.type === 'start' && record.stream.split('/').length === 2).map(({ record }) => record.stream),
  );
  expect(ends.size).toBe(begun.size);
  expect((await replay(journal.records(), MACHINES, journal.shared)).divergence).toBeNull();
  await journal.close();
});
