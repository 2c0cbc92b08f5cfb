/**
 * Validation of a block as a full node does it (docs/protocol.md 2.16), a list of named checks. State execution and
 * real proofs are beyond it and say so.
 */

import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { beyondHorizon } from '../network/horizon.ts';
import type { NetworkParams } from '../network/network.ts';
import { beaconRounds, beaconSignatures } from './beacon-checks.ts';
import { blockSignature } from './block-signature-check.ts';
import { candidateOf } from './candidate.ts';
import type { Check } from './check.ts';
import { claim, electionVrf, minimumPower, standing, ticketVrf, winCount } from './election-checks.ts';
import { baseFee, form, headerCid, judgeCid, judgeForm, parents, parentWeight, timestamp } from './header-checks.ts';
import { blsAggregate, messageInclusion, messageSignatures, messagesRootCheck } from './message-checks.ts';
import { receiptsRoot, stateRoot } from './root-checks.ts';
import type { Round } from './round.ts';
import { senders } from './sender-check.ts';
import { judge, OK, type Verdict } from './verdict.ts';
import { winningPost } from './winning-post-check.ts';

/** In the order of a report: what stands alone first, what needs the chain and its states later. */
export const BLOCK_CHECKS: readonly Check[] = [
  form,
  headerCid,
  parents,
  timestamp,
  beaconRounds,
  beaconSignatures,
  claim,
  minimumPower,
  standing,
  electionVrf,
  winCount,
  ticketVrf,
  winningPost,
  parentWeight,
  baseFee,
  messagesRootCheck,
  messageInclusion,
  senders,
  blsAggregate,
  messageSignatures,
  blockSignature,
  stateRoot,
  receiptsRoot,
];

/** Checks of a block's messages, which a whitelisted block is spared (4.1). */
const MESSAGE_CHECKS: ReadonlySet<Check> = new Set([messagesRootCheck, messageInclusion, senders, blsAggregate, messageSignatures]);

export interface CheckResult {
  readonly check: string;
  readonly verdict: Verdict;
  /**
   * `upgrade Nova`: the block is of a later epoch than this, whose rules are not known here; the verdict is that of the
   * last rules that are.
   */
  readonly beyond?: string;
}

/** The verdict of every check, in order. Never throws over what a block holds. */
export function validateBlock(round: Round, cid: CID, header: BlockHeader, checks: readonly Check[] = BLOCK_CHECKS): readonly CheckResult[] {
  const candidate = candidateOf(round, cid, header);
  const spared = round.params.whitelistedBlocks.includes(cid.toString());
  const mark = markOf(round.params, header.height);
  return checks.map((check) => ({
    check: check.name,
    verdict: spared && MESSAGE_CHECKS.has(check) ? OK : judge(() => check.run(candidate, round)),
    ...mark,
  }));
}

/** What every verdict over a block of this epoch is marked with. */
export function markOf(params: NetworkParams, epoch: Epoch): Pick<CheckResult, 'beyond'> {
  const horizon = beyondHorizon(params, epoch);
  return horizon === null ? {} : { beyond: horizon.what };
}

/**
 * The verdicts over a block whose base is not known: what its header says alone, and for the rest why there is none.
 */
export function validateWithoutBase(cid: CID, header: BlockHeader, rest: (check: string) => Verdict): readonly CheckResult[] {
  return BLOCK_CHECKS.map((check) => {
    if (check === form) return { check: check.name, verdict: judgeForm(header) };
    return { check: check.name, verdict: check === headerCid ? judgeCid(cid, header) : rest(check.name) };
  });
}
