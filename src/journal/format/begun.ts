/**
 * Epochs that each miner had begun where a journal now begins: what is left of their records, so that none of them is
 * begun again (docs/architecture.md 6).
 */

import type { Epoch } from '../../chain/epoch.ts';

/** Epochs one after another, the last one too. */
export type BegunStretch = readonly [from: Epoch, to: Epoch];

/**
 * By miner: stretches in order, with gaps between them. A clock that was ahead for a moment begins epochs far above the
 * others, and what lies between is nobody's yet.
 */
export type BegunEpochs = Readonly<Record<string, readonly BegunStretch[]>>;

/** Stretches kept of a miner: where there are more, the gap that is longest ago counts as begun. */
const STRETCHES_MAX = 64;

export function wasBegun(begun: BegunEpochs, miner: string, epoch: Epoch): boolean {
  return (begun[miner] ?? []).some(([from, to]) => epoch >= from && epoch <= to);
}

/** With one epoch more. */
export function withBegun(begun: readonly BegunStretch[], epoch: Epoch): readonly BegunStretch[] {
  const merged: BegunStretch[] = [];
  for (const [from, to] of [...begun, [epoch, epoch] as const].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) merged.splice(-1, 1, [last[0], Math.max(last[1], to)]);
    else merged.push([from, to]);
  }
  const [first, second] = merged;
  if (merged.length > STRETCHES_MAX && first !== undefined && second !== undefined) merged.splice(0, 2, [first[0], second[1]]);
  return merged;
}
