/** The last epoch that a journal knows, found from its end. */

import type { Journal } from '../../journal/journal.ts';
import { recordedStart } from '../../mining/round.ts';

export interface LastEpoch {
  readonly epoch: number;
  readonly blockDelaySecs: number;
}

/** The last records are nearly always enough. */
const TAIL = 512;

/** `null` of a journal in which no epoch was begun. */
export async function lastEpochOf(journal: Journal): Promise<LastEpoch | null> {
  for (let tail = TAIL; ; tail *= 8) {
    let last: LastEpoch | null = null;
    for await (const { record } of journal.records(Math.max(0, journal.next() - tail))) {
      if (record.input.type !== 'start' || record.input.machine !== 'epoch') continue;
      const { epoch, config } = recordedStart(record.input.input);
      if (config !== null && (last === null || epoch > last.epoch)) last = { epoch, blockDelaySecs: config.blockDelaySecs };
    }
    if (last !== null || tail >= journal.next()) return last;
  }
}
