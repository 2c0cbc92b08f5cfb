/** Proofs of spacetime: kind and bytes. */

import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '../../src/chain/encoding/bytes.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { postProof } from '../../src/chain/post-proof.ts';
import { postProof as anyPostProof } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('PoSt proof', () => {
  obeysCodecLaws(postProof, anyPostProof);

  it('is an array of the kind and a byte string (filecoin-project/serialization-vectors, block_headers.json)', () => {
    expect(toHex(encode(postProof, { postProof: 9, proofBytes: fromUtf8('valid proof') }))).toBe('82094b76616c69642070726f6f66');
    expect(postProof.toJson({ postProof: 9, proofBytes: fromUtf8('valid proof') })).toEqual({ PoStProof: 9, ProofBytes: 'dmFsaWQgcHJvb2Y=' });
  });
});
