/** Both makes of a store against one contract. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { storeContract } from '../contract/store-contract.ts';

const root = mkdtempSync(join(tmpdir(), 'mineone-store-'));
const folders = new Map<Store, string>();
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function level(folder: string): Promise<Store> {
  const store = await openLevelStore(folder);
  folders.set(store, folder);
  return store;
}

storeContract({ name: 'memory', open: async () => memoryStore() });
storeContract({ name: 'LevelDB', open: () => level(mkdtempSync(join(root, 'a-'))), reopen: (store) => level(folders.get(store) as string) });
