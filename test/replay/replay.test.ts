/**
 * Replay of a re-mined journal: identical with the machines that wrote it, and each change found where it first shows
 * (src/replay/replay.ts, replay-crypto.ts).
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import { epochMachine } from '../../machines/epoch.ts';
import { loadBls } from '../../native/bls.ts';
import type { StoredRecord } from '../../src/journal/chain/record-chain.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { SharedValues, Value } from '../../src/journal/format/value.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyCrypto } from '../../src/replay/crypto.ts';
import { replay, stateAt } from '../../src/replay/replay.ts';
import { loadMachine } from '../../src/statechart/machine.ts';
import { DEVNET_NETWORK, networkOf } from '../audit/fixtures/devnet.ts';
import { MACHINES, reMine } from '../journal/fixtures/re-mined.ts';

let journal: Journal;
const records: StoredRecord[] = [];

beforeAll(async () => {
  journal = await openJournal(memoryStore());
  await reMine(journal, 6);
  for await (const stored of journal.records()) records.push(stored);
});

const machinesWith = (machine: Parameters<typeof loadMachine>[0]) => new Map([...MACHINES, ['epoch', loadMachine(machine)]]);
const firstOf = (find: (record: JournalRecord) => boolean): JournalRecord => (records.find(({ record }) => find(record)) as StoredRecord).record;

/** Records as another machine would read them, one of them changed. */
async function* altered(seq: number, edit: (record: JournalRecord) => JournalRecord): AsyncGenerator<StoredRecord> {
  for (const stored of records) yield stored.record.seq === seq ? { ...stored, record: edit(stored.record) } : stored;
}

describe('replay', () => {
  it('finds every step of a re-mined chain as it was', async () => {
    const report = await replay(journal.records(), MACHINES, journal.shared);
    expect(report.divergence).toBeNull();
    expect(report.records).toBe(records.length);
    expect(report.steps).toBeGreaterThan(report.records);
  });

  it('finds a changed guard at its first transition, both sides shown', async () => {
    const { divergence } = await replay(journal.records(), machinesWith(epochMachine.provide({ guards: { isWon: () => false } })), journal.shared);
    const won = firstOf(({ steps }) => steps.some(({ to }) => to.startsWith('preparing')));
    expect(divergence).toMatchObject({
      seq: won.seq,
      stream: won.stream,
      recorded: expect.stringContaining('electing -> preparing'),
      recomputed: expect.stringContaining('electing -> done'),
    });
  });

  it('finds a changed rule, also where no step shows it', async () => {
    const actions = { takeWin: assign({ won: { outcome: 'won', winCount: 77, vrfProof: new Uint8Array(96) } } as never) };
    const { divergence } = await replay(journal.records(), machinesWith(epochMachine.provide({ actions } as never)), journal.shared);
    expect(divergence?.seq).toBe(firstOf(({ steps }) => steps.some(({ to }) => to.startsWith('preparing'))).seq);
    expect(divergence).toMatchObject({ what: expect.stringContaining('state after step') });
  });

  it('finds a changed parameter where it is first read', async () => {
    const shared: SharedValues = { ...journal.shared };
    const { divergence } = await replay(altered(records[0]?.record.seq as number, slower), MACHINES, shared);
    expect(divergence).toMatchObject({ seq: 0, what: expect.stringMatching(/effects|state/) });
    expect(divergence?.recorded).not.toBe(divergence?.recomputed);
  });

  it('finds a changed result', async () => {
    const signed = firstOf(({ input }) => input.type === 'result' && input.value instanceof Uint8Array && input.value.length === 96);
    const flipped = (record: JournalRecord) => ({ ...record, input: { ...record.input, value: new Uint8Array(96).fill(7) } }) as JournalRecord;
    expect((await replay(altered(signed.seq, flipped), MACHINES, journal.shared)).divergence).toMatchObject({ seq: signed.seq });
  });

  it('gives the state after any record as a value', async () => {
    const given = { machines: MACHINES, shared: journal.shared };
    const won = firstOf(({ steps }) => steps.some(({ to }) => to.startsWith('preparing')));
    const { record, actors } = await stateAt(journal.records(), given, won.seq);
    expect(record.seq).toBe(won.seq);
    expect([...actors.keys()].sort()).toEqual(['', 'prove', 'ticket']);
    expect(actors.get('')?.state.value).toEqual({ preparing: { ticket: 'drawing', proof: 'proving' } });
    await expect(stateAt(journal.records(), given, 1_000_000)).rejects.toMatchObject({ code: 'REPLAY_NO_RECORD' });
  });
});

function slower(record: JournalRecord): JournalRecord {
  if (record.input.type !== 'start') throw new Error('the first record is not a start');
  const input = record.input.input as { readonly [key: string]: Value; readonly config: { readonly [key: string]: Value } };
  return { ...record, input: { ...record.input, input: { ...input, config: { ...input.config, propagationDelaySecs: 1 } } } };
}

describe('replay --crypto', () => {
  const { bls } = loadBls();
  const params = networkOf(DEVNET_NETWORK);

  it('verifies every VRF proof and what can be verified of the beacon', async () => {
    const report = await verifyCrypto(journal.records(), { bls, params, blob: journal.blob });
    expect(report.fault).toBeNull();
    expect(report.vrfs).toBe(records.filter(({ record: { input } }) => input.type === 'result' && input.id === 'signVrf').length);
    expect(report.vrfs).toBeGreaterThan(18);
    expect(report.beaconEntries + report.uncheckedBeaconEntries).toBeGreaterThan(0);
  });

  it('finds a proof that is not the worker’s', async () => {
    const signed = firstOf(({ input }) => input.type === 'result' && input.id === 'signVrf');
    const other = records.findLast(({ record: { input } }) => input.type === 'result' && input.id === 'signVrf') as StoredRecord;
    const swapped = (record: JournalRecord) =>
      ({ ...record, input: { ...record.input, value: (other.record.input as { value: Value }).value } }) as JournalRecord;
    const { fault } = await verifyCrypto(altered(signed.seq, swapped), { bls, blob: journal.blob });
    expect(fault).toMatchObject({ seq: signed.seq, stream: signed.stream, what: expect.stringContaining('VRF') });
  });
});
