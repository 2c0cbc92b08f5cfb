/**
 * A worker keeps its judge for the tasks of one audit: another file under the same name, of the same size too, and the
 * rules of another network are judged as what they are.
 */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CarFile, openCar } from '../../src/audit/car/car-file.ts';
import { openHandle } from '../../src/audit/car/car-file-reader.ts';
import { walkChain } from '../../src/audit/chain/chain-table.ts';
import { type JudgeTask, judgeTask, verifyRange } from '../../src/audit/worker.ts';
import { type BlockHeader, blockHeader } from '../../src/chain/block-header.ts';
import { writeCar } from '../../src/chain/car/car.ts';
import { concatBytes } from '../../src/chain/encoding/bytes.ts';
import { type CID, cidOf } from '../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { networkOption } from '../../src/cli/options/network-option.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import { DEVNET_CAR, DEVNET_NETWORK } from './fixtures/devnet.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));
const PATH = join(folder, 'chain.car');

/** The first tipsets of the devnet, the highest first. */
const devnet = await openCar(DEVNET_CAR);
const reader = openHandle(devnet.handle);
afterAll(async () => {
  reader.close();
  await devnet.close();
});
const EPOCHS = 4;
const chain = tipsetsUpTo(EPOCHS);
const head = chain[0]?.[0] as BlockHeader;
const params = networkOption(DEVNET_NETWORK)(walkChain(reader.get, devnet.headKey).genesis);

function tipsetsUpTo(epoch: number): readonly (readonly BlockHeader[])[] {
  const found: BlockHeader[][] = [];
  for (let key = devnet.headKey; ; ) {
    const tipset = key.map((cid) => decode(blockHeader, reader.get(cid) as Uint8Array));
    const [first] = tipset as [BlockHeader];
    if (first.height <= epoch) found.push(tipset);
    if (first.height === 0) return found;
    key = first.parents;
  }
}

/**
 * A file of headers alone that ends with this one. Put in place as a download is, so that whoever has the old one open
 * keeps it.
 */
async function fileWith(last: BlockHeader): Promise<CarFile> {
  const blocks = [last, ...chain.slice(1).flat()].map((header) => encode(blockHeader, header)).map((bytes) => ({ bytes, cid: cidOf(bytes) }));
  const bytes = concatBytes(...writeCar([blocks[0]?.cid as CID], blocks));
  writeFileSync(`${PATH}.new`, bytes);
  renameSync(`${PATH}.new`, PATH);
  return openCar(PATH);
}

function taskOf({ handle, headKey }: CarFile, id: number, rules: NetworkParams = params): JudgeTask {
  const over = openHandle(handle);
  const { table } = walkChain(over.get, headKey);
  over.close();
  return { id, handle, table, params: rules, from: table.length - 1, to: table.length, miners: [], expect: [] };
}

function timestampIn(task: JudgeTask): string | undefined {
  return judgeTask(task).blocks[0]?.checks.find(({ check }) => check === 'timestamp')?.verdict.verdict;
}

describe('the judge of a worker', () => {
  it('is another for another file of the same path and size', async () => {
    const good = await fileWith(head);
    const first = taskOf(good, 1);
    expect(timestampIn(first)).toBe('ok');
    const forged = await fileWith({ ...head, timestamp: head.timestamp + 1n });
    expect([forged.path, forged.bytes]).toEqual([good.path, good.bytes]);
    expect(timestampIn(taskOf(forged, 2))).toBe('wrong');
    await Promise.all([good.close(), forged.close()]);
  });
  it('is another for the rules of another network over the same file', async () => {
    const file = await fileWith(head);
    expect(timestampIn(taskOf(file, 3))).toBe('ok');
    expect(timestampIn(taskOf(file, 4, { ...params, blockDelaySecs: params.blockDelaySecs + 1 }))).toBe('wrong');
    expect(timestampIn(taskOf(file, 5))).toBe('ok');
    await file.close();
  });
});

describe('a range of a file', () => {
  it('is hashed by whatever make there is: a flipped byte is found', () => {
    const bytes = concatBytes(...writeCar([], [{ cid: cidOf(new Uint8Array(9)), bytes: new Uint8Array(9) }]));
    const from = concatBytes(...writeCar([], [])).length;
    writeFileSync(PATH, bytes);
    expect(verifyRange({ path: PATH, from, to: bytes.length })).toMatchObject({ blocks: 1, firstError: null });
    writeFileSync(PATH, bytes.with(bytes.length - 1, 1));
    expect(verifyRange({ path: PATH, from, to: bytes.length })).toMatchObject({ blocks: 0, firstError: { code: 'CAR_BLOCK_HASH' } });
  });
});
