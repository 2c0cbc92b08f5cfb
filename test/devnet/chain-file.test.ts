/** The devnet's chain file: what was appended is there again, whatever a crash left behind it. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openChainFile } from '../../src/devnet/chain/chain-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-chain-file-'));
const path = join(folder, 'chain');
const entries = [Uint8Array.of(1), new Uint8Array(0), new Uint8Array(3000).fill(7)];

/** Entries as they are read, and as they are read after one more was appended. */
function readTwice(): readonly [readonly Uint8Array[], readonly Uint8Array[]] {
  const file = openChainFile(path);
  const first = file.entries.map((entry) => Uint8Array.from(entry));
  file.append(Uint8Array.of(9));
  file.close();
  const again = openChainFile(path);
  again.close();
  return [first, again.entries.map((entry) => Uint8Array.from(entry))];
}

describe('a chain file', () => {
  beforeEach(() => {
    rmSync(path, { force: true });
    const file = openChainFile(path);
    expect(file.entries).toEqual([]);
    for (const entry of entries) file.append(entry);
    file.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has what was appended, and takes more', () => {
    expect(readTwice()).toEqual([entries, [...entries, Uint8Array.of(9)]]);
  });

  it('loses no more than a torn end, wherever it was torn', () => {
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += length < 40 ? 1 : 500) {
      writeFileSync(path, whole.subarray(0, length));
      const [first, again] = readTwice();
      expect(first).toEqual(entries.slice(0, first.length));
      expect(again).toEqual([...first, Uint8Array.of(9)]);
    }
    writeFileSync(path, whole);
    truncateSync(path, whole.length - 1);
    expect(readTwice()[0]).toHaveLength(entries.length - 1);
  });

  it('cuts away what is no entry', () => {
    appendFileSync(path, new Uint8Array(100).fill(1));
    expect(readTwice()).toEqual([entries, [...entries, Uint8Array.of(9)]]);
  });
});
