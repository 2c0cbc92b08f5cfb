/** What all blocks of one epoch on one base have in common: versions, the latest beacon entry, and the states that rules ask for (docs/protocol.md 4.3). */

import type { BeaconEntry } from '../../chain/beacon-entry.ts';
import type { CID } from '../../chain/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { MissingBlockError } from '../../chain/error.ts';
import type { Message } from '../../chain/message.ts';
import type { provingSet } from '../../chain/state/proving-set.ts';
import { firstBlock, type Tipset } from '../../chain/tipset.ts';
import type { Bls } from '../bls.ts';
import { BEACON_LOOKBACK_TIPSETS, lookbackEpoch, lookbackOf } from '../lookback.ts';
import type { RecoverSecp256k1 } from '../message-signature.ts';
import { type NetworkParams, networkVersion } from '../network.ts';
import { uniqueMessages } from './block-messages.ts';
import type { ChainView, KnownState } from './chain-view.ts';

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
  /** State after the lookback tipset: powers, worker, sectors; `null` where no lookback is allowed (too many null rounds). */
  readonly lookbackState: () => RuleState | null;
  /** State before the lookback tipset: the consensus minimum. */
  readonly minimumState: () => RuleState | null;
  /** State before the base: standing, weight. */
  readonly baseState: () => RuleState;
  /** State after the base, as the block itself names it: senders. */
  readonly parentState: () => RuleState;
  /** Every message of the base once. */
  readonly baseMessages: () => readonly Message[];
}

/** `parentStateRoot` is what the block says of the state after its base; blocks that agree in it share the round. */
export function roundOf(judge: Judge, base: Tipset, epoch: Epoch, parentStateRoot: CID): Round {
  const { params, view } = judge;
  const lookback = once(() => lookbackStates(judge, base, epoch, parentStateRoot));
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
    baseState: once(() => ({ ...view.state(firstBlock(base).parentStateRoot, base.height), asked: `state before ${base.height}` })),
    parentState: once(() => ({ ...view.state(parentStateRoot, epoch), asked: `state before ${epoch}` })),
    baseMessages: once(() => uniqueMessages(view.get, base)),
  };
}

function lookbackStates({ params, view }: Judge, base: Tipset, epoch: Epoch, parentStateRoot: CID) {
  const lookback = lookbackOf(params, epoch, base.height);
  if (lookback.kind === 'none') return null;
  const next = lookback.kind === 'before' ? view.firstFrom(base, lookback.epoch) : null;
  const asked = `lookback ${lookbackEpoch(params, epoch)}`;
  const [root, height] = next === null ? [parentStateRoot, epoch] : [firstBlock(next).parentStateRoot, next.height];
  return {
    after: once((): RuleState => ({ ...view.state(root, height), asked })),
    before: once((): RuleState => {
      const tipset = next === null ? base : view.tipset(next.parents);
      return { ...view.state(firstBlock(tipset).parentStateRoot, tipset.height), asked: `before ${asked}` };
    }),
  };
}

/** The latest beacon entry on the base's chain (lotus chain/store GetLatestBeaconEntry). */
function latestBeaconEntry(view: ChainView, base: Tipset): BeaconEntry {
  let tipset = base;
  for (let i = 0; i < BEACON_LOOKBACK_TIPSETS; i++) {
    const entry = firstBlock(tipset).beaconEntries.at(-1);
    if (entry !== undefined) return entry;
    if (tipset.height === 0) break;
    tipset = view.tipset(tipset.parents);
  }
  throw new MissingBlockError(String(base.key[0]), `a beacon entry at most ${BEACON_LOOKBACK_TIPSETS} tipsets back from`);
}

/** The words for a verdict that used another state than the rule asks for; `null` when it is the right one. */
export function insteadOf(what: string, ...states: readonly (RuleState | null)[]): string | null {
  const substitute = states.find((state) => state?.exact === false);
  return substitute == null ? null : `${what} of epoch ${substitute.after}, ${substitute.asked} not in the source`;
}

/** The value, made at the first call. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
