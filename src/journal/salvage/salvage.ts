/**
 * All rows of a damaged database that can be read, held in memory: its files are read here and not by LevelDB, which
 * opens none where a file is missing and looks at no checksum of its tables. For looking at what is left, and never for
 * mining on it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../chain/encoding/bytes.ts';
import type { Store, StoreOp } from '../../ports/store.ts';
import { currentManifest, type Manifest, readManifest } from '../store/level-manifest.ts';
import { memoryStore } from '../store/memory-store.ts';
import { logEntries } from './log-entries.ts';
import { type Entry, tableEntries } from './table-entries.ts';

export interface Salvage {
  /** In memory. */
  readonly store: Store;
  /** What of its files is lost, in words. */
  readonly lost: readonly string[];
}

/** Of the database in this folder. Throws what the system says of a folder that cannot be read. */
export async function salvage(place: string): Promise<Salvage> {
  const lost: string[] = [];
  const rows = new Map<string, Entry>();
  for (const { name, read } of filesOf(place, lost)) {
    const bytes = new Uint8Array(readFileSync(join(place, name)));
    for (const entry of read(bytes, (what) => lost.push(`${name}: ${what}`))) {
      const key = toHex(entry.key);
      if ((rows.get(key)?.order ?? -1) <= entry.order) rows.set(key, entry);
    }
  }
  const store = memoryStore();
  await store.write([...rows.values()].flatMap(({ key, value }): readonly StoreOp[] => (value === null ? [] : [{ type: 'put', key, value }])));
  return { store, lost };
}

interface File {
  readonly name: string;
  readonly read: (bytes: Uint8Array, lost: (what: string) => void) => Iterable<Entry>;
}

/** Those that the manifest names; where it cannot be read, all that are there. */
function filesOf(place: string, lost: string[]): readonly File[] {
  const manifest = manifestOf(place, lost);
  const names = readdirSync(place).filter((name) => /^\d+\.(ldb|sst|log)$/.test(name));
  const numberOf = (name: string): number => Number.parseInt(name, 10);
  const known = (name: string): boolean => manifest === null || (name.endsWith('.log') ? numberOf(name) >= manifest.log : manifest.tables.has(numberOf(name)));
  const there = new Set(names.filter((name) => !name.endsWith('.log')).map(numberOf));
  for (const table of manifest?.tables ?? []) if (!there.has(table)) lost.push(`${String(table).padStart(6, '0')}.ldb: it is missing`);
  return names.filter(known).map((name) => ({ name, read: name.endsWith('.log') ? logEntries : tableEntries }));
}

function manifestOf(place: string, lost: string[]): Manifest | null {
  try {
    const manifest = currentManifest(place);
    return manifest === undefined ? null : readManifest(manifest.bytes);
  } catch {
    lost.push('MANIFEST: it cannot be read, so that all files that are there were taken');
    return null;
  }
}
