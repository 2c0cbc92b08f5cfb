/** Judges a stretch of tipsets: every block against every check, and what each miner was to expect. */

import { formatAddress, idOf, PROTOCOL_ID, parseAddress } from '../chain/address.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import { type CID, parseCid } from '../chain/encoding/cid.ts';
import { LIST_LENGTH_MAX } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { claimOf, readPower } from '../chain/state/power.ts';
import { equalKeys, type Tipset, type TipsetKey } from '../chain/tipset.ts';
import { electionLambda } from '../consensus/election.ts';
import { ticketQuality } from '../consensus/ticket-quality.ts';
import { readMessageCids } from '../consensus/validation/block-messages.ts';
import { blockSignature } from '../consensus/validation/block-signature-check.ts';
import { BLOCK_CHECKS, type CheckResult, markOf, validateBlock, validateWithoutBase } from '../consensus/validation/block-validation.ts';
import type { SeenBlock } from '../consensus/validation/consensus-faults.ts';
import { type Judge, type Round, roundOf } from '../consensus/validation/round.ts';
import { knownOr, notCheckable, type Verdict, wrong } from '../consensus/validation/verdict.ts';
import { DecodeError, MissingBlockError } from '../errors/mineone-error.ts';
import { blockAt, type HeaderAt, type NoHeaderAt } from './chain/block-at.ts';
import { type ChainTable, keyOf } from './chain/chain-table.ts';
import type { BlockReport, StretchReport } from './report/block-report.ts';

const Q256 = Number(1n << 256n);

/** Of a block that the source does not hold. */
const UNKNOWN_MINER = '?';

/**
 * More null rounds than a header can hold beacon entries for: no block of a chain comes after that many, and a made up
 * height must not be counted up to.
 */
const GAP_MAX = LIST_LENGTH_MAX;

export interface Stretch {
  /** Rows of the table, `to` not among them. */
  readonly from: number;
  readonly to: number;
  /** Judge these miners' blocks alone; all when empty. */
  readonly miners: readonly string[];
  /** Sum up what these miners were to expect. */
  readonly expect: readonly string[];
  /** Rows whose blocks may be at fault with blocks beside the chain; none if not given. */
  readonly watched?: ReadonlySet<number>;
}

export function judgeStretch(judge: Judge, table: ChainTable, { from, to, miners, expect, watched }: Stretch): StretchReport {
  const blocks: BlockReport[] = [];
  const expected = new Map<string, bigint>();
  const suspects: SeenBlock[] = [];
  let epochs = 0;
  for (let i = from; i < to; i++) {
    const named = keyOf(judge.view.get, table, i, parseCid).map((cid) => blockAt(judge.view.get, cid));
    const held = named.filter((block): block is HeaderAt => block.header !== null);
    const [first] = held;
    if (first === undefined || (first.header.height === 0 && i < table.length)) continue;
    const isBeside = i >= table.length;
    const isOdd = watched?.has(i) === true || hasMinerTwice(held);
    const rounds = roundsOf(judge, held);
    for (const block of named) {
      const miner = block.header === null ? UNKNOWN_MINER : formatAddress(block.header.miner);
      if (miners.length > 0 && !miners.includes(miner)) continue;
      const report = block.header === null ? unreadable(judge, block, first.header.height) : judgeBlock(judge, rounds(block), block);
      blocks.push(isBeside ? { ...report, isBeside, ...(block.header === null ? {} : { base: block.header.parents.map(String) }) } : report);
      if (block.header !== null && (isBeside || isOdd)) suspects.push(seenBlock(block, report, table.heads.has(i)));
    }
    const round = rounds(first);
    if (isBeside || round instanceof Error || round.epoch - round.base.height > GAP_MAX) continue;
    for (let epoch = round.base.height + 1; epoch <= round.epoch; epoch++) {
      const at = epoch === round.epoch ? round : roundOf(judge, round.base, epoch, first.header.parentStateRoot);
      if (addExpected(expected, at, expect)) epochs++;
    }
  }
  return suspects.length === 0 ? { blocks, expected, epochs } : { blocks, expected, epochs, suspects };
}

function hasMinerTwice(held: readonly HeaderAt[]): boolean {
  return held.length > 1 && new Set(held.map(({ header }) => formatAddress(header.miner))).size < held.length;
}

function seenBlock({ cid, header }: HeaderAt, { epoch, miner, checks }: BlockReport, isHead: boolean): SeenBlock {
  const said = checks.find(({ check }) => check === blockSignature.name)?.verdict.verdict;
  const isSigned = said === 'ok' ? true : said === 'wrong' ? false : null;
  const seen = { cid: cid.toString(), epoch, miner, parents: header.parents.map(String), isSigned };
  return isHead ? { ...seen, isHead } : seen;
}

/** The round of a block, or why it has none. */
type Rounds = (block: HeaderAt) => Round | BaseError;
type BaseError = DecodeError | MissingBlockError;

/**
 * Rounds of the blocks of a tipset: one for all that agree on base, height and state, as nearly all do. Each block has
 * its own base, whatever the others name.
 */
function roundsOf(judge: Judge, blocks: readonly HeaderAt[]): Rounds {
  const known = new Map<string, Round | BaseError>();
  return ({ header }) => {
    const { height, parents, parentStateRoot } = header;
    const key = `${height} ${parentStateRoot} ${parents.join()}`;
    const found = known.get(key) ?? roundOn(judge, header, blocks);
    known.set(key, found);
    return found;
  };
}

function roundOn(judge: Judge, { height, parents, parentStateRoot }: BlockHeader, blocks: readonly HeaderAt[]): Round | BaseError {
  const base = baseOf(judge, parents);
  if (base instanceof Error) return base;
  const siblings = blocks.filter(({ header }) => equalKeys(header.parents, parents));
  return roundOf(judge, base, height, parentStateRoot, siblings);
}

/** The base, or why there is none. */
function baseOf({ view }: Judge, parents: TipsetKey): Tipset | BaseError {
  try {
    return view.tipset(parents);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof MissingBlockError) return error;
    throw error;
  }
}

function judgeBlock(judge: Judge, round: Round | BaseError, block: HeaderAt): BlockReport {
  const { cid, header } = block;
  const based = round instanceof Error ? null : round;
  return {
    epoch: header.height,
    nullRounds: based === null ? 0 : Math.max(0, header.height - based.base.height - 1),
    cid: cid.toString(),
    miner: formatAddress(header.miner),
    winCount: header.electionProof?.winCount ?? 0,
    lambda: based === null ? null : knownOr(null, () => lambdaOf(based, formatAddress(header.miner))),
    quality: header.ticket === null ? null : ticketQuality(header.ticket),
    messages: knownOr(null, () => messageCids(judge, header)),
    checks: verdictsOn(judge, round, block),
  };
}

function verdictsOn(judge: Judge, round: Round | BaseError, { cid, header, fault }: HeaderAt): readonly CheckResult[] {
  if (fault !== null) return marked(judge, header.height, outOfRange(fault.message));
  if (header.height < 0) return marked(judge, header.height, outOfRange(`height ${header.height}`));
  return round instanceof Error ? marked(judge, header.height, baseless(cid, header, round)) : validateBlock(round, cid, header);
}

function messageCids({ view }: Judge, header: BlockHeader) {
  const { bls, secpk } = readMessageCids(view.get, header);
  return { bls: bls.map(String), secpk: secpk.map(String) };
}

/** A block whose base is not there, or is no tipset. */
function baseless(cid: CID, header: BlockHeader, error: Error): readonly CheckResult[] {
  return validateWithoutBase(cid, header, (check) =>
    error instanceof DecodeError && check === 'parents' ? wrong('a tipset', error.message) : notCheckable(`its base: ${error.message}`),
  );
}

function marked({ params }: Judge, epoch: Epoch, checks: readonly CheckResult[]): readonly CheckResult[] {
  const mark = markOf(params, epoch);
  return checks.map((result) => ({ ...result, ...mark }));
}

/** A header with a field that no header may have: the rest of it says nothing. */
function outOfRange(fault: string): readonly CheckResult[] {
  return allBut('form', wrong('fields within their range', fault), `its header: ${fault}`);
}

/** A block that its child names and the source does not hold, or holds something else for. */
function unreadable(judge: Judge, { cid, error }: NoHeaderAt, epoch: Epoch): BlockReport {
  const judged =
    error === null
      ? allBut(null, notCheckable(''), `block ${cid} is not in the source`)
      : allBut('form', wrong('a block header', error.message), 'the block is no header');
  const checks = marked(judge, epoch, judged);
  const report = { epoch, nullRounds: 0, cid: cid.toString(), miner: UNKNOWN_MINER, winCount: 0, lambda: null, quality: null, messages: null, checks };
  return error === null ? { ...report, isMissing: true } : report;
}

function allBut(check: string | null, verdict: Verdict, missing: string): readonly CheckResult[] {
  return BLOCK_CHECKS.map(({ name }) => ({ check: name, verdict: name === check ? verdict : notCheckable(missing) }));
}

function addExpected(expected: Map<string, bigint>, round: Round, miners: readonly string[]): boolean {
  const lambdas = knownOr(null, () => miners.map((miner) => [miner, lambdaQ256(round, miner)] as const));
  for (const [miner, lambda] of lambdas ?? []) expected.set(miner, (expected.get(miner) ?? 0n) + lambda);
  return lambdas !== null;
}

function lambdaOf(round: Round, miner: string): number {
  return Number(lambdaQ256(round, miner)) / Q256;
}

function lambdaQ256(round: Round, miner: string): bigint {
  const state = round.lookbackState();
  const address = parseAddress(miner);
  if (state === null || address.protocol !== PROTOCOL_ID) return 0n;
  const power = readPower(state.tree);
  return electionLambda(claimOf(power, idOf(address))?.qualityAdjPower ?? 0n, power.totalQualityAdjPower);
}
