/**
 * What happens in the devnet's world on demand: the hooks that faults pull. All of it is of the chain's own kind: no
 * hook makes a block valid that is not.
 */

import { type Address, PROTOCOL_ID } from '../../chain/address.ts';
import { isBytes } from '../../chain/argument.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { isAmount, isWhole, optionCheck } from '../../errors/option.ts';
import { checkOptions, type OptionRules, optional } from '../../errors/strict.ts';

/** A competitor whose blocks the devnet makes itself. */
export interface Rival {
  /** Quality-adjusted bytes; as much as one of the miners if not given. */
  readonly power?: bigint;
  /** What it tries whenever it wins; nothing if not given: it is honest. */
  readonly cheat?: Cheat;
}

/**
 * Ways in which a rival cheats: two blocks in one epoch; a ticket, a win count, a beacon entry or a parent weight that
 * is not the right one. All but the first are refused; two blocks are both valid, and both left out of every tipset
 * that is formed once they are seen.
 */
export const CHEATS = ['two-blocks', 'wrong-ticket', 'wrong-win-count', 'stolen-beacon', 'heavy-weight'] as const;
export type Cheat = (typeof CHEATS)[number];

/** What becomes of a miner in the state; what is not named stays. */
export interface MinerChange {
  /** In attoFIL; above 0 it may not mine (`fee-debt`). */
  readonly feeDebt?: bigint;
  /** Last epoch of a consensus fault's exclusion; -1 for none (`consensus-fault`). */
  readonly consensusFaultElapsed?: Epoch;
  /**
   * Raw bytes, as many quality-adjusted: 0 and it may not mine at once (`no-power-at-lookback`); elections see it 900
   * epochs later.
   */
  readonly power?: bigint;
}

const CHANGE_RULES: OptionRules<MinerChange> = {
  feeDebt: optional('attoFIL, a bigint of at least 0', (value) => typeof value === 'bigint' && value >= 0n),
  consensusFaultElapsed: optional('an epoch, a whole number of at least -1', (value) => isWhole(value, -1)),
  power: optional('bytes, a bigint of at least 0', (value) => typeof value === 'bigint' && value >= 0n),
};

/** Throws `DEVNET_OPTION` for an argument that is none. */
export interface World {
  /**
   * From the next epoch on the rivals keep to themselves what they mine on today's head, and publish it when that is
   * the heavier chain and undoes `depth` tipsets or more (1 if not given): then the head changes over. With half of the
   * power they need an epoch or a few; after 20 they give up. Throws `DEVNET_NO_RIVAL`.
   */
  reorg(depth?: number): void;
  /** A rival tries this in the next epoch it wins, at this one or later. Throws `DEVNET_NO_RIVAL`. */
  cheat(cheat: Cheat, from: Epoch): void;
  /** In these epochs, both among them, no rival mines; the beacon goes on. */
  nullRounds(from: Epoch, to: Epoch): void;
  /**
   * From mining this epoch on (or the first whose base is not there yet) the miner's state is so; `f01000`. Throws
   * `DEVNET_NO_MINER`.
   */
  setMiner(miner: Address, change: MinerChange, from: Epoch): void;
  /**
   * The node forgets its messages and its slash filter, and for so many milliseconds every call fails as a closed port
   * does.
   */
  restart(awayMs: number): void;
}

/** The same, its arguments looked at first. */
export function checkedWorld(world: World): World {
  const check = (call: string) => optionCheck(`world.${call}`, 'DEVNET_OPTION');
  const epoch = (call: string, name: string, value: Epoch, least: Epoch = 0): void =>
    check(call)(name, value, `an epoch, a whole number of at least ${least}`, isWhole(value, least));
  return {
    reorg(depth = 1) {
      check('reorg')('depth', depth, 'a number of tipsets, whole and at least 1', isWhole(depth, 1));
      world.reorg(depth);
    },
    cheat(cheat, from) {
      check('cheat')('cheat', cheat, `one of ${CHEATS.join(', ')}`, CHEATS.includes(cheat));
      epoch('cheat', 'from', from);
      world.cheat(cheat, from);
    },
    nullRounds(from, to) {
      epoch('nullRounds', 'from', from);
      epoch('nullRounds', 'to', to, from);
      world.nullRounds(from, to);
    },
    setMiner(miner, change, from) {
      check('setMiner')('miner', miner, 'the id address of a miner (idAddress of mineone/chain/address)', isIdAddress(miner));
      checkOptions<MinerChange>('world.setMiner', 'DEVNET_OPTION', change, CHANGE_RULES, 'change');
      epoch('setMiner', 'from', from);
      world.setMiner(miner, change, from);
    },
    restart(awayMs) {
      check('restart')('awayMs', awayMs, 'milliseconds, at least 0', isAmount(awayMs, 0));
      world.restart(awayMs);
    },
  };
}

function isIdAddress(value: unknown): boolean {
  const { protocol, payload } = (value ?? {}) as Partial<Address>;
  return protocol === PROTOCOL_ID && isBytes(payload);
}
