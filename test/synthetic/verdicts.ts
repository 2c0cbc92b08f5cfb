/** The checks that a block does not pass, by their names. */

import { recoverSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { validateBlock } from '../../src/consensus/validation/block-validation.ts';
import { candidateOf } from '../../src/consensus/validation/candidate.ts';
import { type Judge, roundOf } from '../../src/consensus/validation/round.ts';
import { challengedSector } from '../../src/consensus/validation/winning-post-check.ts';
import type { MadeChain } from './made/chain.ts';
import { mapView } from './map-view.ts';
import type { SealedBlock } from './sealed-block.ts';

/** What nobody can say who executes no messages. */
const NEEDS_EXECUTION = ['state-root', 'receipts-root'];

export function judgeOf({ params, bls, get }: MadeChain): Judge {
  return { params, bls, recoverSecp256k1, view: mapView(get) };
}

/** Checks that are wrong, in their order; throws for one that could not be made, or that made do with another state. */
export function wrongsOf(judge: Judge, { cid, header }: SealedBlock): readonly string[] {
  const round = roundOf(judge, judge.view.tipset(header.parents), header.height, header.parentStateRoot);
  return validateBlock(round, cid, header).flatMap(({ check, verdict }) => {
    if (verdict.verdict === 'wrong') return [check];
    const isMade = verdict.verdict === 'ok' ? verdict.instead === undefined : NEEDS_EXECUTION.includes(check);
    if (!isMade) throw new Error(`${check} of the block at ${header.height}: ${JSON.stringify(verdict)}`);
    return [];
  });
}

/** The sector whose proof is asked of a block. */
export function challengeOf(judge: Judge, { cid, header }: SealedBlock): bigint | null {
  const round = roundOf(judge, judge.view.tipset(header.parents), header.height, header.parentStateRoot);
  return challengedSector(candidateOf(round, cid, header), round);
}
