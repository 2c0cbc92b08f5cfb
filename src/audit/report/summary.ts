/**
 * What an audit amounts to: verdicts by check, messages, and each miner's wins on the chain against those to expect; a
 * fold over its reports.
 */

import { type CountInterval, poissonInterval } from '../../consensus/poisson.ts';
import { BLOCK_CHECKS } from '../../consensus/validation/block-validation.ts';
import { type ConsensusFault, faultsAmong, type SeenBlock } from '../../consensus/validation/consensus-faults.ts';
import { isCertain } from '../../consensus/validation/verdict.ts';
import type { BlockReport, GenesisReport, StretchReport } from './block-report.ts';

/** 2.5 % on either side. */
const TAIL_PER_MILLE = 25;
/** Wins of 5,000 years; beyond it, only a made up state says so, and the interval would take as long. */
const WINS_MAX = 1e9;
const Q256 = Number(1n << 256n);

export interface CheckTotals {
  readonly check: string;
  /** With exactly the state the rule asks for. */
  ok: number;
  /** With an earlier state, as the one asked for is not in the source, or with one that only a block claims. */
  okInstead: number;
  wrong: number;
  notCheckable: number;
  /** Why it was not the plain ok, and how often; the most telling of them, at most a few. */
  readonly reasons: Map<string, number>;
}

export interface MinerTotals {
  readonly miner: string;
  readonly blocks: number;
  readonly wins: number;
  /** Wins to expect in the epochs of the audit; `null` when no power is known. */
  readonly expected: number | null;
  /** Wins that 95 of 100 such stretches would have; `null` also when more are expected than there can be. */
  readonly interval: CountInterval | null;
  /** Wins by expected wins. */
  readonly ofExpected: number | null;
}

export interface Summary {
  /** Apart from the blocks; `null` where the source begins later. */
  readonly genesis: GenesisReport | null;
  readonly blocks: number;
  readonly tipsets: number;
  readonly nullRounds: number;
  readonly wrongBlocks: number;
  /** Blocks that the chain names and the source does not hold. */
  readonly missingBlocks: number;
  /** Blocks whose verdicts are marked: they lie beyond an upgrade that is not known here. */
  readonly beyondBlocks: number;
  readonly checks: readonly CheckTotals[];
  readonly miners: readonly MinerTotals[];
  readonly messages: MessageTotals;
  /** Consensus faults that the blocks prove, or would if their signatures could be asked. */
  readonly faults: readonly ConsensusFault[];
  readonly unreached: Unreached;
}

/** Headers that are in the source and were not looked at. */
export interface Unreached {
  readonly headers: number;
  /** Whether some lie below a branch deeper than branches are followed; else no root leads to any of them. */
  readonly isCut: boolean;
}

export interface MessageTotals {
  readonly bls: number;
  readonly secpk: number;
  readonly uniqueBls: number;
  readonly uniqueSecpk: number;
  /** Blocks with BLS messages, so with an aggregate that says something. */
  readonly aggregates: number;
}

const REASONS_KEPT = 200;

export interface Tally {
  add(report: StretchReport): void;
  summary(): Summary;
}

/** Whether anything is: a block, the genesis that all of them stand on, or a head tipset. */
export function isWrong(summary: Summary): boolean {
  return summary.wrongBlocks > 0 || isGenesisWrong(summary.genesis) || wrongHeads(summary).length > 0;
}

/**
 * Two blocks of one miner in a head tipset, both signed by it: no node takes such a tipset, and no child is there that
 * would be wrong for it.
 */
export function wrongHeads({ faults }: Summary): readonly ConsensusFault[] {
  return faults.filter(({ isInHead, isSigned }) => isInHead && isSigned);
}

export function isGenesisWrong(genesis: GenesisReport | null): boolean {
  return genesis?.checks.some(({ verdict }) => verdict.verdict === 'wrong') ?? false;
}

/** Holds one number a check and a miner, and the CIDs of messages while there are few (a million). */
export function createTally(genesis: GenesisReport | null = null, unreached: Unreached = { headers: 0, isCut: false }): Tally {
  const checks = new Map(
    BLOCK_CHECKS.map(({ name }) => [name, { check: name, ok: 0, okInstead: 0, wrong: 0, notCheckable: 0, reasons: new Map<string, number>() }]),
  );
  const mined = new Map<string, { blocks: number; wins: number }>();
  const expected = new Map<string, bigint>();
  const suspects: SeenBlock[] = [];
  const credited = { epoch: -1, miners: new Set<string>() };
  const messages = messageTally();
  const nulls = new Map<number, number>();
  const counts = { blocks: 0, wrongBlocks: 0, missingBlocks: 0, beyondBlocks: 0, epochs: 0 };
  return {
    add(report) {
      counts.epochs += report.epochs;
      suspects.push(...(report.suspects ?? []));
      for (const [miner, lambda] of report.expected) expected.set(miner, (expected.get(miner) ?? 0n) + lambda);
      for (const block of report.blocks) {
        counts.blocks++;
        nulls.set(block.epoch, Math.max(nulls.get(block.epoch) ?? 0, block.nullRounds));
        if (block.epoch !== credited.epoch) Object.assign(credited, { epoch: block.epoch, miners: new Set() });
        if (isCredited(block, credited.miners)) {
          const miner = mined.get(block.miner) ?? { blocks: 0, wins: 0 };
          mined.set(block.miner, { blocks: miner.blocks + 1, wins: miner.wins + block.winCount });
        }
        if (block.messages !== null) messages.add(block.messages);
        if (block.checks.some(({ verdict }) => verdict.verdict === 'wrong')) counts.wrongBlocks++;
        if (block.isMissing) counts.missingBlocks++;
        if (block.checks.some(({ beyond }) => beyond !== undefined)) counts.beyondBlocks++;
        for (const result of block.checks) count(checks.get(result.check), result.verdict);
      }
    },
    summary: () => ({
      genesis,
      blocks: counts.blocks,
      wrongBlocks: counts.wrongBlocks,
      missingBlocks: counts.missingBlocks,
      beyondBlocks: counts.beyondBlocks,
      tipsets: nulls.size,
      nullRounds: [...nulls.values()].reduce((sum, n) => sum + n, 0),
      checks: [...checks.values()],
      miners: minerTotals(mined, expected, counts.epochs),
      messages: messages.totals(),
      faults: faultsAmong(suspects),
      unreached,
    }),
  };
}

/**
 * Wins are those on the chain: of a miner with two blocks in a tipset the first counts, and none beside the chain or
 * with a made up number of wins.
 */
function isCredited({ miner, isBeside, checks }: BlockReport, credited: Set<string>): boolean {
  const isMadeUp = checks.some(({ check, verdict }) => (check === 'form' || check === 'win-count') && verdict.verdict === 'wrong');
  if (isBeside || isMadeUp || credited.has(miner)) return false;
  credited.add(miner);
  return true;
}

function count(totals: CheckTotals | undefined, verdict: StretchReport['blocks'][number]['checks'][number]['verdict']): void {
  if (totals === undefined) return;
  if (verdict.verdict === 'wrong') totals.wrong++;
  else if (verdict.verdict === 'not-checkable') totals.notCheckable++;
  else if (isCertain(verdict)) totals.ok++;
  else totals.okInstead++;
  const reason =
    verdict.verdict === 'not-checkable' ? verdict.missing : verdict.verdict === 'ok' ? (verdict.instead ?? verdict.claimed ?? verdict.note) : undefined;
  if (reason === undefined) return;
  const kind = reason.replace(/\b(bafy|baga)\w+/g, '…');
  if (totals.reasons.has(kind) || totals.reasons.size < REASONS_KEPT) totals.reasons.set(kind, (totals.reasons.get(kind) ?? 0) + 1);
}

function minerTotals(
  mined: ReadonlyMap<string, { blocks: number; wins: number }>,
  expected: ReadonlyMap<string, bigint>,
  epochs: number,
): readonly MinerTotals[] {
  return [...new Set([...mined.keys(), ...expected.keys()])].map((miner) => {
    const { blocks, wins } = mined.get(miner) ?? { blocks: 0, wins: 0 };
    const mean = epochs === 0 ? undefined : expected.get(miner);
    if (mean === undefined) return { miner, blocks, wins, expected: null, interval: null, ofExpected: null };
    const wanted = Number(mean) / Q256;
    const interval = wanted <= WINS_MAX ? poissonInterval(mean, TAIL_PER_MILLE) : null;
    return { miner, blocks, wins, expected: wanted, interval, ofExpected: wanted === 0 ? null : wins / wanted };
  });
}

/** Distinct messages are counted up to this many of a kind; beyond it the number stands still. */
const UNIQUE_KEPT = 1_000_000;

function messageTally() {
  const unique = { bls: new Set<string>(), secpk: new Set<string>() };
  const totals = { bls: 0, secpk: 0, aggregates: 0 };
  return {
    add({ bls, secpk }: { readonly bls: readonly string[]; readonly secpk: readonly string[] }) {
      totals.bls += bls.length;
      totals.secpk += secpk.length;
      if (bls.length > 0) totals.aggregates++;
      if (unique.bls.size < UNIQUE_KEPT) for (const cid of bls) unique.bls.add(cid);
      if (unique.secpk.size < UNIQUE_KEPT) for (const cid of secpk) unique.secpk.add(cid);
    },
    totals: (): MessageTotals => ({ ...totals, uniqueBls: unique.bls.size, uniqueSecpk: unique.secpk.size }),
  };
}
