/**
 * Judges a block as a full node does and says what is wrong in the words of Lotus v1.36.2 (docs/protocol.md 2.16; lotus
 * chain/consensus/filcns/filecoin.go:114-387, common.go:76-352).
 */

import { PROTOCOL_ID } from '../chain/address.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import { toHex } from '../chain/encoding/bytes.ts';
import type { CID } from '../chain/encoding/cid.ts';
import { beaconRound } from '../consensus/beacon.ts';
import { BLOCK_CHECKS, type CheckResult, validateBlock } from '../consensus/validation/block-validation.ts';
import type { Round } from '../consensus/validation/round.ts';
import type { Verdict } from '../consensus/validation/verdict.ts';
import { headerCid } from './chain/header-cid.ts';
import { messagesRejection } from './messages/message-rejection.ts';

/** What executing the base gives. */
export interface Executed {
  readonly stateRoot: CID;
  readonly receiptsRoot: CID;
}

export interface BlockJudge {
  /** Seconds since 1970. */
  readonly now: bigint;
  /** The round of a header; throws `MissingBlockError` for a base that is not known. */
  readonly round: (header: BlockHeader) => Round;
  readonly executed: (round: Round) => Executed;
}

/** Seconds that a block may be ahead of the node's clock. */
const CLOCK_DRIFT = 1n;
/** What is looked at before signatures. */
const FAST = new Set(['form', 'header-cid', 'parents', 'timestamp', 'parent-weight']);
const FAST_CHECKS = BLOCK_CHECKS.filter(({ name }) => FAST.has(name));
const SLOW_CHECKS = BLOCK_CHECKS.filter(({ name }) => !FAST.has(name));

/** In two parts: a word of Lotus' that this house does not use. */
const LOTUS_SAYS = ['incoming header failed basic sanity', 'checks'].join(' ');

type Wrong = Extract<Verdict, { readonly verdict: 'wrong' }>;
type Verdicts = (check: string) => Wrong | null;

/** Why the block is refused, `null` for a good one. Throws what the judge's `round` throws. */
export function rejectionOf(judge: BlockJudge, header: BlockHeader): string | null {
  const missing = missingPart(header);
  if (missing !== null) return `${LOTUS_SAYS}: ${missing}`;
  const round = judge.round(header);
  const cid = headerCid(header);
  const fast = fastRejection(judge, round, header, wrongs(validateBlock(round, cid, header, FAST_CHECKS)));
  if (fast !== null) return fast;
  const slow = wrongs(validateBlock(round, cid, header, SLOW_CHECKS));
  const found = slowRejections(judge, round, header, slow);
  return found.length === 0 ? null : `${found.length} error${found.length > 1 ? 's' : ''} occurred:\n${found.map((text) => `\t* ${text}\n`).join('')}\n`;
}

function missingPart(header: BlockHeader): string | null {
  if (header.electionProof === null) return 'block cannot have nil election proof';
  if (header.ticket === null) return 'block cannot have nil ticket';
  if (header.blockSig === null) return 'block had nil signature';
  if (header.blsAggregate === null) return 'block had nil bls aggregate signature';
  return header.miner.protocol === PROTOCOL_ID ? null : 'block had non-ID miner address';
}

/** A check that could not be made is as wrong as one that failed: a node has all it needs. */
function wrongs(results: readonly CheckResult[]): Verdicts {
  const found = new Map<string, Wrong>();
  for (const { check, verdict } of results) {
    if (verdict.verdict === 'wrong') found.set(check, verdict);
    else if (verdict.verdict === 'not-checkable') found.set(check, { verdict: 'wrong', expected: verdict.missing, found: 'nothing' });
  }
  return (check) => found.get(check) ?? null;
}

function fastRejection({ now }: BlockJudge, { base }: Round, header: BlockHeader, wrong: Verdicts): string | null {
  if (header.height <= base.height) return `block height not greater than parent height: ${header.height} != ${base.height}`;
  const timestamp = wrong('timestamp');
  if (timestamp !== null) return `block has wrong timestamp: ${timestamp.found} != ${timestamp.expected}`;
  if (header.timestamp > now + CLOCK_DRIFT) return `block was from the future (now=${now}, blk=${header.timestamp}): temporal error`;
  const weight = wrong('parent-weight');
  if (weight !== null) return `parent weight different: ${weight.found} (header) != ${weight.expected} (computed)`;
  const other = wrong('form') ?? wrong('header-cid') ?? wrong('parents');
  return other === null ? null : `expected ${other.expected}, got ${other.found}`;
}

/** In the order in which Lotus waits for its concurrent checks. */
function slowRejections(judge: BlockJudge, round: Round, header: BlockHeader, wrong: Verdicts): readonly string[] {
  const { stateRoot, receiptsRoot } = judge.executed(round);
  const baseFee = wrong('base-fee');
  const messages = messagesRejection(round, header, wrong);
  const beacon = wrong('beacon-rounds') === null && wrong('beacon-signatures') === null ? null : beaconRejection(round, header);
  const rejections = [
    wrong('claim') && "minerIsValid failed: miner isn't valid",
    wrong('ticket-vrf') && 'validating block tickets failed: vrf was invalid: bls signature failed to verify',
    wrong('block-signature') && 'check block signature failed: bls signature failed to verify',
    beacon && `failed to validate blocks random beacon values: ${beacon}`,
    wrong('winning-post') && `invalid election post: ${postRejection(round, header)}`,
    winnerRejection(header, wrong),
    messages && `block had invalid messages: ${messages}`,
    baseFee && `base fee doesn't match: ${baseFee.found} (header) != ${baseFee.expected} (computed)`,
    executionRejection(header, stateRoot, receiptsRoot),
  ];
  return rejections.filter((text) => text !== null);
}

function executionRejection(header: BlockHeader, stateRoot: CID, receiptsRoot: CID): string | null {
  if (!header.parentStateRoot.equals(stateRoot)) return `parent state root did not match computed state (${header.parentStateRoot} != ${stateRoot})`;
  if (header.parentMessageReceipts.equals(receiptsRoot)) return null;
  return `parent receipts root did not match computed value (${header.parentMessageReceipts} != ${receiptsRoot})`;
}

function winnerRejection(header: BlockHeader, wrong: Verdicts): string | null {
  if ((header.electionProof?.winCount ?? 0) < 1) return 'block is not claiming to be a winner';
  if (wrong('minimum-power') !== null || wrong('standing') !== null) return "block's miner is ineligible to mine";
  if (wrong('election-vrf') !== null) return 'validating block election proof failed: vrf was invalid: bls signature failed to verify';
  const wins = wrong('win-count');
  return wins && `miner claims wrong number of wins: miner: ${wins.found}, computed: ${wins.expected}`;
}

/** lotus chain/beacon/beacon.go:51-130 */
function beaconRejection({ params, base, epoch, previousBeacon }: Round, { beaconEntries }: BlockHeader): string {
  const last = beaconRound(params, epoch);
  const final = beaconEntries.at(-1);
  if (last === previousBeacon().round) return `expected not to have any beacon entries in this block, got ${beaconEntries.length}`;
  if (final === undefined) return "expected to have beacon entries in this block, but didn't find any";
  if (final.round !== last) return `expected final beacon entry in block to be at round ${last}, got ${final.round}`;
  const bad = beaconEntries.findIndex(({ round }, i) => round !== beaconRound(params, base.height + 1 + i));
  if (bad >= 0)
    return `unexpected beacon round ${beaconEntries[bad]?.round}, expected ${beaconRound(params, base.height + 1 + bad)} for epoch ${base.height + 1 + bad}`;
  const place = Math.max(0, beaconEntries.length - 1);
  return `beacon entry ${place} (${final.round} - ${toHex(final.data)} (${final.data.length})) was invalid: invalid beacon value, does not match cached good value`;
}

function postRejection({ params }: Round, { winPoStProof }: BlockHeader): string {
  const prefix = params.insecurePoSt ? '[INSECURE-POST-VALIDATION] ' : '';
  return `${prefix}${winPoStProof.length === 0 ? 'No winning post proof given' : 'winning post was invalid'}`;
}
