/**
 * Mines past epochs again, through the same machines, runtime and journal as new ones, and holds what comes out against
 * the blocks on the chain.
 */

import { keySigner } from '../../adapters/key-signer.ts';
import { observersProver } from '../../adapters/observers-prover.ts';
import { type Epoch, epochTimestamp } from '../../chain/epoch.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { assembleMiner, type Miner, type MinerOutcome, outcomeOf } from '../../miner.ts';
import type { EpochOutcome } from '../../mining/outcome.ts';
import { qualityOf } from '../../mining/round.ts';
import { differences, type ObservedTemplate } from '../../projections/reproduction.ts';
import { runUntilIdle } from '../../runtime/drive.ts';
import { interruption } from '../terminal/interrupt.ts';
import { blocksAt, type ObservedChain } from './observed-chain.ts';

/** One (miner, epoch), as it came out and as the chain has it. */
export interface ObservedRow {
  readonly epoch: Epoch;
  readonly miner: string;
  readonly outcome: EpochOutcome;
  readonly wins: number | null;
  readonly quality: number | null;
  /**
   * `reproduced`: the block on the chain; `differs`: another than that; `absent`: won and not on the chain; `missed`:
   * on the chain and not won; `none`: neither.
   */
  readonly chain: 'reproduced' | 'differs' | 'absent' | 'missed' | 'none';
  /** Fields in which it differs. */
  readonly differs: readonly string[];
}

export interface ObservedSummary {
  readonly epochs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Blocks of these miners on the chain in the range, and how many came out the same. */
  readonly blocks: number;
  readonly reproduced: number;
  readonly wonElsewhere: readonly { readonly miner: string; readonly epoch: Epoch }[];
  readonly records: number;
  /** SHA-256 of the journal's last record. */
  readonly headHash: Uint8Array;
}

export interface ObserveRun {
  readonly chain: ObservedChain;
  readonly miners: readonly string[];
  readonly keys: readonly Uint8Array[];
  readonly journalDir: string;
  /**
   * Epochs that began longer than this before the last record are given up, in milliseconds; all are kept if not given.
   */
  readonly keepMs?: number;
  /** The journal is open, and of this network. */
  readonly onBegin: () => void;
  /** Rows of an epoch, when all its miners are done, in the order of epochs. */
  readonly onEpoch: (rows: readonly ObservedRow[]) => void;
}

/**
 * Epochs that the journal holds already are not mined a second time: their outcome is read. Throws `RUN_BEHIND` for a
 * range that the journal is past.
 */
export async function observe({ chain, miners, keys, journalDir, keepMs, onBegin, onEpoch }: ObserveRun): Promise<ObservedSummary> {
  const { miner } = await assembleMiner(
    {
      network: chain.params,
      miners,
      node: chain.node,
      signer: keySigner(chain.bls, keys),
      prover: observersProver(chain.params),
      clock: chain.clock,
      bls: chain.bls,
      dataDir: journalDir,
      observe: true,
      lastEpoch: chain.range.to,
      ordered: true,
      ...(keepMs === undefined ? {} : { keepMs }),
    },
    { isPast: true },
  );
  const tally = tallyOf(chain, miners, onEpoch);
  try {
    onBegin();
    await readHeld(miner, tally);
    miner.outcomes$.subscribe(tally.add);
    await miner.start();
    await runEpochs(miner, chain);
    if (tally.missing() > 0) throw behind(journalDir);
    return tally.summary(miner);
  } finally {
    await miner.stop();
  }
}

/**
 * Time moves on epoch by epoch, each until its blocks would come too late, so that an interruption is heard in between.
 */
async function runEpochs(miner: Miner, { params, range, clock }: ObservedChain): Promise<void> {
  for (let epoch = range.from; epoch <= range.to; epoch++) {
    interruption.throwIfAborted();
    await runUntilIdle(miner, clock, (Number(epochTimestamp(params, epoch)) + params.propagationDelaySecs) * 1000);
  }
}

function behind(folder: string): MineOneError {
  return new MineOneError(
    'RUN_BEHIND',
    `the journal in ${folder} is past these epochs, and none is ever begun a second time; name an empty folder with --data`,
  );
}

/** Takes over what an earlier run left. */
async function readHeld(miner: Miner, tally: Tally): Promise<void> {
  for await (const { record } of miner.journal().records()) {
    interruption.throwIfAborted();
    const outcome = outcomeOf(record);
    if (outcome !== null) tally.add(outcome);
  }
}

interface Tally {
  readonly add: (outcome: MinerOutcome) => void;
  missing(): number;
  summary(miner: Miner): ObservedSummary;
}

function tallyOf(chain: ObservedChain, names: readonly string[], onEpoch: ObserveRun['onEpoch']): Tally {
  const { from, to } = chain.range;
  const waiting = new Map<Epoch, Map<string, ObservedRow>>();
  const counts: Record<string, number> = {};
  const wonElsewhere: { miner: string; epoch: Epoch }[] = [];
  const sums = { missing: names.length * (to - from + 1), blocks: 0, reproduced: 0 };
  let next = from;
  const add = ({ miner, epoch, outcome }: MinerOutcome): void => {
    if (epoch < from || epoch > to || !names.includes(miner)) return;
    const row = rowOf(chain, miner, epoch, outcome);
    waiting.set(epoch, (waiting.get(epoch) ?? new Map<string, ObservedRow>()).set(miner, row));
    sums.missing--;
    counts[outcome.outcome] = (counts[outcome.outcome] ?? 0) + 1;
    if (row.chain !== 'none' && row.chain !== 'absent') sums.blocks++;
    if (row.chain === 'reproduced') sums.reproduced++;
    if (row.chain === 'absent') wonElsewhere.push({ miner, epoch });
    for (let rows = waiting.get(next); rows?.size === names.length; rows = waiting.get(next)) {
      waiting.delete(next++);
      onEpoch(names.map((name) => (rows as Map<string, ObservedRow>).get(name) as ObservedRow));
    }
  };
  return {
    add,
    missing: () => sums.missing,
    summary: (miner) => ({
      epochs: to - from + 1,
      outcomes: counts,
      blocks: sums.blocks,
      reproduced: sums.reproduced,
      wonElsewhere,
      records: miner.journal().next(),
      headHash: miner.journal().headHash(),
    }),
  };
}

function rowOf({ view }: ObservedChain, miner: string, epoch: Epoch, outcome: EpochOutcome): ObservedRow {
  const block = blocksAt(view, epoch).get(miner);
  if (outcome.outcome !== 'observed') {
    const wins = outcome.outcome === 'lost' ? 0 : null;
    return { epoch, miner, outcome, wins, quality: null, chain: block === undefined ? 'none' : 'missed', differs: [] };
  }
  const { template } = outcome as unknown as { readonly template: ObservedTemplate };
  const differs = block === undefined ? [] : differences(template, block);
  const found = block === undefined ? 'absent' : differs.length === 0 ? 'reproduced' : 'differs';
  return { epoch, miner, outcome, wins: outcome.winCount, quality: qualityOf(template.ticket), chain: found, differs };
}
