/**
 * What follows from an input by itself, in the same batch: a fate after a mined block, a rescue of what was bound, the
 * end of what a stopped or fenced miner has not bound.
 */

import type { Input } from '../journal/format/record.ts';
import { asValue, type Value } from '../journal/format/value.ts';
import { askedOf, type BindInput } from '../mining/effects.ts';
import { isEpochStream, minerOf, streamName } from '../mining/stream.ts';
import type { Machine } from '../statechart/machine.ts';
import type { FoldedState, LiveStream } from './folded-state.ts';

export interface Mail {
  readonly stream: string;
  readonly input: Input;
}

/** A stream ended: `was` is how it stood before. */
export function afterEnd(stream: string, was: LiveStream, outcome: Value, machines: ReadonlyMap<string, Machine>): readonly Mail[] {
  const { outcome: word, why, sentAt = null } = outcome as { readonly outcome?: string; readonly why?: string; readonly sentAt?: number };
  if (word === 'mined' && machines.has('fate')) return [fate(was, sentAt)];
  if (word !== 'abandoned') return [];
  if (why === 'upgrade-unknown') return was.submits.size > 0 && machines.has('fate') ? [fate(was, null)] : [];
  if (was.start.machine !== 'epoch') return why === 'upgraded' ? [{ stream, input: was.start }] : [];
  if (was.bound === null) return [];
  if (was.submitted) return machines.has('fate') ? [fate(was, null)] : [];
  return machines.has('deliver') ? [rescue(was)] : [];
}

/** Its own name is below the epoch's: `f01000/4211337/fate`, whichever machine brought the block out. */
function fate({ start, bound }: LiveStream, sentAt: Value): Mail {
  const { config, bound: delivered } = start.input as { readonly config: Value; readonly bound?: Value };
  const { miner, epoch, base, cid } = bound ?? askedOf('bind', delivered);
  const input = { miner, epoch, config, base: asValue(base), cid, sentAt };
  return { stream: streamName(miner, epoch, 'fate'), input: { type: 'start', machine: 'fate', input } };
}

function rescue({ start, bound, winCount }: LiveStream): Mail {
  const { miner, epoch } = bound as BindInput;
  const { config } = start.input as { readonly config: Value };
  return {
    stream: streamName(miner, epoch, 'rescue'),
    input: { type: 'start', machine: 'deliver', input: { config, bound: asValue(bound), winCount } },
  };
}

/** Ends the miner's epochs that have bound nothing; what is bound goes out. */
export function endUnbound({ streams }: FoldedState, miner: string, why: 'stopped' | 'poisoned'): readonly Mail[] {
  return [...streams]
    .filter(([stream, live]) => minerOf(stream) === miner && isEpochStream(stream) && live.bound === null)
    .map(([stream]) => ({ stream, input: { type: 'abandoned', why } }));
}

/**
 * Refused by the fence for good, and no submission was ever asked for: only then does what was bound forbid nothing any
 * more (docs/architecture.md 3, «bind»).
 */
export function isRefusedUnsent(was: LiveStream, outcome: Value): was is LiveStream & { readonly bound: BindInput } {
  const { why } = (outcome ?? {}) as { readonly why?: string };
  return why === 'fence-conflict' && was.bound !== null && was.submits.size === 0;
}
