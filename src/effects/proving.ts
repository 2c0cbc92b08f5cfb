/** What the miner's own keys and sectors make: VRF proofs and the winning PoSt. */

import { parseAddress } from '../chain/address.ts';
import { decodeCid } from '../chain/encoding/cid.ts';
import { winningProofFault } from '../consensus/winning-post.ts';
import { PortError } from '../errors/port-error.ts';
import { checkVrfProof } from './answers/vrf-proof.ts';
import type { Performers, Ports } from './performers.ts';

export function proving({ signer, prover, network, bls }: Ports): Pick<Performers, 'signVrf' | 'proveWinningPost'> {
  return {
    async signVrf({ key, message }, { signal }) {
      const proof = await signer.signVrf(parseAddress(key), message, signal);
      await checkVrfProof(bls, key, message, proof);
      return proof;
    },
    async proveWinningPost({ miner, epoch, randomness, sectors, sectorSize }, { signal }) {
      const proven = sectors.map((sector) => ({ ...sector, sealedCid: decodeCid(sector.sealedCid) }));
      const proofs = await prover.winningPost({ miner: parseAddress(miner), epoch, randomness, sectors: proven, sectorSize }, signal);
      const fault = winningProofFault(proofs, sectorSize, network.insecurePoSt);
      if (fault !== null) throw new PortError('PROOF_INVALID', `the prover gave ${fault}`, { retryable: false });
      return proofs.map(({ postProof, proofBytes }) => ({ postProof, proofBytes }));
    },
  };
}
