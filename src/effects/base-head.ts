/**
 * The head as a base of a miner's epoch: fresh, and below the epoch where there is room for a block beside the one that
 * came first.
 */

import { formatAddress } from '../chain/address.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { Tipset } from '../chain/tipset.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';
import { ANSWER_MS, answeredBy } from './answer-in-time.ts';

export interface BaseAsked {
  readonly miner: string;
  readonly epoch: Epoch;
  /** When it is of no use any more, in milliseconds since 1970; asked later than that, it has a second. */
  readonly by?: number;
}

/** What a question asked too late has all the same. */
const LOOK_MS = 1000;
/**
 * An answer that took longer tells of a head that may be another one by now: the process or the machine may have been
 * asleep in between.
 */
const FRESH_MS = 2000;

/**
 * Rejects with `NO_ANSWER`, or as the node does. A stale answer, and a time that was slept through, are asked for once
 * more.
 */
export async function baseHead(clock: Clock, node: Pick<Node, 'head' | 'tipsetAt'>, asked: BaseAsked, signal: AbortSignal): Promise<Tipset> {
  const begun = clock.now();
  const by = asked.by === undefined ? begun + ANSWER_MS : Math.max(asked.by, begun + LOOK_MS);
  const look = (until: number): Promise<Tipset> => answeredBy(clock, 'getHead', until, () => lookedAt(node, asked, signal));
  try {
    const head = await look(by);
    if (clock.now() - begun <= FRESH_MS) return head;
  } catch (error) {
    if (signal.aborted || clock.now() - by <= FRESH_MS) throw error;
  }
  return look(Math.max(by, clock.now() + LOOK_MS));
}

/** A block of the miner's own in that epoch is told as it is: there is nothing left to make. */
async function lookedAt(node: Pick<Node, 'head' | 'tipsetAt'>, { miner, epoch }: BaseAsked, signal: AbortSignal): Promise<Tipset> {
  const head = await node.head(signal);
  const isOurs = head.blocks.some((block) => formatAddress(block.miner) === miner);
  return head.height === epoch && !isOurs ? node.tipsetAt(epoch - 1, signal) : head;
}
