/**
 * Blocks that are bound and not yet out: what a stop waits for, and until when (docs/architecture.md 3, «The order
 * around a block»).
 */

import type { Value } from '../journal/format/value.ts';
import { askedOf } from '../mining/effects.ts';
import { deadlinesOf, type RoundConfig, recordedStart } from '../mining/round.ts';
import type { Clock } from '../ports/clock.ts';
import { type FoldedState, isHolding, type LiveStream } from './folded-state.ts';
import type { Waiters } from './waiters.ts';

/**
 * Resolves when they are out, or the last of them is too late for its epoch: a node may refuse one for ever while the
 * chain stands. From then on it is the next start's, which sends it again.
 */
export async function heldAreOut(clock: Clock, waiters: Waiters, world: () => FoldedState | null): Promise<void> {
  const by = lastCallOf(world());
  if (by === null) return;
  const over = new AbortController();
  const late = clock.until(by, over.signal).catch(() => undefined);
  try {
    await Promise.race([waiters.until(() => lastCallOf(world()) === null), late]);
  } finally {
    over.abort();
  }
}

/** Milliseconds since 1970; `null` when nothing is held. */
function lastCallOf(world: FoldedState | null): number | null {
  const held = [...(world?.streams.values() ?? [])].filter(isHolding);
  return held.length === 0 ? null : Math.max(...held.map(lateFrom));
}

function lateFrom({ start, bound }: LiveStream): number {
  const { bound: delivered } = start.input as { readonly bound?: Value };
  return deadlinesOf(recordedStart(start.input).config as RoundConfig, (bound ?? askedOf('bind', delivered)).epoch).lastCall;
}
