/**
 * Rows of the slash filter rewritten with the head made to fit: a void flag or another content would let a second block
 * through on the same parents (docs/journal.md).
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { addTerm, decodeHead, encodeHead, rowTerm } from '../../src/journal/chain/head.ts';
import { EVERYTHING, HEAD_KEY, roomOfKey, slashEpochKey } from '../../src/journal/format/keys.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { TAIL_RECORDS } from '../../src/journal/open-checks.ts';
import { decodeSlashRow, encodeSlashRow, type SlashRow } from '../../src/journal/slash/slash-rows.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Fence } from '../../src/ports/fence.ts';
import type { Store, StoreOp } from '../../src/ports/store.ts';
import { replayPart } from '../../src/replay/part.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bindOne } from '../journal/fixtures/bound.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from '../runtime/fixtures/run-epochs.ts';
import { beginOf, smallChain } from '../runtime/fixtures/small-chain.ts';

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** Of epoch 2 another instance has the block. */
const fence: Fence = {
  claim: async ({ epoch, cid }) => (epoch === 2 ? { verdict: 'conflict', kind: 'double-fork', by: 'another instance' } : { verdict: 'granted', cid }),
};

/** Three epochs that bound a block each: sent, void, sent on the base of the void one. */
let mined: readonly Entry[] = [];
/** A bind, and one that is void, older than the records that opening reads. */
let old: readonly Entry[] = [];

beforeAll(async () => {
  const store = memoryStore();
  const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0), fence });
  await rig.runtime.start();
  for (const epoch of [1, 2, 3]) {
    await startEpoch(rig.runtime, epoch);
    await runUntilIdle(rig.runtime, rig.clock, overAt(epoch));
  }
  mined = await entriesOf(store);
  old = await entriesOf(await oldBinds());
});

async function oldBinds(): Promise<Store> {
  const store = memoryStore();
  const journal = await openJournal(store);
  for (const epoch of [1, 2]) await bindOne(journal, epoch);
  journal.slash.annul(1000n, 2);
  const end: Value = { outcome: 'refused', why: 'fence-conflict', detail: '' };
  journal.add({
    at: 0,
    stream: 'f01000/2',
    input: { type: 'result', actor: '', id: 'claim', key: [0, 1], ok: true, value: null },
    steps: [],
    binds: [],
    outcome: end,
  });
  for (let n = 0; n < TAIL_RECORDS; n++)
    journal.add({ at: 0, stream: 'network', input: { type: 'seen', what: 'clock', value: n }, steps: [], binds: [], outcome: null });
  await journal.flush();
  return store;
}

async function entriesOf(store: Store): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of store.range(...EVERYTHING)) entries.push(entry);
  return entries;
}

async function storeOf(entries: readonly Entry[]): Promise<Store> {
  const store = memoryStore();
  await store.write(entries.map(([key, value]) => ({ type: 'put', key, value })));
  return store;
}

/** Every row changed or left out, and the head as if it had been written so. */
async function forgeRows(store: Store, change: (row: SlashRow) => SlashRow | null): Promise<void> {
  const ops: StoreOp[] = [];
  let slash = 0n;
  for (const [key, value] of await entriesOf(store)) {
    if (!['slashEpochs', 'slashParents'].includes(roomOfKey(key) ?? '')) continue;
    const row = change(decodeSlashRow(value));
    if (row === null) ops.push({ type: 'del', key });
    else {
      ops.push({ type: 'put', key, value: encodeSlashRow(row) });
      slash = addTerm(slash, rowTerm(key, encodeSlashRow(row)));
    }
  }
  const head = decodeHead(store.get(HEAD_KEY) as Uint8Array);
  if (head === null) throw new Error('no head');
  await store.write([...ops, { type: 'put', key: HEAD_KEY, value: encodeHead({ ...head, slash }) }]);
}

const at =
  (epoch: number, change: (row: SlashRow) => SlashRow | null) =>
  (row: SlashRow): SlashRow | null =>
    row.epoch === epoch ? change(row) : row;
const other = cidOf(fromUtf8('another'));

const FORGERIES: readonly (readonly [what: string, change: (row: SlashRow) => SlashRow | null])[] = [
  ['a bound block as void', at(1, (row) => ({ ...row, isVoid: true }))],
  ['the last bound block as void', at(3, (row) => ({ ...row, isVoid: true }))],
  ['a void one as bound', at(2, (row) => ({ ...row, isVoid: false }))],
  ['another miner', at(1, (row) => ({ ...row, minerId: 999n }))],
  ['another epoch', at(1, (row) => ({ ...row, epoch: 7 }))],
  ['no parents', at(1, (row) => ({ ...row, parents: [] }))],
  ['other parents', at(1, (row) => ({ ...row, parents: [other] }))],
  ['another block', at(1, (row) => ({ ...row, cid: other }))],
  ['another record', at(1, (row) => ({ ...row, seq: row.seq + 1 }))],
  ['no row', at(1, () => null)],
];

describe('the slash filter of a forged journal', () => {
  it('is found whole as it was', async () => {
    for (const entries of [mined, old]) {
      const store = await storeOf(entries);
      await verifyJournal(store);
      await openJournal(store);
    }
    const journal = await openJournal(await storeOf(mined));
    expect((await replayPart(journal, MACHINES, {})).divergence).toBeNull();
    expect(journal.slash.atEpoch(1000n, 2)).toBeUndefined();
  });

  it.each(FORGERIES)('%s: verify, a start and a replay find it', async (_, change) => {
    const store = await storeOf(mined);
    const journal = await openJournal(store);
    await forgeRows(store, change);
    await expect(verifyJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    await expect(openJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    expect((await replayPart(journal, MACHINES, {})).divergence).toMatchObject({ what: 'row of the slash filter' });
  });

  it('is looked at by a replay of a part where that is of it', async () => {
    const store = await storeOf(mined);
    const journal = await openJournal(store);
    await forgeRows(
      store,
      at(1, (row) => ({ ...row, isVoid: true })),
    );
    expect((await replayPart(journal, MACHINES, { epoch: 1 })).divergence).toMatchObject({ stream: 'f01000/1' });
    expect((await replayPart(journal, MACHINES, { epoch: 3 })).divergence).toBeNull();
  });

  it.each(FORGERIES.filter(([what]) => !['the last bound block as void', 'a void one as bound', 'no row'].includes(what)))(
    '%s, bound before the records that a start reads: it finds it by its own record',
    async (_, change) => {
      const store = await storeOf(old);
      await forgeRows(store, change);
      await expect(verifyJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
      await expect(openJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    },
  );

  it('with one row of a block as void and the other as it was is refused too', async () => {
    const store = await storeOf(old);
    const key = slashEpochKey(1000n, 1);
    await forgeRows(store, (row) => row);
    const head = decodeHead(store.get(HEAD_KEY) as Uint8Array);
    const value = store.get(key) as Uint8Array;
    const forged = encodeSlashRow({ ...decodeSlashRow(value), isVoid: true });
    const slash = BigInt.asUintN(256, (head?.slash ?? 0n) - rowTerm(key, value) + rowTerm(key, forged));
    if (head === null) throw new Error('no head');
    await store.write([
      { type: 'put', key, value: forged },
      { type: 'put', key: HEAD_KEY, value: encodeHead({ ...head, slash }) },
    ]);
    await expect(openJournal(store)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
  });
});
