/**
 * Check of the winning PoSt (docs/protocol.md 2.5 and 2.16, concurrent check 6): which sector was challenged, and the
 * mock of insecure devnets. Real proofs are not verified here.
 */

import { idOf } from '../../chain/address.ts';
import { bitFieldCount, bitFieldNth } from '../../chain/encoding/bit-field.ts';
import { equalBytes } from '../../chain/encoding/bytes.ts';
import type { PoStProof } from '../../chain/post-proof.ts';
import { provingSet } from '../../chain/state/proving-set.ts';
import { winningPostSeed } from '../vrf.ts';
import { challengedSectorIndex, MOCK_PROOF, POST_KINDS, postRandomness, WINNING_PROOF_LENGTH } from '../winning-post.ts';
import type { Candidate } from './candidate.ts';
import type { Check } from './check.ts';
import { randomnessOf } from './election-checks.ts';
import { insteadOf, type Round } from './round.ts';
import { givenState, notCheckable, OK, type Verdict, wrong } from './verdict.ts';

export const winningPost: Check = {
  name: 'winning-post',
  rule: 'one proof over the challenged sector of the lookback state',
  run(candidate, round) {
    const instead = insteadOf('sectors', round.lookbackState());
    const sector = challengedSector(candidate, round);
    if (sector === null) return givenState(wrong('a sector to prove', 'no active sector in the lookback state'), instead);
    const [proof, ...more] = candidate.header.winPoStProof;
    if (proof === undefined || more.length > 0) return wrong('one proof', candidate.header.winPoStProof.length);
    if (round.params.insecurePoSt) return givenState(mockVerdict(proof), instead);
    if (!isKnownKind(proof)) return wrong(`a proof of a kind from 0 to ${POST_KINDS - 1}`, `one of kind ${proof.postProof}`);
    if (proof.proofBytes.length !== WINNING_PROOF_LENGTH) return wrong(`a proof of ${WINNING_PROOF_LENGTH} bytes`, `one of ${proof.proofBytes.length}`);
    return notCheckable(`proofs are not verified here (challenged: sector ${sector})`);
  },
};

function isKnownKind({ postProof }: PoStProof): boolean {
  return postProof >= 0 && postProof < POST_KINDS;
}

/**
 * An insecure network looks at the bytes alone (lotus chain/consensus/filcns/filecoin.go `VerifyWinningPoStProof`): a
 * kind that is none is no fault there, but is said.
 */
function mockVerdict(proof: PoStProof): Verdict {
  if (!equalBytes(proof.proofBytes, MOCK_PROOF)) return wrong('the mock «valid proof»', `${proof.proofBytes.length} other bytes`);
  return isKnownKind(proof) ? OK : { verdict: 'ok', note: `proof kind ${proof.postProof} is none that is known; an insecure network takes the mock of any` };
}

/** Number of the sector a block of this round has to prove; `null` when its miner has none that is active. */
export function challengedSector(candidate: Candidate, round: Round): bigint | null {
  const miner = candidate.miner();
  if (miner === null) return null;
  const sectors = (round.provingSets ?? provingSet)(miner, round.baseVersion);
  const count = bitFieldCount(sectors);
  if (count === 0n) return null;
  const { miner: address, height } = candidate.header;
  const randomness = postRandomness(winningPostSeed(randomnessOf(candidate, round), height, address));
  return bitFieldNth(sectors, challengedSectorIndex(randomness, idOf(address), count)) ?? null;
}
