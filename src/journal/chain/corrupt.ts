/** What is said of a journal that is not as it was written: which record, what is wrong, what to do. */

import { MineOneError } from '../../errors/mineone-error.ts';

const WHAT_TO_DO = 'nothing is mined on a broken journal: keep the folder as it is, restore a whole copy of it, or begin a new one beside it (docs/journal.md)';

/** `JOURNAL_CORRUPT`. */
export function corrupt(seq: number, what: string, options?: ErrorOptions): MineOneError {
  return new MineOneError('JOURNAL_CORRUPT', `record ${seq}: ${what}; ${WHAT_TO_DO}`, options);
}

/** `JOURNAL_CORRUPT`, for what is beside the records. */
export function corruptRow(what: string): MineOneError {
  return new MineOneError('JOURNAL_CORRUPT', `${what}; ${WHAT_TO_DO}`);
}
