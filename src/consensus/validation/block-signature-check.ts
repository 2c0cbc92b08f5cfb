/**
 * Check of the block signature (docs/protocol.md 2.6 "Signing bytes"; lotus chain/consensus/filcns/filecoin.go,
 * concurrent check 3).
 */

import { signingBytes } from '../../chain/block-header.ts';
import { bySignature } from './candidate.ts';
import type { Check } from './check.ts';

export const blockSignature: Check = {
  name: 'block-signature',
  rule: "the worker's signature of the header without its signature",
  run(candidate, round) {
    const signature = candidate.header.blockSig?.data;
    const message = signingBytes(candidate.header);
    return bySignature(candidate, round, 'a block signature', (publicKey) => signature !== undefined && round.bls.verify({ publicKey, message, signature }));
  },
};
