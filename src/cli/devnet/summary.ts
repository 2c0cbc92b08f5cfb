/** What a devnet's run came to, its journal read again from disk and every transition computed a second time. */

import type { Journal, StoredRecord } from '../../journal/journal.ts';
import { loadMachines } from '../../miner.ts';
import type { EpochRow } from '../../projections/epoch-row.ts';
import { outcomeName } from '../../projections/outcome-name.ts';
import { type Attendance, attendance } from '../../projections/unattended.ts';
import { type ReplayReport, replay } from '../../replay/replay.ts';
import { actorsAtBeginning } from '../../replay/retention.ts';
import type { BlockCounts } from './blocks.ts';
import type { RunEnd } from './run.ts';

export interface DevnetSummary {
  /**
   * First epoch that this run began: its epochs, outcomes and blocks are told here, and those of earlier runs are not.
   */
  readonly from: number;
  /** Epochs of this run that are over. */
  readonly epochs: number;
  /** Outcomes of this run, with their reasons: `late: prove`. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly blocks: BlockCounts;
  readonly chainHead: RunEnd['head'];
  /** Of the whole journal, earlier runs too. */
  readonly records: number;
  /** All that the journal keeps: records, index, blobs, rows. */
  readonly bytes: number;
  /** SHA-256 of its last record. */
  readonly headHash: Uint8Array;
  readonly replay: ReplayReport;
  readonly replaySecs: number;
}

export interface OutcomeCounts {
  add(rows: readonly EpochRow[]): void;
  epochs(): number;
  counts(): Readonly<Record<string, number>>;
}

export function outcomeCounts(): OutcomeCounts {
  const counts: Record<string, number> = {};
  const epochs = new Set<number>();
  return {
    add(rows) {
      for (const { epoch, outcome } of rows) {
        if (outcome === null) continue;
        const name = outcomeName(outcome);
        counts[name] = (counts[name] ?? 0) + 1;
        epochs.add(epoch);
      }
    },
    epochs: () => epochs.size,
    counts: () => counts,
  };
}

/** `journal` was opened again: what is told is what is on disk. */
export async function summaryOf(journal: Journal, { from, to, blocks, head }: RunEnd, outcomes: OutcomeCounts): Promise<DevnetSummary> {
  const machines = loadMachines();
  const started = performance.now();
  const attended = attendance();
  const report = await replay(heard(journal.records(), attended), machines, journal.shared, actorsAtBeginning(journal.checkpoint(), machines));
  return {
    from,
    epochs: outcomes.epochs(),
    outcomes: { ...outcomes.counts(), ...unattendedCounts(attended, { from, to }) },
    blocks,
    chainHead: head,
    records: journal.next(),
    bytes: await bytesOf(journal),
    headHash: journal.headHash(),
    replay: report,
    replaySecs: (performance.now() - started) / 1000,
  };
}

async function* heard(records: AsyncIterable<StoredRecord>, attended: Attendance): AsyncGenerator<StoredRecord> {
  for await (const stored of records) {
    attended.add(stored.record);
    yield stored;
  }
}

/** Of all miners, within this run. */
function unattendedCounts(attended: Attendance, run: { readonly from: number; readonly to: number }): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const miner of attended.miners()) {
    for (const { why, from, to } of attended.gaps(miner)) {
      const epochs = Math.min(to, run.to) - Math.max(from, run.from) + 1;
      if (epochs > 0) counts[`unattended: ${why}`] = (counts[`unattended: ${why}`] ?? 0) + epochs;
    }
  }
  return counts;
}

/** Keys begin with one letter of a table's name, so that this is above them all. */
const ABOVE = new Uint8Array(64).fill(0xff);

async function bytesOf({ store }: Journal): Promise<number> {
  let bytes = 0;
  for await (const [key, value] of store.range(new Uint8Array(0), ABOVE)) bytes += key.length + value.length;
  return bytes;
}
