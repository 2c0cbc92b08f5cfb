/** The production machines, loaded once for all replays. */

import { loadMachines } from '../../src/miner.ts';

export const MACHINES = loadMachines();
