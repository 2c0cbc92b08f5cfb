/** What a devnet is made of, and where its chain is kept. */

import { isText } from '../../chain/argument.ts';
import { BLS_CALLS, type Bls } from '../../consensus/signatures/bls.ts';
import { hasMethods, isAmount, isWhole, optionCheck } from '../../errors/option.ts';
import { checkOptions, needed, type OptionRules, optional } from '../../errors/strict.ts';
import type { Clock } from '../../ports/clock.ts';
import { devnetTimes } from './network-params.ts';
import { CHEATS, type Cheat, type Rival } from './world.ts';

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
  /** How many, at most {@link MINERS_MAX}; they are f01000, f01001 … */
  readonly miners: number;
  /** Quality-adjusted bytes of each miner, over and over; all alike if not given. */
  readonly powers?: readonly bigint[];
  readonly rivals?: readonly Rival[];
  /**
   * Seconds; 30, and a third and a fifteenth of it (rounded) for propagation and equivocation, if not given. These two
   * together end before the epoch does.
   */
  readonly blockDelaySecs?: number;
  readonly propagationDelaySecs?: number;
  readonly equivocationDelaySecs?: number;
  /** Seconds since 1970; now if not given, and never asked of a chain that is taken up again. */
  readonly genesisTimestamp?: bigint;
  /** Messages an epoch on average, at most {@link TRAFFIC_MAX}; 8 if not given. */
  readonly traffic?: number;
  /**
   * Taken up where it ends; in memory alone if not given. Throws `DEVNET_STORE` for a chain of another seed or other
   * miners.
   */
  readonly store?: DevnetStore;
}

/** Of miners, and of rivals: each has a key, and a share in every epoch's work. */
export const MINERS_MAX = 1000;

/** As many as a block may hold. */
export const TRAFFIC_MAX = 10_000;

const RULES: OptionRules<DevnetOptions> = {
  seed: needed('a text', isText),
  clock: needed('a clock (mineone/adapters/system-clock)', (value) => hasMethods(value, 'now', 'until')),
  bls: needed('signatures (loadBls of mineone/native/bls)', (value) => hasMethods(value, ...BLS_CALLS)),
  // Has a code of its own.
  miners: needed('a number of miners', () => true),
  powers: optional('a list of bytes, each a bigint of at least 0', (value) => Array.isArray(value) && value.every(isPower)),
  rivals: optional(`a list of at most ${MINERS_MAX} competitors`, (value) => Array.isArray(value) && value.length <= MINERS_MAX),
  blockDelaySecs: optional('whole seconds, at least 1', (value) => isWhole(value, 1)),
  propagationDelaySecs: optional('seconds, at least 0', (value) => isAmount(value, 0)),
  equivocationDelaySecs: optional('seconds, at least 0', (value) => isAmount(value, 0)),
  genesisTimestamp: optional('seconds since 1970, a bigint', (value) => typeof value === 'bigint' && value >= 0n),
  traffic: optional(`messages an epoch, a number from 0 to ${TRAFFIC_MAX}`, (value) => isAmount(value, 0) && value <= TRAFFIC_MAX),
  store: optional('an object with entries and append, such as an open chain file', isStore),
};

const RIVAL_RULES: OptionRules<Rival> = {
  power: optional('bytes, a bigint of at least 0', isPower),
  cheat: optional(`one of ${CHEATS.join(', ')}`, (value) => CHEATS.includes(value as Cheat)),
};

/** Throws `DEVNET_MINERS` for no miners at all or too many, else `DEVNET_OPTION` naming the option. */
export function checkDevnetOptions(options: unknown): asserts options is DevnetOptions {
  checkOptions<DevnetOptions>('createDevnet', 'DEVNET_OPTION', options, RULES);
  const { miners, rivals = [] } = options;
  const isCount = isWhole(miners, 0) && miners <= MINERS_MAX && miners + rivals.length > 0;
  optionCheck('createDevnet', 'DEVNET_MINERS')('miners', miners, `one miner or more, at most ${MINERS_MAX}, or rivals`, isCount);
  for (const [i, rival] of rivals.entries()) checkOptions<Rival>('createDevnet', 'DEVNET_OPTION', rival, RIVAL_RULES, `rivals[${i}]`);
  checkDelays(options);
}

/**
 * Whose blocks are there only when the next epoch has begun, or who never takes a base, mines nothing; and says
 * nothing.
 */
function checkDelays(options: DevnetOptions): void {
  const { blockDelaySecs, propagationDelaySecs, equivocationDelaySecs } = devnetTimes(options);
  const [name, secs] =
    options.propagationDelaySecs === undefined
      ? ['equivocationDelaySecs', options.equivocationDelaySecs]
      : ['propagationDelaySecs', options.propagationDelaySecs];
  const both = `propagationDelaySecs and equivocationDelaySecs (${propagationDelaySecs} and ${equivocationDelaySecs})`;
  const expected = `${both} together less than blockDelaySecs (${blockDelaySecs})`;
  optionCheck('createDevnet', 'DEVNET_OPTION')(name as string, secs, expected, propagationDelaySecs + equivocationDelaySecs < blockDelaySecs);
}

function isPower(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n;
}

function isStore(value: unknown): boolean {
  return hasMethods(value, 'append') && Array.isArray((value as DevnetStore).entries);
}
