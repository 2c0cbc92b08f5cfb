/** Election proofs: win count and VRF proof. */

import { describe, expect, it } from 'vitest';
import { electionProof } from '../../src/chain/election-proof.ts';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { electionProof as anyElectionProof } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('election proof', () => {
  obeysCodecLaws(electionProof, anyElectionProof);

  it('is an array of the count and a byte string', () => {
    expect(toHex(encode(electionProof, { winCount: 2, vrfProof: Uint8Array.of(10, 11) }))).toBe('8202420a0b');
    expect(electionProof.toJson({ winCount: 2, vrfProof: Uint8Array.of(10, 11) })).toEqual({ WinCount: 2, VRFProof: 'Cgs=' });
  });

  it('reads a negative count, which rules refuse later, and none beyond 2^53', () => {
    expect(decode(electionProof, fromHex('822040')).winCount).toBe(-1);
    expect(() => decode(electionProof, fromHex('821b002000000000000040'))).toThrow(
      expect.objectContaining({ code: 'INTEGER_RANGE', place: 'ElectionProof.winCount' }),
    );
  });
});
