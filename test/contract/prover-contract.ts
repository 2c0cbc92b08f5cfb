/**
 * What every make of the prover port holds: src/ports/prover.ts in tests. Whether a proof holds only a verifier can
 * tell; its form is everybody's.
 */

import { describe, expect, it } from 'vitest';
import { winningProofFault } from '../../src/consensus/winning-post.ts';
import { proverAnswers } from '../../src/effects/answers/prover.ts';
import type { ProofRequest, Prover } from '../../src/ports/prover.ts';
import { expectEnded, expectFailure, NEVER, type PortFailure } from './port-failure.ts';

export interface ProverRig {
  readonly prover: Prover;
  /** Of its network: whether that takes the mock's eleven bytes. */
  readonly insecurePoSt: boolean;
  /** What it can prove, of every size of sectors that it knows. */
  readonly requests: readonly ProofRequest[];
}

/** What a prover cannot prove, and what it says then. */
export interface Unprovable {
  readonly request: ProofRequest;
  readonly failure: PortFailure;
}

/** `unprovable`: not given for one that proves whatever it is asked. */
export function proverContract(name: string, make: () => ProverRig | Promise<ProverRig>, unprovable?: Unprovable): void {
  describe(`the ${name} prover`, () => {
    const proven = async ({ prover, insecurePoSt }: ProverRig, request: ProofRequest): Promise<void> => {
      const proofs = proverAnswers.winningPost(await prover.winningPost(request, NEVER), 'winningPost');
      expect(winningProofFault(proofs, request.sectorSize, insecurePoSt)).toBeNull();
    };

    it('gives one proof of the kind and the length that the network takes for the size of the sectors', async () => {
      const rig = await make();
      expect(rig.requests.length).toBeGreaterThan(0);
      for (const request of rig.requests) await proven(rig, request);
    });

    it('proves for several miners at once', async () => {
      const rig = await make();
      await Promise.all([...rig.requests, ...rig.requests].map((request) => proven(rig, request)));
    });

    it('leaves the bytes of who asks alone, before and after it answered', async () => {
      const rig = await make();
      const [request] = rig.requests as [ProofRequest];
      const randomness = Uint8Array.from(request.randomness);
      for (const { proofBytes } of await rig.prover.winningPost(request, NEVER)) proofBytes.fill(0xee);
      expect(request.randomness).toEqual(randomness);
      const again = await rig.prover.winningPost(request, NEVER);
      expect(again.map(({ proofBytes }) => proofBytes.every((byte) => byte === 0xee))).toEqual([false]);
    });

    it('proves nothing for a signal that is aborted', async () => {
      const { prover, requests } = await make();
      await expectEnded((signal) => prover.winningPost(requests[0] as ProofRequest, signal));
    });

    if (unprovable === undefined) return;
    it('says with a code what it cannot prove, and proves on', async () => {
      const rig = await make();
      await expectFailure(rig.prover.winningPost(unprovable.request, NEVER), unprovable.failure);
      await proven(rig, rig.requests[0] as ProofRequest);
    });
  });
}
