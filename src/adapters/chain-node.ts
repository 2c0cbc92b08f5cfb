/**
 * A node over a chain that is already there: it tells what a node would have told at a time, computed from the chain's
 * own states, and makes nothing (docs/architecture.md 7).
 */

import { argumentCheck } from '../chain/argument.ts';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import type { CID } from '../chain/encoding/cid.ts';
import { type Epoch, epochAt, epochTimestamp } from '../chain/epoch.ts';
import { firstBlock, type Tipset } from '../chain/tipset.ts';
import type { ChainView } from '../consensus/validation/chain-view.ts';
import { type Judge, roundOf } from '../consensus/validation/round.ts';
import { hasMethods } from '../errors/option.ts';
import { asPortError, PortError } from '../errors/port-error.ts';
import { miningBaseInfo } from '../mining/base-info.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';

/** A chain from its first tipset to its head. */
export interface RecordedChain extends ChainView {
  readonly head: Tipset;
  /** Last tipset of at most this height; throws `BLOCK_MISSING` below the first. */
  lastUpTo(epoch: Epoch): Tipset;
}

/**
 * Its head is that of the clock's time; tipsets and beacon entries are told ahead of it too, for the chain is whole.
 * Throws `CALL_ARGUMENT`.
 */
export function chainNode(chain: RecordedChain, judge: Omit<Judge, 'view'>, clock: Clock): Node {
  const check = argumentCheck('chainNode');
  const isChain = hasMethods(chain, 'lastUpTo', 'firstFrom', 'tipset') && typeof chain.head === 'object';
  check('chain', chain, 'a chain with head, lastUpTo, firstFrom and tipset', isChain);
  const hasRules = typeof (judge as Partial<Judge> | null | undefined)?.params?.blockDelaySecs === 'number';
  check('judge', judge, 'an object with params, the rules of a network', hasRules);
  check('clock', clock, 'a clock (mineone/adapters/system-clock)', hasMethods(clock, 'now', 'until'));
  const { params } = judge;
  const now = (): Epoch => epochAt(params, BigInt(Math.floor(clock.now() / 1000)));
  return {
    head: (signal) => answer(signal, () => chain.lastUpTo(now())),
    headSince: ({ height }) => Number(epochTimestamp(params, height)) * 1000,
    beaconEntry: (epoch, signal) => answer(signal, () => beaconEntryOf(chain, epoch)),
    miningBaseInfo: (miner, epoch, key, signal) =>
      answer(signal, () => {
        const base = chain.tipset(key);
        const entries = Array.from({ length: epoch - base.height }, (_, i) => beaconEntryOf(chain, base.height + i + 1));
        return miningBaseInfo(roundOf({ ...judge, view: chain }, base, epoch, stateRootAfter(chain, base)), miner, entries);
      }),
    selectMessages: (_base, _quality, signal) => answer(signal, () => []),
    createBlock: (_template, signal) => answer(signal, () => refuse('createBlock')),
    submitBlock: (_block, signal) => answer(signal, () => refuse('submitBlock')),
    pushMessage: (_message, signal) => answer(signal, () => refuse('pushMessage')),
    tipsetAt: (height, signal) => answer(signal, () => chain.lastUpTo(height)),
  };
}

/**
 * As a port does: the signal's reason for a call that is over before it begins, a `PortError` for what the chain does
 * not hold.
 */
async function answer<T>(signal: AbortSignal, call: () => T): Promise<T> {
  signal.throwIfAborted();
  try {
    return call();
  } catch (error) {
    throw asPortError(error);
  }
}

function refuse(call: string): never {
  throw new PortError('NODE_READ_ONLY', `${call}: a recorded chain takes no blocks; run with --observe`, { retryable: false });
}

/** The entry that the block at or after the epoch carries for it. */
function beaconEntryOf(chain: RecordedChain, epoch: Epoch): BeaconEntry {
  if (epoch > chain.head.height) throw noBeacon(`the chain ends at ${chain.head.height}: nothing carries the beacon entry of ${epoch}`);
  const tipset = chain.firstFrom(chain.head, epoch);
  // What genesis names as its parent is no block.
  const parent = tipset.height === 0 ? -1 : chain.tipset(tipset.parents).height;
  const { beaconEntries } = firstBlock(tipset);
  const entry = beaconEntries[beaconEntries.length - 1 - (tipset.height - epoch)];
  if (entry === undefined || epoch <= parent) throw noBeacon(`no block carries the beacon entry of ${epoch}`);
  return entry;
}

function noBeacon(message: string): PortError {
  return new PortError('NODE_NO_BEACON', message, { retryable: false });
}

/** Root of the state after a tipset: what its child calls the state before itself. */
function stateRootAfter(chain: RecordedChain, base: Tipset): CID {
  if (base.height === chain.head.height) return firstBlock(base).parentStateRoot;
  return firstBlock(chain.firstFrom(chain.head, base.height + 1)).parentStateRoot;
}
