/**
 * Heads as a miner needs them: what the node says now answers «which is the head», and those that come too late to be a
 * base are news worth keeping (docs/architecture.md 5).
 */

import { distinctUntilChanged, filter, merge, type Observable, Subject, skip, tap } from 'rxjs';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { epochTimestamp } from '../chain/epoch.ts';
import { type Tipset, tipsetKeyBytes } from '../chain/tipset.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';
import { noticesOf, tipset$ } from './tipset.ts';

export interface Heads {
  /** The node's head of this moment: the latest on `tipset$` is it, or becomes it by this. */
  head(signal: AbortSignal): Promise<Tipset>;
  /**
   * Since when a head is the head: by the node's word, else since it was first noticed; `undefined` for any but the
   * latest.
   */
  since(head: Tipset): number | undefined;
  /** Each head once, in the order in which they were seen. */
  readonly tipset$: Observable<Tipset>;
}

/** Questions an epoch to a node that may have given no notice: what a lost notice costs at most. */
const ASKED_AN_EPOCH = 3;

export function headsOf(node: Node, clock: Clock, { blockDelaySecs }: Pick<NetworkParams, 'blockDelaySecs'>): Heads {
  const confirmed = new Subject<Tipset>();
  const told = tipset$(node, clock, { everyMs: Math.floor((blockDelaySecs * 1000) / ASKED_AN_EPOCH), notices: noticesOf(node) });
  let latest: { readonly key: Uint8Array; readonly at: number } | null = null;
  const notice = ({ key }: Tipset): void => {
    const bytes = tipsetKeyBytes(key);
    if (latest === null || !equalBytes(latest.key, bytes)) latest = { key: bytes, at: clock.now() };
  };
  return {
    async head(signal) {
      const tipset = await node.head(signal);
      notice(tipset);
      confirmed.next(tipset);
      return tipset;
    },
    since(head) {
      const noticed = latest !== null && equalBytes(latest.key, tipsetKeyBytes(head.key)) ? latest.at : undefined;
      return node.headSince?.(head) ?? noticed;
    },
    tipset$: merge(told.pipe(tap(notice)), confirmed).pipe(distinctUntilChanged((a, b) => equalBytes(tipsetKeyBytes(a.key), tipsetKeyBytes(b.key)))),
  };
}

/**
 * Epochs by which a head may be late and still be news: a node that catches up has thousands, and they tell nothing.
 */
const NEWS_EPOCHS = 10;

/**
 * Heads that were not there when the next epoch took its base: a block that was slow, a reorg. All others are in the
 * records of the epochs that asked for them. The first one seen says nothing of when it came.
 */
export function lateHeads(heads$: Observable<Tipset>, clock: Clock, network: NetworkParams): Observable<Tipset> {
  const { blockDelaySecs, propagationDelaySecs } = network;
  return heads$.pipe(
    skip(1),
    filter(({ height }) => {
      const age = clock.now() / 1000 - Number(epochTimestamp(network, height));
      return age > propagationDelaySecs && age < NEWS_EPOCHS * blockDelaySecs;
    }),
  );
}
