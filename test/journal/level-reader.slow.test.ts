/** A journal read while a real second process writes it (src/journal/store/level-reader.ts, src/journal/follow.ts). */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { followJournal } from '../../src/journal/follow.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelReader } from '../../src/journal/store/level-reader.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('fixtures/writing-child.mjs', import.meta.url));

interface Writer {
  readonly child: ChildProcess;
  /** Seq of the last record that it said is on disk. */
  synced(): number;
  ended(): boolean;
}

async function startWriter(folder: string, records: number): Promise<Writer> {
  const child = spawn(process.execPath, [CHILD, folder, String(records)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let synced = -1;
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    synced = Number(line);
  });
  await once(lines, 'line');
  return { child, synced: () => synced, ended: () => child.exitCode !== null };
}

const copiesIn = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('reading-'));

describe('a journal that another process writes', () => {
  it('reads whole again and again, with all that was synced before', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const writer = await startWriter(folder, 14_000);
    const lengths: number[] = [];
    const tables = new Set<string>();
    const looking = setInterval(() => {
      for (const name of readdirSync(join(folder, 'db'))) if (name.endsWith('.ldb')) tables.add(name);
    }, 5);
    onTestFinished(() => clearInterval(looking));
    while (!writer.ended()) {
      const synced = writer.synced();
      const store = await openLevelReader(folder, { checkedBytes: lengths.length % 4 === 0 ? Number.POSITIVE_INFINITY : 0 });
      const journal = await openJournal(store);
      expect(journal.synced()).toBeGreaterThanOrEqual(synced);
      lengths.push(journal.next());
      if (lengths.length % 4 === 0) expect((await verifyJournal(store)).records).toBe(journal.next());
      await journal.close();
    }
    expect(lengths.length).toBeGreaterThan(8);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect((lengths.at(-1) as number) - (lengths[0] as number)).toBeGreaterThan(3000);
    // LevelDB replaced its tables meanwhile, or this test has seen nothing.
    expect(tables.size).toBeGreaterThan(readdirSync(join(folder, 'db')).filter((name) => name.endsWith('.ldb')).length);
    expect(copiesIn(folder)).toEqual([]);
    await (await openJournal(await openLevelStore(folder))).close();
  });

  it('follows it: no gap, no repeat, nothing that is not on disk', async () => {
    const folder = temporaryFolder();
    const writer = await startWriter(folder, 3000);
    const abort = new AbortController();
    const seen: number[] = [];
    for await (const { record } of followJournal(folder, { last: 5, signal: abort.signal })) {
      seen.push(record.seq);
      if (record.seq === 2999) abort.abort();
    }
    expect(seen.length).toBeGreaterThan(1000);
    expect(seen).toEqual(Array.from({ length: 3000 - (seen[0] as number) }, (_, i) => (seen[0] as number) + i));
    expect(writer.synced()).toBe(2999);
    expect(copiesIn(folder)).toEqual([]);
  });

  it('goes on from one writer to the next', async () => {
    const folder = temporaryFolder();
    const abort = new AbortController();
    const seen: number[] = [];
    await once((await startWriter(folder, 100)).child, 'exit');
    const following = (async () => {
      for await (const { record } of followJournal(folder, { last: 2, signal: abort.signal })) seen.push(record.seq);
    })();
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await once((await startWriter(folder, 200)).child, 'exit');
    while (seen.at(-1) !== 199) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    await following;
    expect(seen).toEqual(Array.from({ length: 102 }, (_, i) => 98 + i));
  });

  it('says when the journal it follows has become another', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    await once((await startWriter(folder, 40)).child, 'exit');
    await once((await startWriter(other, 8)).child, 'exit');
    const records = followJournal(folder, { last: 1, signal: AbortSignal.timeout(20_000) });
    expect((await records.next()).value?.record.seq).toBe(39);
    writeFileSync(join(folder, 'anchor'), readFileSync(join(other, 'anchor')));
    for (const name of readdirSync(join(other, 'db'))) writeFileSync(join(folder, 'db', name), readFileSync(join(other, 'db', name)));
    await expect(records.next()).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', message: expect.stringContaining('record 39') });
  });

  it('refuses a second writer, by name', async () => {
    const folder = temporaryFolder();
    const { child } = await startWriter(folder, 100_000);
    await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'JOURNAL_HELD', message: expect.stringContaining(`process ${child.pid}`) });
  });
});

describe('a copy for reading', () => {
  it('takes nothing: not the lock, not a write', async () => {
    const folder = temporaryFolder();
    await once((await startWriter(folder, 8)).child, 'exit');
    const files = () => readdirSync(join(folder, 'db')).map((name) => `${name} ${toHex(new Uint8Array(readFileSync(join(folder, 'db', name))))}`);
    const before = files();
    const reader = await openLevelReader(folder);
    await expect(reader.write([])).rejects.toMatchObject({ code: 'JOURNAL_READ_ONLY' });
    expect(files()).toEqual(before);
    await (await openLevelStore(folder)).close();
    await reader.close();
    expect(copiesIn(folder)).toEqual([]);
  });

  it('clears away those of readers that are gone, whoever has their pid now, and no others', async () => {
    const folder = temporaryFolder();
    await once((await startWriter(folder, 8)).child, 'exit');
    const reader = await openLevelReader(folder);
    const living = copiesIn(folder);
    // Of a container that is gone: its pid 1 is alive here too. And one that is being made.
    for (const name of ['reading-1-gone', 'reading-1-new']) mkdirSync(join(folder, name));
    const old = new Date(Date.now() - 60_000);
    for (const name of [...living, 'reading-1-gone']) utimesSync(join(folder, name), old, old);
    await (await openLevelReader(folder)).close();
    expect(copiesIn(folder)).toEqual(['reading-1-new', ...living].sort());
    await reader.close();
    expect(copiesIn(folder)).toEqual(['reading-1-new']);
  });

  it('passes over a table that a killed process left half written, as opening does', async () => {
    const folder = temporaryFolder();
    await once((await startWriter(folder, 8)).child, 'exit');
    appendFileSync(join(folder, 'db', '000999.ldb'), 'half a table');
    await (await openLevelReader(folder)).close();
    await (await openLevelStore(folder)).close();
    expect(existsSync(join(folder, 'db', '000999.ldb'))).toBe(false);
  });

  it('finds what is damaged', async () => {
    const folder = temporaryFolder();
    await once((await startWriter(folder, 8)).child, 'exit');
    const manifest = join(folder, 'db', readdirSync(join(folder, 'db')).find((name) => name.startsWith('MANIFEST')) as string);
    const bytes = new Uint8Array(readFileSync(manifest));
    bytes[12] = (bytes[12] as number) ^ 1;
    writeFileSync(manifest, bytes);
    await expect(openLevelReader(folder)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', message: expect.stringContaining('manifest') });
    expect(copiesIn(folder)).toEqual([]);
  });
});
