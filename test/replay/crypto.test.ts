/**
 * `replay --crypto` on an epoch that was mined: a signature that is not what it should be is found where it stands,
 * whatever was forged (src/replay/crypto.ts).
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { type Address, formatAddress } from '../../src/chain/address.ts';
import { type BlockHeader, blockCid } from '../../src/chain/block-header.ts';
import { type BlockMessage, blockMessage } from '../../src/chain/block-message.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { signHeader } from '../../src/consensus/block-template.ts';
import type { StoredRecord } from '../../src/journal/chain/record-chain.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import type { Miner } from '../../src/miner.ts';
import type { MiningInfo } from '../../src/mining/round.ts';
import { verifyCrypto } from '../../src/replay/crypto.ts';
import { bls } from '../runtime/fixtures/run-epochs.ts';
import { smallMiner } from '../runtime/fixtures/small-miner.ts';
import { SMALL_NETWORK } from '../runtime/fixtures/small-network.ts';

let miner: Miner;
const records: StoredRecord[] = [];

beforeAll(async () => {
  const made = await smallMiner();
  miner = made.miner;
  await miner.start();
  await made.runTo(4);
  for await (const stored of miner.journal().records()) records.push(stored);
  return () => miner.stop();
});

const verify = (given: Iterable<StoredRecord>) => verifyCrypto(each(given), { bls, params: SMALL_NETWORK, blob: miner.journal().blob });

async function* each(given: Iterable<StoredRecord>): AsyncGenerator<StoredRecord> {
  yield* given;
}

const first = (id: string): JournalRecord =>
  (records.find(({ record: { input } }) => input.type === 'result' && input.ok && input.id === id) as StoredRecord).record;

/** The records with another value for one result. */
function forged(id: string, forge: (value: Value) => unknown): readonly StoredRecord[] {
  const { seq } = first(id);
  return records.map((stored) => {
    const { input } = stored.record;
    return stored.record.seq !== seq || input.type !== 'result'
      ? stored
      : { ...stored, record: { ...stored.record, input: { ...input, value: forge(input.value) as Value } } };
  });
}

function forgedBlock(forge: (header: BlockHeader) => BlockHeader): readonly StoredRecord[] {
  return forged('createBlock', (value) => {
    const { block } = value as unknown as { readonly block: Uint8Array | { readonly $blob: Uint8Array } };
    const made: BlockMessage = decode(blockMessage, block instanceof Uint8Array ? block : miner.journal().blob(block.$blob));
    const header = forge(made.header);
    return { cid: blockCid(header).bytes, block: encode(blockMessage, { ...made, header }), mismatch: null };
  });
}

const stranger = bls.keygen(new Uint8Array(32).fill(9));

describe('replay --crypto of mined epochs', () => {
  it('verifies tickets, election proofs, beacon entries and the blocks', async () => {
    const report = await verify(records);
    expect(report.fault).toBeNull();
    const created = records.filter(({ record: { input } }) => input.type === 'result' && input.ok && input.id === 'createBlock').length;
    expect([report.blocks, created > 2]).toEqual([created, true]);
    expect(report.vrfs).toBeGreaterThanOrEqual(2 * created);
    expect([report.beaconEntries > 2, report.uncheckedBeaconEntries]).toEqual([true, 0]);
  });

  it.for([
    ['another wrote the block', 'not signed by its worker', () => forgedBlock((header) => signHeader(bls, stranger, header))],
    ['the block was changed after it was signed', 'not signed by its worker', () => forgedBlock((header) => ({ ...header, timestamp: header.timestamp + 1n }))],
    ['nobody signed the block', 'without a signature', () => forgedBlock((header) => ({ ...header, blockSig: null }))],
    [
      'the recorded CID is of another block',
      'whose CID is',
      () => forged('createBlock', (value) => ({ ...(value as object), cid: cidOf(new Uint8Array(1)).bytes })),
    ],
  ] as const)('finds that %s', async ([, what, records]) => {
    const { fault } = await verify(records());
    expect(fault).toMatchObject({ seq: first('createBlock').seq, what: expect.stringContaining(what) });
  });

  it('finds a beacon entry that drand did not sign', async () => {
    const { fault } = await verify(
      forged('getMiningBaseInfo', (value) => {
        const info = value as unknown as MiningInfo;
        const entries = info.beacon.entries.map((entry) => ({ ...entry, data: bls.signG1(stranger, entry.data.subarray(0, 32)) }));
        return { ...info, beacon: { ...info.beacon, entries } };
      }),
    );
    expect(fault).toMatchObject({ seq: first('getMiningBaseInfo').seq, what: expect.stringContaining('beacon round') });
  });

  it('finds a beacon entry of another round, signed by drand though it is', async () => {
    const later = records.filter(({ record: { input } }) => input.type === 'result' && input.ok && input.id === 'getMiningBaseInfo').at(-1) as StoredRecord;
    const { beacon } = (later.record.input as unknown as { readonly value: MiningInfo }).value;
    const { fault } = await verify(forged('getMiningBaseInfo', (value) => ({ ...(value as object), beacon })));
    expect(fault).toMatchObject({
      seq: first('getMiningBaseInfo').seq,
      what: expect.stringMatching(/^beacon rounds \d+ where epoch 1 on a base of 0 asks for \d+$/),
    });
  });

  it('finds a draw that another key signed', async () => {
    const { fault } = await verify(forged('signVrf', () => bls.sign(stranger, new Uint8Array(32))));
    expect(fault).toMatchObject({ seq: first('signVrf').seq, what: expect.stringContaining('VRF proof') });
  });

  it('does not take for forged what is signed by a worker of whom the records say nothing any more', async () => {
    const { seq, stream } = first('getMiningBaseInfo');
    const kept = records.filter(({ record }) => record.seq > seq);
    const cut = new Set([stream]);
    const report = await verifyCrypto(each(kept), { bls, params: SMALL_NETWORK, blob: miner.journal().blob, cut });
    expect(report.fault).toBeNull();
    // The election, the ticket and the block: the head was asked for once more before them.
    expect(report.uncheckedSignatures).toBe(3);
    expect(report.blocks).toBeGreaterThan(1);
    expect((await verify(kept)).fault?.stream).toBe(stream);
  });

  it('finds a worker that the chain did not name', async () => {
    const other = { protocol: 3, payload: bls.publicKey(stranger) } as Address;
    const { fault } = await verify(forged('getMiningBaseInfo', (value) => ({ ...(value as object), workerKey: formatAddress(other) })));
    expect(fault).toMatchObject({ seq: first('signVrf').seq, what: expect.stringContaining('the worker is') });
  });
});
