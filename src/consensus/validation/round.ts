/**
 * What all blocks of one epoch on one base have in common: versions, the latest beacon entry, and the states that rules
 * ask for (docs/protocol.md 4.3).
 */

import type { BeaconEntry } from '../../chain/beacon-entry.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { Message } from '../../chain/message.ts';
import type { provingSet } from '../../chain/state/proving-set.ts';
import { firstBlock, type Tipset } from '../../chain/tipset.ts';
import { DecodeError, MissingBlockError } from '../../errors/mineone-error.ts';
import { BEACON_LOOKBACK_TIPSETS, lookbackEpoch, lookbackOf } from '../lookback.ts';
import type { RecoverSecp256k1 } from '../messages/message-signature.ts';
import { type NetworkParams, networkVersion } from '../network/network.ts';
import type { Bls } from '../signatures/bls.ts';
import { type BlockMessages, readMessages, uniqueIn } from './block-messages.ts';
import type { ChainView, KnownState } from './chain-view.ts';
import type { Instead } from './verdict.ts';

/** What a judge brings along. */
export interface Judge {
  readonly params: NetworkParams;
  readonly view: ChainView;
  readonly bls: Bls;
  readonly recoverSecp256k1: RecoverSecp256k1;
  /** What remembers the sectors of miners, for who judges many blocks of the same ones. */
  readonly provingSets?: typeof provingSet;
}

/** A state for a rule, with the words for a report in which it is not the one asked for. */
export interface RuleState extends KnownState {
  /** `lookback 29`, `state before 38`. */
  readonly asked: string;
  /**
   * The epoch whose blocks alone say that this is the state, as nothing was executed; `null` for the state of a genesis
   * that is the network's.
   */
  readonly claimedBy: Epoch | null;
}

/** A block on the round's base. */
export interface Sibling {
  readonly cid: CID;
  readonly header: BlockHeader;
}

export interface Round extends Judge {
  readonly epoch: Epoch;
  readonly base: Tipset;
  /** Network version at the epoch, and at the base's height. */
  readonly version: number;
  readonly baseVersion: number;
  /** Whether there is a lookback tipset at all: not after more null rounds than the lookback. */
  readonly hasLookback: boolean;
  readonly previousBeacon: () => BeaconEntry;
  /**
   * State after the lookback tipset: powers, worker, sectors; `null` where no lookback is allowed (too many null
   * rounds).
   */
  readonly lookbackState: () => RuleState | null;
  /** State before the lookback tipset: the consensus minimum. */
  readonly minimumState: () => RuleState | null;
  /** State before the base: standing, weight. */
  readonly baseState: () => RuleState;
  /** State after the base, as the block itself names it: senders. */
  readonly parentState: () => RuleState;
  /** Messages of the base, block by block in its order. */
  readonly messagesOfBase: () => readonly BlockMessages[];
  /** Every message of the base once. */
  readonly baseMessages: () => readonly Message[];
  /** Blocks on this base that are known, the one under judgement among them; none where nobody looks for them. */
  readonly siblings: readonly Sibling[];
}

/** `parentStateRoot` is what the block says of the state after its base; blocks that agree in it share the round. */
export function roundOf(judge: Judge, base: Tipset, epoch: Epoch, parentStateRoot: CID, siblings: readonly Sibling[] = []): Round {
  const { params, view } = judge;
  const after = once(() => stateAfter(judge, base, epoch, parentStateRoot));
  const lookback = once(() => lookbackStates(judge, base, epoch, after));
  const messagesOfBase = once(() => base.blocks.map((header) => readMessages(view.get, header)));
  return {
    ...judge,
    epoch,
    base,
    version: networkVersion(params, epoch),
    baseVersion: networkVersion(params, base.height),
    hasLookback: lookbackOf(params, epoch, base.height).kind !== 'none',
    previousBeacon: once(() => latestBeaconEntry(view, base)),
    lookbackState: () => lookback()?.after() ?? null,
    minimumState: () => lookback()?.before() ?? null,
    baseState: once(() => stateBefore(judge, base)),
    parentState: after,
    messagesOfBase,
    baseMessages: once(() => uniqueIn(messagesOfBase())),
    siblings,
  };
}

function lookbackStates(judge: Judge, base: Tipset, epoch: Epoch, stateAfterBase: () => RuleState) {
  const { params, view } = judge;
  const lookback = lookbackOf(params, epoch, base.height);
  if (lookback.kind === 'none') return null;
  const next = lookback.kind === 'before' ? view.firstFrom(base, lookback.epoch) : null;
  const asked = `lookback ${lookbackEpoch(params, epoch)}`;
  return {
    after: once((): RuleState => ({ ...(next === null ? stateAfterBase() : stateBefore(judge, next)), asked })),
    before: once((): RuleState => ({ ...stateBefore(judge, next === null ? base : view.tipset(next.parents)), asked: `before ${asked}` })),
  };
}

/**
 * The state after a base as the blocks of `epoch` on it claim it. Genesis executes nothing: after it is what was before
 * it, whatever a block claims.
 */
function stateAfter(judge: Judge, base: Tipset, epoch: Epoch, claimed: CID): RuleState {
  const asked = `state before ${epoch}`;
  if (base.height > 0) return { ...judge.view.state(claimed, epoch), asked, claimedBy: epoch };
  return { ...judge.view.state(firstBlock(base).parentStateRoot, epoch), asked, claimedBy: isGenesisOf(judge.params, base) ? null : 0 };
}

/** The state before a tipset. */
function stateBefore(judge: Judge, tipset: Tipset): RuleState {
  const claimed = firstBlock(tipset).parentStateRoot;
  const base = tipset.height === 0 ? tipset : baseInSource(judge.view, tipset);
  if (base?.height === 0) return { ...stateAfter(judge, base, tipset.height, claimed), asked: `state before ${tipset.height}` };
  return { ...judge.view.state(claimed, tipset.height), asked: `state before ${tipset.height}`, claimedBy: tipset.height };
}

/** `null` where the source does not hold it: then it is not genesis either, as far as anybody knows. */
function baseInSource(view: ChainView, tipset: Tipset): Tipset | null {
  try {
    return view.tipset(tipset.parents);
  } catch (error) {
    if (error instanceof MissingBlockError || error instanceof DecodeError) return null;
    throw error;
  }
}

/** A network whose genesis nobody has named is the one that the source begins with. */
function isGenesisOf({ genesisCid }: NetworkParams, tipset: Tipset): boolean {
  return tipset.height === 0 && (genesisCid === undefined || genesisCid === String(tipset.key[0]));
}

/** The chain has no beacon entry where a block may look for one: on such a base no block is right. */
export class NoBeaconEntryError extends MissingBlockError {}

/**
 * The latest beacon entry on the base's chain; throws {@link NoBeaconEntryError} (lotus chain/store
 * GetLatestBeaconEntry).
 */
function latestBeaconEntry(view: ChainView, base: Tipset): BeaconEntry {
  let tipset = base;
  for (let i = 0; i < BEACON_LOOKBACK_TIPSETS; i++) {
    const entry = firstBlock(tipset).beaconEntries.at(-1);
    if (entry !== undefined) return entry;
    if (tipset.height === 0) break;
    tipset = view.tipset(tipset.parents);
  }
  throw new NoBeaconEntryError(String(base.key[0]), `a beacon entry at most ${BEACON_LOOKBACK_TIPSETS} tipsets back from`);
}

/** What a verdict over a state rests on; `null` when that is the right one, and known to be. */
export function insteadOf(what: string, state: RuleState | null): Instead | null {
  if (state === null) return null;
  if (!state.exact) return { text: `${what} of epoch ${state.after}, ${state.asked} not in the source`, exact: false };
  return state.claimedBy === null ? null : { text: `${what} of ${state.asked}, a root that only epoch ${state.claimedBy} claims`, exact: true };
}

/** The value, made at the first call. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
