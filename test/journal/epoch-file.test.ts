/** An epoch taken out of its journal and replayed without it (src/journal/epoch-file.ts). */

import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/chain/encoding/bytes.ts';
import { exportEpoch, readEpochFile } from '../../src/journal/epoch-file.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { replay } from '../../src/replay/replay.ts';
import { bindOne } from './fixtures/bound.ts';
import { MACHINES, reMine } from './fixtures/re-mined.ts';

let journal: Journal;

beforeAll(async () => {
  journal = await openJournal(memoryStore());
  await reMine(journal, 4);
  await bindOne(journal, 1000);
  journal.add({ at: 0, stream: 'f01000/4/fate', input: { type: 'abandoned', why: 'stopped' }, steps: [], binds: [], outcome: null });
  journal.add({ at: 0, stream: 'f01000/40', input: { type: 'abandoned', why: 'stopped' }, steps: [], binds: [], outcome: null });
  await journal.flush();
});

interface Bound {
  readonly block: { readonly $blob: Uint8Array; readonly $length: number };
}

const effectsOf = ({ steps }: JournalRecord) => steps.flatMap(({ effects }) => effects);

async function fileOf(epoch: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of exportEpoch(journal, epoch)) parts.push(part);
  return concatBytes(...parts);
}

async function hashes(records: AsyncIterable<{ readonly hash: Uint8Array }>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { hash } of records) found.push(toHex(hash));
  return found;
}

describe('an .epoch file', () => {
  it('holds the records of its epoch and of what lies below it, byte for byte', async () => {
    const file = readEpochFile(await fileOf('f01000/4'));
    expect(file.streams).toEqual(['f01000/4', 'f01000/4/fate']);
    for (const name of file.streams) expect(await hashes(file.stream(name))).toEqual(await hashes(journal.stream(name)));
    expect((await hashes(file.records())).length).toBeGreaterThan(6);
  });

  it('replays alone, every step as it was', async () => {
    for (const epoch of ['f01000/1', 'f01001/2', 'f01002/4']) {
      const file = readEpochFile(await fileOf(epoch));
      const { records, divergence } = await replay(file.records(), MACHINES, file.shared);
      expect(divergence).toBeNull();
      expect(records).toBeGreaterThan(5);
    }
  });

  it('carries the blobs that its records name', async () => {
    const file = readEpochFile(await fileOf('f01000/1000'));
    for await (const { record } of file.records()) {
      const { $blob, $length } = (effectsOf(record)[0]?.input as unknown as Bound | undefined)?.block ?? { $blob: new Uint8Array(32), $length: 0 };
      expect(file.blob($blob)).toHaveLength($length);
    }
  });

  it('is the same file each time', async () => {
    expect(toHex(await fileOf('f01000/1'))).toBe(toHex(await fileOf('f01000/1')));
  });

  it('is refused with any of its bytes changed', async () => {
    const whole = await fileOf('f01000/1');
    for (let i = 0; i < 400; i++) {
      const changed = whole.slice();
      const at = Math.floor((i * whole.length) / 400);
      changed[at] = (changed[at] as number) ^ (1 << (i % 8));
      expect(() => readEpochFile(changed), `byte ${at}`).toThrowError(expect.objectContaining({ name: 'DecodeError' }));
    }
    expect(() => readEpochFile(whole.subarray(0, -100))).toThrowError(expect.objectContaining({ name: 'DecodeError' }));
  });

  it('is not made of nothing', async () => {
    await expect(fileOf('f01000/5000')).rejects.toMatchObject({ code: 'EPOCH_UNKNOWN' });
  });
});
