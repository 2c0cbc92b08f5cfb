/** What a devnet is made of, and where its chain is kept. */

import { hasMethods, isAmount, isWhole, type OptionCheck, optionCheck } from '../chain/option.ts';
import type { Bls } from '../consensus/bls.ts';
import type { Clock } from '../ports/clock.ts';
import { CHEATS, type Rival } from './world.ts';

/** Where the chain is kept: what was appended so far, oldest first, and more to come. See `openChainFile`. */
export interface DevnetStore {
  readonly entries: readonly Uint8Array[];
  append(entry: Uint8Array): void;
}

export interface DevnetOptions {
  /** Keys, traffic, rivals: all chance comes from it. */
  readonly seed: string;
  readonly clock: Clock;
  readonly bls: Bls;
  /** How many; they are f01000, f01001 … */
  readonly miners: number;
  /** Quality-adjusted bytes of each miner, over and over; all alike if not given. */
  readonly powers?: readonly bigint[];
  readonly rivals?: readonly Rival[];
  /** Seconds; 30, and a third and a fifteenth of it (rounded) for propagation and equivocation, if not given. */
  readonly blockDelaySecs?: number;
  readonly propagationDelaySecs?: number;
  readonly equivocationDelaySecs?: number;
  /** Seconds since 1970; now if not given, and never asked of a chain that is taken up again. */
  readonly genesisTimestamp?: bigint;
  /** Messages an epoch on average; 8 if not given. */
  readonly traffic?: number;
  /** Taken up where it ends; in memory alone if not given. Throws `DEVNET_STORE` for a chain of another seed or other miners. */
  readonly store?: DevnetStore;
}

/** Throws `DEVNET_MINERS` for no miners at all, else `DEVNET_OPTION` naming the option. */
export function checkDevnetOptions(options: DevnetOptions): void {
  const check = optionCheck('createDevnet', 'DEVNET_OPTION');
  const { seed, clock, bls, miners, powers = [], rivals = [], genesisTimestamp, traffic, store } = options;
  check('seed', seed, 'a text', typeof seed === 'string');
  check('clock', clock, 'a clock (mineone/adapters/system-clock)', hasMethods(clock, 'now', 'until'));
  check('bls', bls, 'signatures (loadBls of mineone/native/bls)', hasMethods(bls, 'keygen', 'sign', 'verify'));
  check('rivals', rivals, 'a list of competitors', Array.isArray(rivals));
  optionCheck('createDevnet', 'DEVNET_MINERS')('miners', miners, 'one miner or more, or rivals', isWhole(miners, 0) && miners + rivals.length > 0);
  check('powers', powers, 'a list of bytes, each a bigint of at least 0', Array.isArray(powers) && powers.every(isBytes));
  for (const [i, rival] of rivals.entries()) checkRival(check, `rivals[${i}]`, rival);
  checkDelays(check, options);
  if (genesisTimestamp !== undefined)
    check('genesisTimestamp', genesisTimestamp, 'seconds since 1970, a bigint', typeof genesisTimestamp === 'bigint' && genesisTimestamp >= 0n);
  if (traffic !== undefined) check('traffic', traffic, 'messages an epoch, a number of at least 0', isAmount(traffic, 0));
  if (store !== undefined)
    check('store', store, 'an object with entries and append, such as an open chain file', hasMethods(store, 'append') && Array.isArray(store.entries));
}

const isBytes = (power: unknown): boolean => typeof power === 'bigint' && power >= 0n;

function checkRival(check: OptionCheck, name: string, { power, cheat }: Rival): void {
  if (power !== undefined) check(`${name}.power`, power, 'bytes, a bigint of at least 0', isBytes(power));
  if (cheat !== undefined) check(`${name}.cheat`, cheat, `one of ${CHEATS.join(', ')}`, CHEATS.includes(cheat));
}

function checkDelays(check: OptionCheck, { blockDelaySecs, propagationDelaySecs, equivocationDelaySecs }: DevnetOptions): void {
  if (blockDelaySecs !== undefined) check('blockDelaySecs', blockDelaySecs, 'whole seconds, at least 1', isWhole(blockDelaySecs, 1));
  for (const [name, secs] of Object.entries({ propagationDelaySecs, equivocationDelaySecs }))
    if (secs !== undefined) check(name, secs, 'seconds, at least 0', isAmount(secs, 0));
}
