/** Up to where the records of a journal were told: what is opened again must hold them. */

import { equalBytes } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Journal } from '../journal.ts';

export interface Published {
  /** Seq after the last record that was told. */
  readonly next: number;
  /** SHA-256 of that record. */
  readonly hash: Uint8Array;
}

/** All that is on disk. */
export function publishedOf(journal: Pick<Journal, 'next' | 'headHash'>): Published {
  return { next: journal.next(), hash: journal.headHash() };
}

/** Throws `JOURNAL_MOVED` for a journal without the last of them: another lies there now, or an older copy. */
export async function checkHolds(journal: Pick<Journal, 'records'>, { next, hash: told }: Published): Promise<void> {
  if (next === 0) return;
  for await (const { hash } of journal.records(next - 1)) {
    if (equalBytes(hash, told)) return;
    break;
  }
  throw new MineOneError('JOURNAL_MOVED', `the journal does not hold record ${next - 1}, which was on disk: another one, or an older copy, lies there now`);
}
