/**
 * A stretch judged with its signatures verified together. Each is taken for good while it is judged, and all of them are verified in one random-linear check after: when that
 * holds, every answer was true and the report is the one that verifying each would have given. When it does not, the stretch is judged once more, one by one.
 */

import type { Bls, SignedDigest } from '../consensus/bls.ts';
import { DST_G2 } from '../consensus/bls.ts';
import type { Judge } from '../consensus/validation/round.ts';
import type { StretchReport } from './block-report.ts';
import type { ChainTable } from './chain-table.ts';
import { judgeStretch, type Stretch } from './stretch.ts';

/**
 * A signature that nobody could foresee, another for each batch. Weights come from a hash of the whole batch (src/consensus/bls.ts): with it in the batch a forger cannot
 * try out beforehand which signatures would cancel each other.
 */
export type Salt = () => SignedDigest;

/** The report of `judgeStretch`; only a make whose batches cost less than their parts gains by it. */
export function judgeInBatches(judge: Judge, table: ChainTable, stretch: Stretch, salt: Salt): StretchReport {
  const asked: SignedDigest[] = [];
  const report = judgeStretch({ ...judge, bls: trusting(judge.bls, asked) }, table, stretch);
  if (asked.length === 0 || judge.bls.verifyBatch([...asked, salt()])) return report;
  return judgeStretch(judge, table, stretch);
}

/** Says yes to every signature over Filecoin's own domain, and keeps it to be verified. An aggregate of one message is its signature. */
function trusting(bls: Bls, asked: SignedDigest[]): Bls {
  const trust = (signed: SignedDigest): boolean => asked.push(signed) > 0;
  return {
    ...bls,
    verify: (signed, dst = DST_G2) => (dst === DST_G2 ? trust(signed) : bls.verify(signed, dst)),
    aggregateVerify(publicKeys, messages, signature, dst = DST_G2) {
      const [publicKey, message] = [publicKeys[0], messages[0]];
      const isOne = publicKeys.length === 1 && messages.length === 1 && dst === DST_G2;
      if (!isOne || publicKey === undefined || message === undefined) return bls.aggregateVerify(publicKeys, messages, signature, dst);
      return trust({ publicKey, message, signature });
    },
  };
}

/** From 32 random bytes for a key, and others for each message. */
export function saltWith(bls: Bls, random: (length: number) => Uint8Array): Salt {
  const privateKey = bls.keygen(random(32));
  const publicKey = bls.publicKey(privateKey);
  return () => {
    const message = random(32);
    return { publicKey, message, signature: bls.sign(privateKey, message) };
  };
}
