/**
 * A journal that an earlier MineOne wrote (README.md beside this): journals verify, read and replay for ever, whatever
 * is moved or written anew in the code. Where a later part decides otherwise on purpose, the expectation of a replay
 * becomes the record at which it parts; the file is never made again.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../../src/chain/encoding/bytes.ts';
import { parseJson } from '../../../src/chain/encoding/json.ts';
import { networkFromJson } from '../../../src/consensus/network/network-file.ts';
import { endsStream } from '../../../src/journal/chain/record-chain.ts';
import { exportEpoch, readEpochFile } from '../../../src/journal/epoch-file.ts';
import type { JournalRecord } from '../../../src/journal/format/record.ts';
import type { Value } from '../../../src/journal/format/value.ts';
import { lastOpening } from '../../../src/journal/guard/opening.ts';
import { checkSealed, parseSeal } from '../../../src/journal/guard/seal.ts';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { openUnverified } from '../../../src/journal/salvage/unverified.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { streamName } from '../../../src/mining/stream.ts';
import type { Store } from '../../../src/ports/store.ts';
import { epochList } from '../../../src/projections/epoch-list.ts';
import { explain } from '../../../src/projections/explain.ts';
import { luckFold } from '../../../src/projections/luck.ts';
import { verifyCrypto } from '../../../src/replay/crypto.ts';
import { replayPart } from '../../../src/replay/part.ts';
import { replay } from '../../../src/replay/replay.ts';
import { actorsAtBeginning } from '../../../src/replay/retention.ts';
import { codeHere } from '../../../src/runtime/code.ts';
import { foldJournal } from '../../../src/runtime/folded-state.ts';
import type { Machine } from '../../../src/statechart/machine.ts';
import { mineone } from '../../cli/run.ts';
import { bls, MACHINES, rigOf } from '../../runtime/fixtures/run-epochs.ts';
import { smallChain } from '../../runtime/fixtures/small-chain.ts';

const HEAD_HASH = '108587a05ee8a64911cde85095bf3034cefebc26214905e25c3441fa094bc9fa';
/** By the clock of its devnet. */
const KILLED_AT = 1_598_306_432_001;
/** Bound and not yet sent when its process was killed. */
const BOUND = ['f01000/16', 'f01002/16'];

const folders: string[] = [];

/** The data directory as the killed process left it. */
function unpacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-recorded-'));
  folders.push(folder);
  execFileSync('tar', ['-xzf', fileURLToPath(new URL('data.tar.gz', import.meta.url)), '-C', folder]);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a journal of an earlier MineOne', () => {
  let folder: string;
  let store: Store;
  let journal: Journal;
  const records: JournalRecord[] = [];

  beforeAll(async () => {
    folder = unpacked();
    store = await openLevelStore(join(folder, 'journal'), { isThere: true });
    journal = await openJournal(store);
    for await (const { record } of journal.records()) records.push(record);
  });

  afterAll(() => journal?.close());

  it('opens and verifies whole', async () => {
    const { headHash, ...counts } = await verifyJournal(store);
    expect(counts).toEqual({ records: 427, first: 35, given: 0, live: 17, blobs: 20, shared: 26, bound: 14, warnings: [] });
    expect(toHex(headHash)).toBe(HEAD_HASH);
    await checkSealed(journal, parseSeal(readFileSync(join(folder, 'journal.seal'), 'utf8')));
  });

  it('has records of these kinds', () => {
    const counts: { [kind: string]: number } = {};
    for (const { input } of records) {
      const kind = input.type === 'start' ? `start ${input.machine}` : input.type === 'abandoned' ? `abandoned ${input.why}` : input.type;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    expect(counts).toEqual({
      checkpoint: 1,
      opened: 3,
      'start epoch': 28,
      'start fate': 9,
      'start deliver': 2,
      result: 380,
      seen: 1,
      poison: 2,
      'abandoned upgraded': 1,
    });
  });

  it('lists its epochs as it did then', () => {
    const list = epochList();
    for (const record of records) list.add(record);
    const then = lines(folder, 'epochs.jsonl').map(({ type: _, ...row }) => row);
    expect(list.rows()).toMatchObject(then.slice(0, -1));
    expect(list.rows()).toHaveLength(43);
  });

  it('explains each of them', () => {
    const begun = records.filter(({ stream, input }) => input.type === 'start' && stream.split('/').length === 2).map(({ stream }) => stream);
    expect(begun).toHaveLength(28);
    for (const stream of begun) {
      const [miner = '', epoch = ''] = stream.split('/');
      const below = ['fate', 'rescue'].map((name) => streamName(miner, Number(epoch), name as 'fate' | 'rescue'));
      const told = explain([stream, ...below, 'network'].flatMap((name) => records.filter((record) => record.stream === name)));
      expect(told[0], stream).toMatch(new RegExp(`^${miner}, epoch ${epoch} of devnet: .+\\.$`));
      expect(told.length, stream).toBeGreaterThan(2);
    }
  });

  it('has the same numbers of luck', () => {
    const fold = luckFold();
    for (const record of records) fold.add(record);
    const [{ type: _, ...then } = {}] = lines(folder, 'luck.json');
    expect(JSON.parse(JSON.stringify(fold.report()))).toMatchObject(then);
  });

  it("replays: another code wrote it, and today's decides the same", async () => {
    expect(await lastOpening(journal)).not.toMatchObject({ machines: codeHere().hash });
    expect(await replayPart(journal, MACHINES, {})).toEqual({ records: 427, steps: 702, divergence: null });
  });

  it('has good signatures alone', async () => {
    const params = networkFromJson(parseJson(readFileSync(join(folder, 'network.json'), 'utf8')));
    const cut = new Set(actorsAtBeginning(journal.checkpoint(), MACHINES).keys());
    expect(await verifyCrypto(journal.records(), { bls, blob: journal.blob, params, cut })).toEqual({
      vrfs: 43,
      beaconEntries: 33,
      blocks: 15,
      uncheckedBeaconEntries: 0,
      uncheckedSignatures: 0,
      fault: null,
    });
  });

  it('keeps its exported epoch, byte for byte', async () => {
    const then = new Uint8Array(readFileSync(join(folder, 'f01001-8.epoch')));
    const file = readEpochFile(then);
    expect(file.streams).toEqual(['f01001/8', 'f01001/8/fate', 'f01001/8/rescue']);
    expect(await replay(file.records(), MACHINES, file.shared)).toMatchObject({ divergence: null });
    const now: Uint8Array[] = [];
    for await (const part of exportEpoch(journal, 'f01001/8')) now.push(part);
    expect(toHex(concatBytes(...now))).toBe(toHex(then));
  });

  it('can be read without LevelDB, and nothing of it is lost', async () => {
    const { damage, next } = await openUnverified(join(folder, 'journal'));
    expect(damage).toEqual({ files: [], missing: [], unreadable: [], partial: [], changed: [], streams: [] });
    expect(next()).toBe(462);
  });

  it("has two bound blocks that no node was sent, and today's code waits with them for their epoch", async () => {
    const { world, open, diverged, code } = await foldJournal(journal, MACHINES);
    expect(diverged).toEqual([]);
    expect(code).not.toEqual(codeHere().hash);
    const holding = [...world.streams].filter(([, { bound, submitted }]) => bound !== null && !submitted);
    expect(holding.map(([stream]) => stream)).toEqual(BOUND);
    for (const [stream] of holding) expect(open.filter((effect) => effect.stream === stream).map(({ name }) => name)).toEqual(['alarm']);
    expect(records.filter((record) => BOUND.includes(record.stream) && endsStream(record))).toEqual([]);
  });
});

/** Today's machines with one step that leaves another state behind, as a later version's may. */
function otherMachines(): ReadonlyMap<string, Machine> {
  const changed = (machine: Machine): Machine => ({
    ...machine,
    children: new Map([...machine.children].map(([name, child]) => [name, changed(child)])),
    step(state, event) {
      const stepped = machine.step(state, event);
      if (event.id !== 'claim') return stepped;
      return { ...stepped, state: { ...stepped.state, context: { ...(stepped.state.context as object), more: 1 } as Value } };
    },
  });
  return new Map([...MACHINES, ['epoch', changed(MACHINES.get('epoch') as Machine)]]);
}

// Of other journals, with a chain behind them: test/runtime/runtime.test.ts, «other code at the start».
describe('its epochs that go on', () => {
  it('end as abandoned{upgraded} under code that steps otherwise, and what was bound is brought out', async () => {
    const store = await openLevelStore(join(unpacked(), 'journal'), { isThere: true });
    const unanswered = () => new Promise<never>(() => undefined);
    const parts = { open: async () => store, node: smallChain(bls).node, now: KILLED_AT, codeHash: 2, machines: otherMachines() };
    const { runtime, faults } = rigOf({ ...parts, around: () => unanswered });
    const told: JournalRecord[] = [];
    runtime.records$.subscribe((record) => told.push(record));
    await runtime.start();
    expect(faults.map(({ code }) => code)).toEqual(['EPOCH_UPGRADED', 'EPOCH_UPGRADED']);
    for (const stream of BOUND) {
      expect(told.find((record) => record.stream === stream)).toMatchObject({
        input: { type: 'abandoned', why: 'upgraded' },
        outcome: { outcome: 'abandoned', why: 'upgraded' },
      });
      expect(told.find((record) => record.stream === `${stream}/rescue`)).toMatchObject({ input: { type: 'start', machine: 'deliver' } });
    }
    await runtime.journal().close();
  });

  it("go on under today's code, which steps the same: what was bound goes out", async () => {
    const folder = unpacked();
    const { code, stdout } = await mineone(['devnet', '--seed', 'written-before-3', '--epochs', '1', '--speed', 'max', '--json', '--data', folder]);
    expect([code, stdout]).toMatchObject([0, expect.stringContaining('"type":"end"')]);
    const journal = await openJournal(await openLevelStore(join(folder, 'journal'), { isThere: true }));
    const rows = epochList();
    for await (const { record } of journal.records()) rows.add(record);
    await journal.close();
    const mined = rows.rows().filter(({ miner, epoch }) => BOUND.includes(streamName(miner, epoch)));
    expect(mined).toMatchObject(BOUND.map(() => ({ outcome: 'mined', wins: 1 })));
  });
});

/** What a command printed then. */
function lines(folder: string, name: string): readonly { readonly [key: string]: unknown }[] {
  return readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly [key: string]: unknown });
}
