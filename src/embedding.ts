/**
 * `import { createMiner } from 'mineone'`: the package's door. What a miner is made of is loaded when the first one is
 * made, so that importing costs next to nothing.
 */

import type { Miner, MinerOptions } from './miner.ts';

export type { Miner, MinerOptions, MinerOutcome } from './miner.ts';

/**
 * Throws `MINER_OPTION`, `MINER_ADDRESS`, `MINER_STORE`, `MINER_HELD`, `JOURNAL_NETWORK`, and what opening a journal
 * throws.
 */
export async function createMiner(options: MinerOptions): Promise<Miner> {
  const { createMiner: create } = await import('./miner.ts');
  return create(options);
}
