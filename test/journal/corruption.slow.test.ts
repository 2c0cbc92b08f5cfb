/**
 * Hundreds of damages to every kind of file of a real journal on disk: each is found out before anything is mined on
 * it, or has changed nothing (docs/architecture.md 6, docs/journal.md).
 */

import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import type { MineOneError } from '../../src/errors/mineone-error.ts';
import { EVERYTHING } from '../../src/journal/format/keys.ts';
import { sha256 } from '../../src/journal/format/sha256.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { bindOne } from './fixtures/bound.ts';
import { reMine } from './fixtures/re-mined.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const SEED = 20_240_607;
const KINDS = ['bit', 'zeros', 'truncated', 'deleted', 'swapped'] as const;
/** How often each kind is done to each file; deleting and swapping know no chance. */
const TIMES: Readonly<Record<(typeof KINDS)[number], number>> = { bit: 26, zeros: 14, truncated: 14, deleted: 1, swapped: 1 };

/** Park and Miller's generator: the same damages in every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fffffff;
    return state % below;
  };
}

type Edit = (path: string, draw: (below: number) => number, other: string) => void;

const DAMAGES: Readonly<Record<(typeof KINDS)[number], Edit>> = {
  bit(path, draw) {
    const bytes = new Uint8Array(readFileSync(path));
    const at = draw(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << draw(8));
    writeFileSync(path, bytes);
  },
  zeros(path, draw) {
    const bytes = new Uint8Array(readFileSync(path));
    const at = draw(bytes.length);
    writeFileSync(path, bytes.fill(0, at, at + 1 + draw(512)));
  },
  truncated: (path, draw) => truncateSync(path, draw(statSync(path).size)),
  deleted: (path) => rmSync(path),
  swapped(path, _, other) {
    const bytes = new Uint8Array(readFileSync(path));
    writeFileSync(path, new Uint8Array(readFileSync(other)));
    writeFileSync(other, bytes);
  },
};

/** A journal of six epochs of three miners, with a bound block; half of it in tables, half in LevelDB's log. */
async function writeJournal(folder: string): Promise<void> {
  for (const [from, to] of [
    [1, 2],
    [3, 4],
    [5, 6],
  ] as const) {
    const journal = await openJournal(await openLevelStore(folder));
    await reMine(journal, to, from);
    await bindOne(journal, 1000 + from);
    await journal.close();
  }
}

async function contentOf(store: Store): Promise<string> {
  const parts: string[] = [];
  for await (const [key, value] of store.range(...EVERYTHING)) parts.push(`${toHex(key)} ${toHex(sha256(value))}`);
  return parts.join('\n');
}

/** Opens and verifies; the content if nothing complains, else the error. */
async function judge(folder: string): Promise<string | MineOneError> {
  let store: Store | undefined;
  try {
    store = await openLevelStore(folder);
    await openJournal(store);
    await verifyJournal(store);
    return await contentOf(store);
  } catch (error) {
    return error as MineOneError;
  } finally {
    await store?.close();
  }
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
const kindOf = (path: string): string => basename(path).replace(/\d+/, '*');

it('finds every damage that changes what is in a journal', async () => {
  const whole = join(temporaryFolder(), 'whole');
  await writeJournal(whole);
  const copy = join(temporaryFolder(), 'copy');
  const trial = async (break_: (files: readonly string[]) => void): Promise<string | MineOneError> => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(whole, copy, { recursive: true });
    break_(filesOf(copy));
    return judge(copy);
  };
  const content = await trial(() => undefined);
  expect(content).toEqual(expect.any(String));
  const draw = draws(SEED);
  const tally = new Map<string, { found: number; harmless: number }>();
  const missed: string[] = [];
  const unclear: string[] = [];
  for (const name of filesOf(whole).map((path) => path.slice(whole.length + 1))) {
    for (const kind of KINDS) {
      for (let i = 0; i < TIMES[kind] && statSync(join(whole, name)).size > 0; i++) {
        const verdict = await trial((files) => DAMAGES[kind](join(copy, name), draw, files.find((other) => other !== join(copy, name)) as string));
        const row = tally.get(kindOf(name)) ?? { found: 0, harmless: 0 };
        tally.set(kindOf(name), row);
        if (verdict === content) row.harmless++;
        else if (typeof verdict === 'string') missed.push(`${name} ${kind} ${i}`);
        else row.found++;
        if (typeof verdict !== 'string' && !/keep the folder as it is/.test(verdict.message))
          unclear.push(`${name} ${kind} ${i}: ${verdict.code}: ${verdict.message}`);
      }
    }
  }
  console.log(Object.fromEntries(tally));
  expect(missed).toEqual([]);
  expect(unclear).toEqual([]);
  const found = [...tally].flatMap(([file, row]) => (row.found > 0 ? [file] : []));
  expect(found).toEqual(expect.arrayContaining(['*.ldb', '*.log', 'CURRENT', 'MANIFEST-*', 'anchor']));
  expect([...tally.values()].reduce((sum, row) => sum + row.found + row.harmless, 0)).toBeGreaterThanOrEqual(400);
});
