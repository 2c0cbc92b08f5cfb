/** Judges a stretch of tipsets: every block against every check, and what each miner was to expect. */

import { formatAddress, idOf, PROTOCOL_ID, parseAddress } from '../chain/address.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import { type CID, parseCid } from '../chain/cid.ts';
import { LIST_LENGTH_MAX } from '../chain/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { DecodeError, MissingBlockError, UnknownLayoutError } from '../chain/error.ts';
import { claimOf, readPower } from '../chain/state/power.ts';
import type { Tipset } from '../chain/tipset.ts';
import { BLOCK_CHECKS, type CheckResult, markOf, validateBlock, validateWithoutBase } from '../consensus/block-validation.ts';
import { electionLambda } from '../consensus/election.ts';
import { ticketQuality } from '../consensus/ticket-quality.ts';
import { readMessageCids } from '../consensus/validation/block-messages.ts';
import { type Judge, type Round, roundOf } from '../consensus/validation/round.ts';
import { notCheckable, wrong } from '../consensus/validation/verdict.ts';
import type { BlockReport, StretchReport } from './block-report.ts';
import { type ChainTable, keyOf, readHeader } from './chain-table.ts';

const Q256 = Number(1n << 256n);

/** Of a block that the source does not hold. */
const UNKNOWN_MINER = '?';

/** More null rounds than a header can hold beacon entries for: no block of a chain comes after that many, and a made up height must not be counted up to. */
const GAP_MAX = LIST_LENGTH_MAX;

export interface Stretch {
  /** Rows of the table, `to` not among them. */
  readonly from: number;
  readonly to: number;
  /** Judge these miners' blocks alone; all when empty. */
  readonly miners: readonly string[];
  /** Sum up what these miners were to expect. */
  readonly expect: readonly string[];
}

export function judgeStretch(judge: Judge, table: ChainTable, { from, to, miners, expect }: Stretch): StretchReport {
  const blocks: BlockReport[] = [];
  const expected = new Map<string, bigint>();
  let epochs = 0;
  for (let i = from; i < to; i++) {
    const { get } = judge.view;
    const headers = keyOf(get, table, i, parseCid).map((cid) => ({ cid, header: headerOf(judge, cid) }));
    const present = headers.find(({ header }) => header !== null)?.header;
    if (present === undefined || present === null || present.height === 0) continue;
    const base = baseOf(judge, present);
    for (const { cid, header } of headers) {
      const miner = header === null ? UNKNOWN_MINER : formatAddress(header.miner);
      if (miners.length > 0 && !miners.includes(miner)) continue;
      blocks.push(header === null ? missingBlock(judge, cid, present.height) : judgeBlock(judge, base, cid, header));
    }
    if (base instanceof Error || present.height - base.height > GAP_MAX) continue;
    for (let epoch = base.height + 1; epoch <= present.height; epoch++) {
      if (addExpected(expected, roundOf(judge, base, epoch, present.parentStateRoot), expect)) epochs++;
    }
  }
  return { blocks, expected, epochs };
}

function headerOf({ view }: Judge, cid: CID): BlockHeader | null {
  return view.get(cid) === undefined ? null : readHeader(view.get, cid);
}

/** The base, or why there is none. */
function baseOf({ view }: Judge, header: BlockHeader): Tipset | DecodeError | MissingBlockError {
  try {
    return view.tipset(header.parents);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof MissingBlockError) return error;
    throw error;
  }
}

function judgeBlock(judge: Judge, sharedBase: Tipset | Error, cid: CID, header: BlockHeader): BlockReport {
  const round = sharedBase instanceof Error ? null : roundOf(judge, sharedBase, header.height, header.parentStateRoot);
  return {
    epoch: header.height,
    nullRounds: sharedBase instanceof Error ? 0 : header.height - sharedBase.height - 1,
    cid: cid.toString(),
    miner: formatAddress(header.miner),
    winCount: header.electionProof?.winCount ?? 0,
    lambda: round === null ? null : known(() => lambdaOf(round, formatAddress(header.miner))),
    quality: header.ticket === null ? null : ticketQuality(header.ticket),
    messages: known(() => messageCids(judge, header)),
    checks: round === null ? marked(judge, header.height, baseless(cid, header, sharedBase as Error)) : validateBlock(round, cid, header),
  };
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

/** A block that its child names and the source does not hold. */
function missingBlock(judge: Judge, cid: CID, epoch: Epoch): BlockReport {
  const judged = BLOCK_CHECKS.map(({ name }) => ({
    check: name,
    verdict: name === 'header-cid' ? wrong('the block', 'not in the source') : notCheckable('the block itself'),
  }));
  const checks = marked(judge, epoch, judged);
  return { epoch, nullRounds: 0, cid: cid.toString(), miner: UNKNOWN_MINER, winCount: 0, lambda: null, quality: null, messages: null, checks };
}

function addExpected(expected: Map<string, bigint>, round: Round, miners: readonly string[]): boolean {
  const lambdas = known(() => miners.map((miner) => [miner, lambdaQ256(round, miner)] as const));
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

/** The value, or `null` where the source does not say. */
function known<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MissingBlockError || error instanceof UnknownLayoutError || error instanceof DecodeError) return null;
    throw error;
  }
}
