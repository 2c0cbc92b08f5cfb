/**
 * The journal of one miner, opened now and again after a batch that failed: the same one each time, of the network that
 * is mined.
 */

import { MineOneError } from '../../errors/mineone-error.ts';
import type { Store } from '../../ports/store.ts';
import { type Journal, openJournal } from '../journal.ts';
import { checkStore } from '../store/given-store.ts';
import { openLevelStore } from '../store/level-store.ts';
import { checkNetwork, type JournalNetwork } from './opening.ts';

export interface JournalPlace {
  readonly network: JournalNetwork;
  /** Folder of the journal; or a store that is open already, or who opens one. */
  readonly dataDir?: string;
  readonly store?: Store | (() => Promise<Store>);
  /** Throws where another process may mine with the same keys; asked before each bind, with the journal's own place. */
  readonly checkAlone?: () => void;
  /** Hears what opening found that is no reason to stop. */
  readonly onFault: (fault: MineOneError) => void;
}

/** Opens it, each time it is called. Throws `MINER_STORE`, `JOURNAL_NETWORK`, and what opening throws. */
export function journalOpener({ network, dataDir, store, checkAlone = () => undefined, onFault }: JournalPlace): () => Promise<Journal> {
  let isThere = false;
  const openStore = async (): Promise<Store> => {
    if (typeof store === 'function') {
      const made: unknown = await store();
      checkStore('createMiner', 'MINER_OPTION', 'store()', made);
      return made;
    }
    if (store !== undefined) return store;
    if (dataDir === undefined) throw new MineOneError('MINER_STORE', 'createMiner needs a dataDir for its journal, or a store');
    return guarded(await openLevelStore(dataDir, { isThere }), checkAlone);
  };
  return async () => {
    const opened = await openStore();
    try {
      const journal = await openJournal(opened);
      await checkNetwork(journal, network);
      for (const warning of journal.warnings) onFault(warning);
      isThere = true;
      return journal;
    } catch (error) {
      await opened.close().catch(() => undefined);
      throw error;
    }
  };
}

function guarded(store: Store, checkAlone: () => void): Store {
  return {
    ...store,
    checkPlace() {
      store.checkPlace();
      checkAlone();
    },
  };
}
