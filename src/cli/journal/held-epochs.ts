/** `--from` and `--to` of a journal: a range in which it holds no epoch is told with the one that it has. */

import { rangeFault } from '../../chain/epoch-range.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { JournalRecord } from '../../journal/format/record.ts';
import { epochStream } from '../../mining/stream.ts';
import type { EpochRange } from '../../projections/step-times.ts';

export interface HeldEpochs {
  add(record: JournalRecord): void;
  /**
   * Throws `EPOCH_RANGE` where none of the epochs held is in the range, `MINER_UNKNOWN` where none of that miner is
   * held at all.
   */
  check(range: EpochRange): void;
}

export function heldEpochs(): HeldEpochs {
  const held = new Map<string, { from: number; to: number }>();
  return {
    add({ stream, input }) {
      const named = epochStream(stream);
      if (named === null || named.below !== null || input.type !== 'start') return;
      const { miner, epoch } = named;
      const { from, to } = held.get(miner) ?? { from: epoch, to: epoch };
      held.set(miner, { from: Math.min(from, epoch), to: Math.max(to, epoch) });
    },
    check({ miner, from, to }) {
      if (held.size === 0) return;
      const asked = miner === undefined ? [...held.values()] : [held.get(miner)].filter((range) => range !== undefined);
      if (asked.length === 0)
        throw new MineOneError('MINER_UNKNOWN', `the journal holds no epoch of ${miner}; it holds those of ${[...held.keys()].join(', ')}: name one of them`);
      const whole = { from: Math.min(...asked.map((range) => range.from)), to: Math.max(...asked.map((range) => range.to)) };
      if ((from ?? 0) <= whole.to && (to ?? whole.to) >= whole.from) return;
      throw new MineOneError('EPOCH_RANGE', rangeFault(miner === undefined ? 'the journal' : `the journal of ${miner}`, whole, from, to));
    },
  };
}
