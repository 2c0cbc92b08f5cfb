/** What is given as records of a journal, by their form: whoever folds them is told what came instead. */

import { argumentCheck } from '../chain/argument.ts';
import type { JournalRecord } from '../journal/format/record.ts';

const EXPECTED = 'a record of a journal, as journal.records() gives it';

/** Throws `CALL_ARGUMENT`. */
export function checkRecord(call: string, record: unknown): asserts record is JournalRecord {
  argumentCheck(call)('record', record, EXPECTED, isRecord(record));
}

/** Throws `CALL_ARGUMENT`, naming the first that is none. */
export function checkRecords(call: string, records: unknown): asserts records is readonly JournalRecord[] {
  const check = argumentCheck(call);
  check('records', records, 'a list of records of a journal', Array.isArray(records));
  for (const [i, record] of (records as readonly unknown[]).entries()) check(`records[${i}]`, record, EXPECTED, isRecord(record));
}

function isRecord(value: unknown): boolean {
  const { stream, input } = (value ?? {}) as Partial<JournalRecord>;
  return typeof stream === 'string' && typeof input === 'object' && input !== null;
}
