/**
 * What the chain has where a block of an observed epoch would be: written down when past epochs are mined again, since
 * nothing was created whose fate could be looked for.
 */

import type { Epoch } from '../chain/epoch.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { type OrphanReason, orphanReason, type Standing } from '../mining/orphan.ts';
import type { EpochOutcome } from '../mining/outcome.ts';
import type { Head } from '../mining/round.ts';

/** The value of a `seen` record of a `block`. */
export interface ObservedBlock {
  readonly miner: string;
  readonly epoch: Epoch;
  /** Looked up at the epoch. */
  readonly standing: Standing;
  /**
   * Fields in which the miner's block there is another than ours would have been; of nothing that would have been
   * mined: none.
   */
  readonly differs: readonly string[];
}

/** `absent`: no block of the miner's stands there. */
export type ObservedFate = { readonly chain: 'same' } | { readonly chain: 'differs' } | { readonly chain: 'absent'; readonly why: OrphanReason };

/** `null` for any other record. */
export function observedBlock({ input }: Pick<JournalRecord, 'input'>): ObservedBlock | null {
  return input.type === 'seen' && input.what === 'block' ? (input.value as unknown as ObservedBlock) : null;
}

/** What became of a block that would have been mined. */
export function observedFate({ miner, epoch, standing, differs }: ObservedBlock, base: Head): ObservedFate {
  if (holdsMiner(standing, miner, epoch)) return { chain: differs.length === 0 ? 'same' : 'differs' };
  return { chain: 'absent', why: orphanReason({ miner, epoch, base, wasLate: false, wasThere: false }, standing) };
}

export function holdsMiner({ height, blocks }: Standing, miner: string, epoch: Epoch): boolean {
  return height === epoch && blocks.some((block) => block.miner === miner);
}

/** The base that an observed outcome stood on; `null` where it does not say. */
export function observedBase(outcome: EpochOutcome): Head | null {
  return (outcome as { readonly template?: { readonly base: Head } }).template?.base ?? null;
}
