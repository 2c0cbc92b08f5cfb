/**
 * What may be asked of a miner when: it is started once and stopped once, and says so where something comes too early
 * or too late.
 */

import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal } from '../journal/journal.ts';

export interface MinerLife {
  /** The journal as it is open now, or `null`. */
  readonly journal: () => Journal | null;
  /**
   * Once; again where it failed and no journal is open. Throws `MINER_STARTED`, `MINER_STOPPED`, and what `begin`
   * throws.
   */
  start(begin: () => Promise<void>): Promise<void>;
  /** Once; asked again it is the same end. */
  stop(end: () => Promise<void>): Promise<void>;
  /** Throws `MINER_NOT_STARTED`, `MINER_STOPPED`. */
  mustRun(call: string): void;
  /** Throws `MINER_STOPPED`. */
  mustBeOpen(call: string): void;
}

export function lifeOf(journal: () => Journal | null): MinerLife {
  let started = false;
  let ended: Promise<void> | null = null;
  const mustBeOpen = (call: string): void => {
    if (ended !== null)
      throw new MineOneError('MINER_STOPPED', `${call}: this miner was stopped and its journal is closed; make another with createMiner and the same dataDir`);
  };
  return {
    journal,
    mustBeOpen,
    mustRun(call) {
      mustBeOpen(call);
      if (!started) throw new MineOneError('MINER_NOT_STARTED', `${call}: this miner is not started; await start() first`);
    },
    async start(begin) {
      mustBeOpen('start');
      if (started)
        throw new MineOneError('MINER_STARTED', 'start: this miner was started before, and once is enough; a miner of its own is made with createMiner');
      started = true;
      try {
        await begin();
      } catch (error) {
        if (journal() === null) started = false;
        throw error;
      }
    },
    stop(end) {
      ended ??= end();
      return ended;
    },
  };
}
