/** Opening, writing, failing and opening again (src/journal/journal.ts). */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { equalBytes, toHex } from '../../src/chain/encoding/bytes.ts';
import { type Journal, openJournal, type RecordDraft } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const draft = (stream: string, outcome: RecordDraft['outcome'] = null): RecordDraft => ({
  at: 0,
  stream,
  input: { type: 'miner', command: 'add' },
  steps: [],
  binds: [],
  outcome,
});

async function write(journal: Journal, ...drafts: readonly RecordDraft[]): Promise<void> {
  for (const one of drafts) journal.add(one);
  await journal.flush();
}

async function seqs(records: AsyncIterable<{ readonly record: { readonly seq: number } }>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { record } of records) found.push(record.seq);
  return found;
}

describe('a journal', () => {
  it('goes on where it ended, with each stream’s last record known', async () => {
    const store = memoryStore();
    const first = await openJournal(store);
    await write(first, draft('f01000/1'), draft('f01000/2'), draft('f01000/1', 'ended'));
    const again = await openJournal(store);
    expect(again.next()).toBe(3);
    expect(toHex(again.headHash())).toBe(toHex(first.headHash()));
    expect([...again.live().keys()]).toEqual(['f01000/2']);
    const back = again.live().get('f01000/2')?.hash as Uint8Array;
    expect(toHex(again.add(draft('f01000/2')).back as Uint8Array)).toBe(toHex(back));
    expect(again.add(draft('f01000/1')).back).toBeNull();
    await again.flush();
    expect(await seqs((await openJournal(store)).records())).toEqual([0, 1, 2, 3, 4]);
    expect(await seqs(again.stream('f01000/2'))).toEqual([1, 3]);
    expect(await seqs(again.records(3))).toEqual([3, 4]);
  });

  it('reads what is on disk, and not what waits for its batch', async () => {
    const journal = await openJournal(memoryStore());
    await write(journal, draft('a'));
    journal.add(draft('a'));
    expect(await seqs(journal.records())).toEqual([0]);
    expect(journal.synced()).toBe(0);
  });

  it('refuses all further use when a write has failed, and is right again after opening', async () => {
    const inner = memoryStore();
    let fails = false;
    const store: Store = {
      ...inner,
      write: (ops) => (fails ? Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' })) : inner.write(ops)),
    };
    const journal = await openJournal(store);
    await write(journal, draft('a'));
    fails = true;
    await expect(write(journal, draft('a'))).rejects.toMatchObject({ code: 'ENOSPC' });
    fails = false;
    expect(() => journal.add(draft('a'))).toThrowError(expect.objectContaining({ code: 'JOURNAL_UNKNOWN' }));
    await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_UNKNOWN' });
    await expect(seqs(journal.records())).rejects.toMatchObject({ code: 'JOURNAL_UNKNOWN' });
    expect(() => journal.blob(new Uint8Array(32))).toThrowError(expect.objectContaining({ code: 'JOURNAL_UNKNOWN' }));
    const again = await openJournal(store);
    expect(again.next()).toBe(1);
    await write(again, draft('a'));
    expect(await seqs(again.stream('a'))).toEqual([0, 1]);
  });

  it('finds a write that was reported as failed and is on disk all the same', async () => {
    const inner = memoryStore();
    const store: Store = { ...inner, write: async (ops) => inner.write(ops).then(() => Promise.reject(new Error('EIO'))) };
    const journal = await openJournal(store);
    await expect(write(journal, draft('a'))).rejects.toThrow('EIO');
    expect((await openJournal(inner)).next()).toBe(1);
  });

  it('opens over a long past without reading it', async () => {
    const inner = memoryStore();
    const journal = await openJournal(inner);
    for (let i = 0; i < 3000; i++) journal.add(draft(`f01000/${Math.floor(i / 6)}`, i % 6 === 5 ? 'ended' : null));
    journal.add(draft('f01000/live'));
    await journal.flush();
    let read = 0;
    const counting: Store = {
      ...inner,
      async *range(from, to) {
        for await (const entry of inner.range(from, to)) {
          read++;
          yield entry;
        }
      },
    };
    await openJournal(counting);
    expect(read).toBeLessThan(1010);
  });

  it.each(['database', 'anchor'])('refuses a database that came back shorter than its anchor (%s)', async (which) => {
    const stores = [memoryStore(), memoryStore()] as const;
    for (const store of stores) await write(await openJournal(store), draft('a'));
    const longer = await openJournal(stores[1]);
    await write(longer, draft('a'));
    const older =
      which === 'database' ? { ...stores[0], anchor: stores[1].anchor } : { ...stores[1], anchor: () => stores[1].anchor()?.map((byte) => byte ^ 1) };
    await expect(openJournal(older)).rejects.toMatchObject({
      code: 'JOURNAL_CORRUPT',
      message: expect.stringMatching(which === 'database' ? /record 1: it was on disk/ : /anchor/),
    });
  });

  it('tells a second process who holds it', async () => {
    const folder = temporaryFolder();
    const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', holding(folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'JOURNAL_HELD', message: expect.stringContaining(`process ${holder.pid}`) });
    } finally {
      holder.kill();
      await once(holder, 'exit');
    }
    await (await openLevelStore(folder)).close();
  });
});

describe('the hash chain', () => {
  it('names the record before in the journal and in the stream', async () => {
    const journal = await openJournal(memoryStore());
    await write(journal, draft('a'), draft('b'), draft('a'));
    const hashes: Uint8Array[] = [];
    for await (const { record, hash } of journal.records()) {
      expect(equalBytes(record.prev, hashes.at(-1) ?? new Uint8Array(32))).toBe(true);
      if (record.seq === 2) expect(toHex(record.back as Uint8Array)).toBe(toHex(hashes[0] as Uint8Array));
      else expect(record.back).toBeNull();
      hashes.push(hash);
    }
    expect(hashes).toHaveLength(3);
  });
});

const holding = (folder: string): string => `
  const { openLevelStore } = await import(${JSON.stringify(new URL('../../src/journal/store/level-store.ts', import.meta.url).href)});
  await openLevelStore(${JSON.stringify(folder)});
  console.log('open');
  setInterval(() => undefined, 1000);
`;
