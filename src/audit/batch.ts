/**
 * A stretch judged with its signatures verified together. Each is taken for good while it is judged, and all of them
 * are verified in two random-linear checks after, one for each scheme: when those hold, every answer was true and the
 * report is the one that verifying each would have given. When not, the stretch is judged once more, one by one.
 */

import { toHex } from '../chain/encoding/bytes.ts';
import type { Bls, BlsClaim, SignedDigest } from '../consensus/signatures/bls.ts';
import { DST_G1, DST_G2 } from '../consensus/signatures/bls.ts';
import type { Judge } from '../consensus/validation/round.ts';
import type { ChainTable } from './chain/chain-table.ts';
import type { StretchReport } from './report/block-report.ts';
import { judgeStretch, type Stretch } from './stretch.ts';

/**
 * 32 random bytes, others at each call: drawn after the claims are there, so that a forger cannot try out beforehand
 * which ones would cancel each other.
 */
export type Salt = () => Uint8Array;

/** The report of `judgeStretch`; only a make whose batches cost less than their parts gains by it. */
export function judgeInBatches(judge: Judge, table: ChainTable, stretch: Stretch, salt: Salt): StretchReport {
  const claims: BlsClaim[] = [];
  const beacons = new Map<string, BlsClaim>();
  const report = judgeStretch({ ...judge, bls: trusting(judge.bls, claims, beacons) }, table, stretch);
  const { bls } = judge;
  if ((claims.length === 0 || bls.claimsHold(claims, salt())) && (beacons.size === 0 || bls.claimsHoldG1([...beacons.values()], salt()))) return report;
  return judgeStretch(judge, table, stretch);
}

/** Says yes to every signature under the two usual domains, and keeps it to be verified. */
function trusting(bls: Bls, claims: BlsClaim[], beacons: Map<string, BlsClaim>): Bls {
  return {
    ...bls,
    verify(signed, dst = DST_G2) {
      if (dst !== DST_G2) return bls.verify(signed, dst);
      return claims.push(claimOf(signed)) > 0;
    },
    aggregateVerify(publicKeys, messages, sum, dst = DST_G2) {
      if (messages.length === 0 || dst !== DST_G2) return bls.aggregateVerify(publicKeys, messages, sum, dst);
      return claims.push({ publicKeys, messages, sum }) > 0;
    },
    verifyG1(signed, dst = DST_G1) {
      if (dst !== DST_G1) return bls.verifyG1(signed, dst);
      // Blocks of one tipset carry the same entries.
      const { publicKey, message, signature } = signed;
      beacons.set([publicKey, message, signature].map(toHex).join(), claimOf(signed));
      return true;
    },
  };
}

function claimOf({ publicKey, message, signature }: SignedDigest): BlsClaim {
  return { publicKeys: [publicKey], messages: [message], sum: signature };
}
