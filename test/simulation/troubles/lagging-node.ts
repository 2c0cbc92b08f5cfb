/**
 * A node that is away, comes back, and is behind its own head for a while: it has every block that it had, and says an
 * earlier head until it has caught up.
 */

import type { Epoch } from '../../../src/chain/epoch.ts';
import type { Tipset } from '../../../src/chain/tipset.ts';
import { PortError } from '../../../src/errors/port-error.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Node } from '../../../src/ports/node.ts';
import { beginOf, epochNow, laterBy, mayStrike, nobody, type Trouble } from './trouble.ts';

const DEPTH_MAX = 3;

interface Lag {
  isAway(): boolean;
  /** Tipsets by which its head is behind; 0 when it has caught up. */
  depth(): number;
  /** Milliseconds since 1970 at which it has. */
  caughtUpAt(): number;
}

/** The node, whoever asks. `rate`: how likely it goes away as an epoch begins, where it is there; asked at any call. */
export function lagOf(trouble: Trouble, rate: number): Lag {
  const { random, clock } = trouble;
  let known: Epoch = -1;
  let [backAt, caughtUpAt, depth] = [0, 0, 0];
  const look = (): void => {
    const epoch = epochNow(trouble);
    if (epoch === known || clock.now() < caughtUpAt) return;
    known = epoch;
    if (!mayStrike(trouble) || !random.chance(rate)) return;
    backAt = laterBy(trouble, 0, 2);
    caughtUpAt = Math.min(backAt + random.below(2 * trouble.network.blockDelaySecs * 1000), beginOf(trouble, trouble.to + 1));
    depth = 1 + random.below(DEPTH_MAX);
  };
  return {
    isAway() {
      look();
      return clock.now() < backAt;
    },
    depth: () => (clock.now() < caughtUpAt ? depth : 0),
    caughtUpAt: () => caughtUpAt,
  };
}

/** The node as it is asked by one life. */
export function laggingNode(node: Node, lag: Lag, clock: Clock, parentsOf: (tipset: Tipset) => Tipset | null): Node {
  const there = async <T>(call: () => Promise<T>): Promise<T> => {
    if (lag.isAway()) throw new PortError('NODE_UNREACHABLE', 'connect ECONNREFUSED: the node is not running', { retryable: true });
    return call();
  };
  const lowered = (tipset: Tipset): Tipset => {
    let found = tipset;
    for (let left = lag.depth(); left > 0; left--) found = parentsOf(found) ?? found;
    return found;
  };
  const head = async (signal: AbortSignal): Promise<Tipset> => lowered(await node.head(signal));
  return {
    ...node,
    head: (signal) => there(() => head(signal)),
    beaconEntry: (epoch, signal) => there(() => node.beaconEntry(epoch, signal)),
    miningBaseInfo: (miner, epoch, base, signal) => there(() => node.miningBaseInfo(miner, epoch, base, signal)),
    selectMessages: (base, quality, signal) => there(() => node.selectMessages(base, quality, signal)),
    createBlock: (template, signal) => there(() => node.createBlock(template, signal)),
    submitBlock: (block, signal) => there(() => node.submitBlock(block, signal)),
    pushMessage: (message, signal) => there(() => node.pushMessage(message, signal)),
    tipsetAt: (height, signal) =>
      there(async () => {
        const { height: top } = await head(signal);
        return node.tipsetAt(Math.min(height, top), signal);
      }),
    // It tells of no head that it has not reached; when it has caught up it does.
    ...(node.onHead === undefined ? {} : { onHead: noticesOf(node.onHead, lag, clock) }),
  };
}

function noticesOf(onHead: NonNullable<Node['onHead']>, lag: Lag, clock: Clock): NonNullable<Node['onHead']> {
  return (listener) =>
    onHead(() => {
      if (lag.depth() === 0) listener();
      else void clock.until(lag.caughtUpAt(), nobody()).then(listener);
    });
}
